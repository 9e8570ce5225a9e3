// The dashboard as one operator uses it.
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, kDeadlineMs } from './eventually.mjs';

const kEvidence = process.env.SLUICE_EVIDENCE ?? join(tmpdir(), 'sluice-browser-evidence');
const kDesk = { width: 1280, height: 860 };
export const kPhone = { width: 360, height: 740 };

export class DashboardPage {
  /** What no page of ours may have: errors in the console, and scripts that fail. */
  complaints = [];

  static async open(browser, gateway, { view = 'overview', viewport = kDesk, colorScheme = 'light' } = {}) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
    const dashboard = new DashboardPage();
    dashboard.page = await context.newPage();
    dashboard.base = `${gateway.adminUrl}/admin/`;
    dashboard.page.on('console', (message) => message.type() === 'error' && dashboard.complaints.push(message.text()));
    dashboard.page.on('pageerror', (error) => dashboard.complaints.push(error.stack));
    await dashboard.goTo(view);
    return dashboard;
  }

  goTo(view) {
    return this.page.goto(`${this.base}#/${view}`, { waitUntil: 'domcontentloaded', timeout: 2 * kDeadlineMs });
  }

  async isLive() {
    await eventually('the page is live', () => this.page.locator('#live').innerText(), (text) => text === 'Live');
  }

  async says(text) {
    await this.page.locator('main').getByText(text).first().waitFor();
  }

  /** The row of a table that has this text. */
  row(text) {
    return this.page.locator('tbody tr').filter({ hasText: text });
  }

  /** The charts of a row, as they are drawn now. */
  charts(text) {
    return this.row(text).locator('.spark-line').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
  }

  button(name, within = this.page) {
    return within.getByRole('button', { name, exact: true });
  }

  /** Presses Tab until what has the focus is called so, as somebody without a mouse does. */
  async tabTo(name, most = 60) {
    for (let pressed = 0; pressed < most; pressed += 1) {
      await this.page.keyboard.press('Tab');
      const focused = await this.page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
      if (focused.trim() === name) return;
    }
    throw new Error(`${name} cannot be reached by Tab`);
  }

  /** Keeps a picture as evidence. */
  async keepPicture(name, options = {}) {
    await mkdir(kEvidence, { recursive: true });
    await this.page.bringToFront();
    await this.page.screenshot({ timeout: 2 * kDeadlineMs, path: join(kEvidence, `dashboard-${name}.png`), animations: 'disabled', ...options });
  }

  close() {
    return this.page.context().close();
  }
}
