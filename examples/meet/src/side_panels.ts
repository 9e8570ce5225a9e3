// People and chat beside the pictures: one of them is open, or none.

type Panel = 'people' | 'chat';
const kPanels: readonly Panel[] = ['people', 'chat'];

export class SidePanels {
  constructor(
    private readonly root: HTMLElement,
    private readonly onChanged: () => void,
  ) {
    for (const panel of kPanels) this.#button(panel).addEventListener('click', () => this.#toggle(panel));
  }

  /** Something has happened in a panel that perhaps nobody sees. */
  hint(panel: Panel): void {
    if (this.#panel(panel).hidden) this.#button(panel).dataset['hint'] = 'true';
  }

  #toggle(wanted: Panel): void {
    for (const panel of kPanels) {
      const open = panel === wanted && this.#panel(panel).hidden;
      this.#panel(panel).hidden = !open;
      this.#button(panel).setAttribute('aria-pressed', String(open));
      if (open) delete this.#button(panel).dataset['hint'];
    }
    this.onChanged();
  }

  #panel(panel: Panel): HTMLElement {
    return this.root.querySelector<HTMLElement>(`#${panel}-panel`)!;
  }
  #button(panel: Panel): HTMLElement {
    return this.root.querySelector<HTMLElement>(`#show-${panel}`)!;
  }
}
