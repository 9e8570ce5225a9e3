// The dialog before a stream: where it goes, and how it looks. The same one adds a server to a stream that runs.
import { describe } from './failure';
import type { LiveStream } from './live_stream';
import type { Layout } from './protocol';
import type { TargetWish } from './stream_protocol';
import { TargetFields } from './target_fields';

const kMostServers = 4;
const kHere: TargetWish = { type: 'hls' };

export class StreamDialog {
  readonly #dialog: HTMLDialogElement;
  readonly #form: HTMLFormElement;
  readonly #toViewers: HTMLInputElement;
  readonly #layout: HTMLSelectElement;
  readonly #list: HTMLElement;
  readonly #add: HTMLButtonElement;
  readonly #problem: HTMLElement;
  readonly #submit: HTMLButtonElement;
  readonly #template: HTMLTemplateElement;
  #servers: TargetFields[] = [];
  #adding = false;

  constructor(
    dialog: HTMLDialogElement,
    template: HTMLTemplateElement,
    private readonly stream: () => LiveStream | undefined,
    private readonly started: () => void,
  ) {
    const part = <T extends HTMLElement>(selector: string) => dialog.querySelector<T>(selector)!;
    this.#dialog = dialog;
    this.#template = template;
    this.#form = part<HTMLFormElement>('form');
    this.#toViewers = part<HTMLInputElement>('#stream-hls');
    this.#layout = part<HTMLSelectElement>('#stream-layout');
    this.#list = part('#stream-servers');
    this.#add = part<HTMLButtonElement>('#add-server');
    this.#problem = part('#stream-problem');
    this.#submit = part<HTMLButtonElement>('button.primary');
    this.#add.addEventListener('click', () => this.#addServer());
    part('#cancel-stream').addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => this.#setServers([]));
    this.#toViewers.addEventListener('change', () => this.#check());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  openToStart(): void {
    this.#open(false);
  }

  openToAdd(): void {
    this.#open(true);
    this.#addServer();
  }

  close(): void {
    this.#dialog.close();
  }

  #open(adding: boolean): void {
    this.#adding = adding;
    this.#dialog.querySelector('h2')!.textContent = adding ? 'Add a server' : 'Go live';
    this.#dialog.querySelector<HTMLElement>('#stream-begin')!.hidden = adding;
    this.#submit.textContent = adding ? 'Add' : 'Go live';
    this.#problem.textContent = '';
    this.#setServers([]);
    this.#dialog.showModal();
  }

  #addServer(): void {
    const fields = new TargetFields(this.#template, (gone) => {
      this.#setServers(this.#servers.filter((one) => one !== gone));
      this.#add.focus();
    });
    this.#setServers([...this.#servers, fields]);
    fields.focus();
  }

  #setServers(servers: TargetFields[]): void {
    for (const gone of this.#servers) if (!servers.includes(gone)) gone.element.remove();
    for (const one of servers) if (!one.element.isConnected) this.#list.append(one.element);
    this.#servers = servers;
    this.#add.hidden = servers.length >= (this.#adding ? 1 : kMostServers);
    this.#check();
  }

  /** A stream goes somewhere. */
  #check(): void {
    this.#submit.disabled = this.#servers.length === 0 && (this.#adding || !this.#toViewers.checked);
  }

  async #send(): Promise<void> {
    const stream = this.stream();
    if (!stream) return;
    const servers = this.#servers.map(({ wish }) => wish);
    this.#submit.disabled = true;
    try {
      if (this.#adding) for (const server of servers) await stream.addTarget(server);
      else await stream.start({ targets: [...(this.#toViewers.checked ? [kHere] : []), ...servers], layout: this.#layout.value as Layout });
      this.#dialog.close();
      if (!this.#adding) this.started();
    } catch (error) {
      this.#problem.textContent = describe(error);
    } finally {
      this.#check();
    }
  }
}
