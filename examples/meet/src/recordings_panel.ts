// The recordings of this room: one button more for who records, and a list that plays what is ready.
import type { Call } from './call';
import type { RecordingEntry } from './protocol';

type Shown = Map<string, { item: HTMLElement; as: string }>;

export class RecordingsPanel {
  readonly #list: HTMLElement;
  readonly #pause: HTMLButtonElement;
  readonly #none: HTMLElement;
  /** What stands in the list. Items that stay are left alone: one may be playing. */
  #shown: Shown = new Map();
  readonly #seen = new Set<string>();

  constructor(
    root: HTMLElement,
    private readonly call: () => Call | undefined,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#list = root.querySelector('#recordings')!;
    this.#none = root.querySelector('#no-recordings')!;
    this.#pause = root.querySelector<HTMLButtonElement>('#pause-recording')!;
    this.#pause.addEventListener('click', () => this.call()?.recording.pause().catch(this.failed));
  }

  /** The panel has come into view: its newest state is asked for. */
  opened(): void {
    for (const id of this.#ready()) this.#seen.add(id);
    void this.call()?.recording.load();
  }

  /** Something has become ready since somebody looked. */
  get unseen(): boolean {
    return this.#ready().some((id) => !this.#seen.has(id));
  }

  refresh(): void {
    const recording = this.call()?.recording;
    this.#pause.hidden = !this.call()?.roster.may('record') || !recording || recording.state === 'off';
    this.#pause.textContent = recording?.state === 'paused' ? 'Go on recording' : 'Pause recording';
    const entries = recording?.entries ?? [];
    this.#none.hidden = entries.length > 0;
    const before = this.#shown;
    this.#shown = new Map();
    for (const entry of entries) {
      const as = JSON.stringify({ ...entry, url: '', thumbnail: '' }); // addresses are new each time
      const known = before.get(entry.recordingId);
      const item = known?.as === as ? known.item : this.#item(entry);
      this.#shown.set(entry.recordingId, { item, as });
    }
    const wanted = [...this.#shown.values()].map(({ item }) => item);
    const same = wanted.length === this.#list.children.length && wanted.every((item, i) => this.#list.children[i] === item);
    if (!same) this.#list.replaceChildren(...wanted);
  }

  #ready(): string[] {
    const entries = this.call()?.recording.entries ?? [];
    return entries.filter(({ state }) => state === 'ready').map(({ recordingId }) => recordingId);
  }

  #item(entry: RecordingEntry): HTMLElement {
    const item = document.createElement('li');
    item.dataset['state'] = entry.state;
    const head = document.createElement('p');
    head.className = 'head';
    head.textContent = `${entry.title} · ${new Date(entry.startedAt).toLocaleString()}`;
    item.append(head);
    if (entry.state === 'ready' && entry.url) item.append(...this.#player(entry, entry.url));
    else item.append(this.#line(entry));
    return item;
  }

  #player(entry: RecordingEntry, path: string): HTMLElement[] {
    const url = this.call()!.recording.addressOf(path);
    const player = document.createElement(entry.type === 'audio' ? 'audio' : 'video');
    player.controls = true;
    player.preload = 'metadata';
    player.setAttribute('aria-label', `Recording ${entry.title}`);
    if (player instanceof HTMLVideoElement && entry.thumbnail) player.poster = this.call()!.recording.addressOf(entry.thumbnail);
    player.src = url;
    const download = document.createElement('a');
    download.href = `${url}${url.includes('?') ? '&' : '?'}download=1`;
    download.textContent = `Download (${clock(entry.duration)})`;
    return [player, download];
  }

  #line(entry: RecordingEntry): HTMLElement {
    const line = document.createElement('p');
    line.textContent = describe(entry);
    if (entry.state === 'producing') {
      const bar = document.createElement('progress');
      bar.max = 100;
      bar.value = entry.percent ?? 0;
      bar.setAttribute('aria-label', 'Progress');
      line.append(' ', bar);
    }
    return line;
  }
}

function describe({ state, percent, error }: RecordingEntry): string {
  switch (state) {
    case 'capturing':
      return 'Recording now';
    case 'paused':
      return 'Paused';
    case 'captured':
      return 'Waits to be made';
    case 'producing':
      return `Is being made, ${percent ?? 0} %`;
    case 'failed':
      return `Failed: ${error ?? 'the gateway has the reason'}`;
    default:
      return state;
  }
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
