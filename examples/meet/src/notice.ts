// The one line above the page that tells what is wrong, or what is being waited for.

export type NoticeTone = 'info' | 'warning' | 'error';

export interface NoticeAction {
  label: string;
  run(): void;
}

export class Notice {
  readonly #text: HTMLElement;
  readonly #button: HTMLButtonElement;
  #run: () => void = () => {};

  constructor(private readonly element: HTMLElement) {
    this.#text = element.querySelector('p')!;
    this.#button = element.querySelector('button')!;
    this.#button.addEventListener('click', () => this.#run());
  }

  show(tone: NoticeTone, text: string, action: NoticeAction = { label: 'Dismiss', run: () => this.clear() }): void {
    this.element.dataset['tone'] = tone;
    this.#button.textContent = action.label;
    this.#run = action.run;
    this.element.hidden = false;
    // Set after it is visible: screen readers announce a change inside a live region, not its appearance.
    this.#text.textContent = text;
  }

  /** @param only Leaves the notice alone if it says something else by now. */
  clear(only = this.#text.textContent): void {
    if (this.#text.textContent !== only) return;
    this.element.hidden = true;
    this.#text.textContent = '';
  }
}
