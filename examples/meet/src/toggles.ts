// The switches of microphone, camera and screen, in the lobby and in the call alike.
import type { Source } from './protocol';

const kLabels: Record<Source, { on: string; off: string; icon: string }> = {
  mic: { on: 'Mute', off: 'Unmute', icon: 'mic' },
  webcam: { on: 'Stop camera', off: 'Start camera', icon: 'cam' },
  screen: { on: 'Stop sharing', off: 'Share screen', icon: 'screen' },
};

export class Toggles {
  readonly #buttons: HTMLButtonElement[];

  constructor(root: ParentNode, onToggle: (source: Source) => Promise<void>) {
    this.#buttons = [...root.querySelectorAll<HTMLButtonElement>('button[data-source]')];
    for (const button of this.#buttons) {
      button.addEventListener('click', async () => {
        button.disabled = true; // opening a device takes its time; a second click must not open it twice
        await onToggle(sourceOf(button)).finally(() => {
          button.disabled = false;
          if (document.activeElement === document.body) button.focus(); // disabling took it away
        });
      });
    }
  }

  /** @param maySend What our role allows us; a switch that cannot work is not shown. */
  show(isOn: (source: Source) => boolean, maySend: (source: Source) => boolean): void {
    for (const button of this.#buttons) {
      const source = sourceOf(button);
      const possible = source !== 'screen' || navigator.mediaDevices?.getDisplayMedia !== undefined; // phones cannot
      button.hidden = !possible || !maySend(source);
      const on = isOn(source);
      const { on: stop, off: start, icon } = kLabels[source];
      button.dataset['on'] = String(on);
      button.querySelector('span')!.textContent = on ? stop : start;
      button.querySelector('use')!.setAttribute('href', on || source === 'screen' ? `#icon-${icon}` : `#icon-${icon}-off`);
    }
  }
}

function sourceOf(button: HTMLButtonElement): Source {
  return button.dataset['source'] as Source;
}
