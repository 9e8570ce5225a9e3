// What who streams sees of it: each target with its state, the address for viewers, and the way to the end.
import type { LiveStream } from './live_stream';
import type { StreamStatus, StreamTarget } from './stream_protocol';

export interface StreamPanelObserver {
  failed(error: unknown): void;
  addServer(): void;
  copy(link: string): void;
}

const kStates: Record<StreamTarget['state'], string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  failed: 'Failed',
};

export class StreamPanel {
  readonly #link: HTMLAnchorElement;
  readonly #watch: HTMLElement;
  readonly #health: HTMLElement;
  readonly #list: HTMLElement;
  readonly #rows = new Map<string, TargetRow>();

  constructor(
    root: HTMLElement,
    private readonly stream: () => LiveStream | undefined,
    private readonly observer: StreamPanelObserver,
  ) {
    const part = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector)!;
    this.#link = part<HTMLAnchorElement>('#watch-link');
    this.#watch = part('#watch-address');
    this.#health = part('#stream-health');
    this.#list = part('#stream-targets');
    part('#copy-watch').addEventListener('click', () => observer.copy(this.#link.href));
    part('#add-target').addEventListener('click', () => observer.addServer());
    part('#stop-stream').addEventListener('click', () => this.stream()?.stop().catch(observer.failed));
  }

  refresh(): void {
    const stream = this.stream();
    const address = stream?.watchAddress;
    this.#watch.hidden = !address;
    if (address) this.#link.href = address;
    const text = stream ? describeHealth(stream.status) : '';
    if (this.#health.textContent !== text) this.#health.textContent = text;
    this.#draw(stream?.status.targets ?? []);
  }

  #draw(targets: StreamTarget[]): void {
    const wanted = new Set(targets.map(({ targetId }) => targetId));
    for (const [id, row] of this.#rows) {
      if (wanted.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    for (const target of targets) {
      let row = this.#rows.get(target.targetId);
      if (!row) {
        row = new TargetRow(() => this.stream()?.removeTarget(target.targetId).catch(this.observer.failed));
        this.#rows.set(target.targetId, row);
        this.#list.append(row.element);
      }
      row.show(target);
    }
  }
}

/** Kept while its target is there: its figures change each second, its button must not. */
class TargetRow {
  readonly element = document.createElement('li');
  readonly #name = line('name');
  readonly #state = line('badge');
  readonly #address = line('address');
  readonly #reason = line('reason');
  readonly #figures = line('figures');
  readonly #remove = document.createElement('button');

  constructor(onRemove: () => void) {
    this.#remove.type = 'button';
    this.#remove.textContent = 'Remove';
    this.#remove.addEventListener('click', onRemove);
    this.#state.setAttribute('role', 'status');
    this.element.append(this.#name, this.#state, this.#remove, this.#address, this.#reason, this.#figures);
  }

  show(target: StreamTarget): void {
    const name = target.name || (target.type === 'hls' ? 'Viewers here' : 'Server');
    this.element.dataset['state'] = target.state;
    write(this.#name, name);
    write(this.#state, kStates[target.state] ?? target.state);
    write(this.#address, target.maskedRtmpUrl);
    write(this.#reason, target.reason ?? '');
    write(this.#figures, describeFigures(target));
    this.#remove.setAttribute('aria-label', `Remove ${name}`);
  }
}

function line(className: string): HTMLElement {
  const made = document.createElement('span');
  made.className = className;
  return made;
}

/** Only what differs: a live region would say it again. */
function write(element: HTMLElement, text: string): void {
  element.hidden = !text;
  if (element.textContent !== text) element.textContent = text;
}

function describeFigures({ bitsPerSecond, reconnects, droppedFrames }: StreamTarget): string {
  const parts = [`${Math.round(bitsPerSecond / 1000)} kbit/s`];
  if (reconnects) parts.push(reconnects === 1 ? 'reconnected once' : `reconnected ${reconnects} times`);
  if (droppedFrames) parts.push(`${droppedFrames} frames dropped`);
  return parts.join(' · ');
}

function describeHealth({ state, problem, program }: StreamStatus): string {
  if (problem) return problem;
  if (state === 'starting') return 'Starting…';
  if (state === 'restarting') return 'The program broke off. It is started again…';
  if (state === 'stopping') return 'Coming to its end…';
  if (!program) return '';
  const made = `${Math.round(program.framesPerSecond)} frames a second`;
  if (program.overloaded) return `The gateway is too slow: ${program.droppedFrames} frames dropped, ${made}.`;
  return program.droppedFrames ? `${made}, ${program.droppedFrames} dropped in all.` : `${made}.`;
}
