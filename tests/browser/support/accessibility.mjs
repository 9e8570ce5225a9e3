// What can be told of a page's accessibility by asking its document.

/** Controls that have no name: a screen reader would say "button". */
export function namelessControls(page) {
  return page.evaluate(() => {
    const nameOf = (control) => {
      const labels = [...(control.labels ?? [])].map((label) => label.textContent).join(' ');
      return control.getAttribute('aria-label') || labels.trim() || control.textContent.trim() || control.getAttribute('title');
    };
    const controls = [...document.querySelectorAll('a, button, input, select, textarea, summary, [role=img], [role=meter], [role=region]')];
    return controls.filter((control) => control.checkVisibility() && !nameOf(control)).map((control) => control.outerHTML.slice(0, 200));
  });
}

/** Texts whose contrast against what lies behind them is below 4.5 (WCAG 2.2, 1.4.3); disabled controls are exempt. */
export function faintTexts(page) {
  return page.evaluate(() => {
    const kLeast = 4.5;
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const channels = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([red, green, blue]) => {
      const linear = [red, green, blue].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = channels(getComputedStyle(at).backgroundColor);
        if (colour[3] === 255) return colour;
      }
      return [255, 255, 255];
    };
    const contrast = (a, b) => {
      const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (light + 0.05) / (dark + 0.05);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || !element.checkVisibility() || element.closest(':disabled, noscript')) continue;
      const ratio = contrast(channels(getComputedStyle(element).color), behind(element));
      if (ratio < kLeast) faint.push(`${ratio.toFixed(2)}: ${node.data.trim().slice(0, 60)}`);
    }
    return faint;
  });
}

/** By how many pixels the page can be scrolled sideways. */
export function sidewaysScroll(page) {
  return page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth);
}
