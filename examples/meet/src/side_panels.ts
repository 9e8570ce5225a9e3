// People, chat, recordings and the live stream beside the pictures: one of them is open, or none.

type Panel = 'people' | 'chat' | 'recordings' | 'stream';
const kPanels: readonly Panel[] = ['people', 'chat', 'recordings', 'stream'];
const kHints: Record<Panel, string> = {
  people: 'People, somebody waits',
  chat: 'Chat, new messages',
  recordings: 'Recordings, one is ready',
  stream: 'Live stream, something is wrong',
};

export class SidePanels {
  /** @param onChanged Told which one is open now. */
  constructor(
    private readonly root: HTMLElement,
    private readonly onChanged: (open?: Panel) => void,
  ) {
    for (const panel of kPanels) {
      this.#button(panel).addEventListener('click', () => this.#open(this.#panel(panel).hidden ? panel : undefined));
      this.#panel(panel).querySelector('.close')!.addEventListener('click', () => this.#close(panel));
      this.#panel(panel).addEventListener('keydown', ({ key, target }) => {
        const inMenu = (target as Element).closest('details[open]'); // Escape closes the menu first
        if (key === 'Escape' && !inMenu) this.#close(panel);
      });
    }
  }

  /** Something has happened in a panel that perhaps nobody sees; or it has been dealt with. */
  hint(panel: Panel, wanted = true): void {
    const button = this.#button(panel);
    if (wanted && this.#panel(panel).hidden) {
      button.dataset['hint'] = 'true';
      button.setAttribute('aria-label', kHints[panel]);
    } else {
      delete button.dataset['hint'];
      button.removeAttribute('aria-label');
    }
  }

  show(panel: Panel): void {
    this.#open(panel);
    this.#panel(panel).querySelector<HTMLElement>('.close')!.focus();
  }

  /** What it was about is over. */
  hide(panel: Panel): void {
    if (!this.#panel(panel).hidden) this.#open(undefined);
  }

  #open(wanted: Panel | undefined): void {
    for (const panel of kPanels) {
      const open = panel === wanted;
      this.#panel(panel).hidden = !open;
      this.#button(panel).setAttribute('aria-pressed', String(open));
      if (open) this.hint(panel, false);
    }
    this.onChanged(wanted);
  }

  #close(panel: Panel): void {
    this.#open(undefined);
    this.#button(panel).focus();
  }

  #panel(panel: Panel): HTMLElement {
    return this.root.querySelector<HTMLElement>(`#${panel}-panel`)!;
  }
  #button(panel: Panel): HTMLElement {
    return this.root.querySelector<HTMLElement>(`#show-${panel}`)!;
  }
}
