// Everything of the live stream on the meeting page: the mark for all, the button, the dialog and the panel for who streams.
import type { Call } from './call';
import type { LiveStream } from './live_stream';
import type { SidePanels } from './side_panels';
import { StreamDialog } from './stream_dialog';
import type { StreamStatus } from './stream_protocol';
import { StreamPanel, type StreamPanelObserver } from './stream_panel';

export class StreamControls {
  readonly #mark: HTMLElement;
  readonly #audience: HTMLElement;
  readonly #since: HTMLElement;
  readonly #start: HTMLButtonElement;
  readonly #show: HTMLButtonElement;
  readonly #dialog: StreamDialog;
  readonly #panel: StreamPanel;

  constructor(
    root: Document,
    private readonly call: () => Call | undefined,
    observer: Omit<StreamPanelObserver, 'addServer'>,
    private readonly panels: SidePanels,
  ) {
    const part = <T extends HTMLElement>(id: string) => root.getElementById(id) as T;
    this.#mark = part('live-mark');
    this.#audience = part('live-audience');
    this.#since = part('live-since');
    this.#start = part('go-live');
    this.#show = part('show-stream');
    const stream = (): LiveStream | undefined => this.call()?.stream;
    this.#dialog = new StreamDialog(part('stream-dialog'), part('stream-server'), stream, () => panels.show('stream'));
    const addServer = () => this.#dialog.openToAdd();
    this.#panel = new StreamPanel(part('stream-panel'), stream, { ...observer, addServer });
    this.#start.addEventListener('click', () => this.#dialog.openToStart());
  }

  refresh(): void {
    const call = this.call();
    const may = (call?.stream.available && call.roster.may('stream')) ?? false;
    const running = call?.stream.running ?? false;
    this.#start.hidden = !may || running;
    const shown = may && running;
    if (!shown && !this.#show.hidden) this.panels.hide('stream');
    this.#show.hidden = !shown;
    this.panels.hint('stream', shown && isTroubled(call!.stream.status));
    if (!may) this.#dialog.close();
    this.#showMark(call?.stream);
    this.#panel.refresh();
  }

  #showMark(stream: LiveStream | undefined): void {
    const { live = false, startedAt, viewers = 0 } = stream?.status ?? {};
    this.#mark.hidden = !live;
    if (!live) return;
    this.#audience.textContent = viewers === 1 ? '1 viewer' : `${viewers} viewers`;
    const since = startedAt ? `since ${new Date(startedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}` : '';
    if (this.#since.textContent !== since) this.#since.textContent = since;
  }
}

function isTroubled({ problem, targets }: StreamStatus): boolean {
  return Boolean(problem) || (targets ?? []).some(({ state }) => state === 'failed' || state === 'reconnecting');
}
