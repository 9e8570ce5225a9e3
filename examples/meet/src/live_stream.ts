// The room's live stream, as everybody in it learns of it; who may stream learns how each of its targets does.
import type { Signalling } from './signalling';
import type { StreamStatus, StreamWish, TargetWish } from './stream_protocol';

export interface LiveStreamObserver {
  changed(): void;
  /** By name where it is a participant. */
  streamStarted(by: string | null): void;
  streamStopped(reason: string): void;
}

const kNone: StreamStatus = { live: false, viewers: 0 };

export class LiveStream {
  status: StreamStatus = kNone;
  /** The gateway has streams at all. */
  available = false;

  constructor(
    private readonly signalling: Signalling,
    private readonly observer: LiveStreamObserver,
  ) {
    signalling.on('stream:started', ({ startedBy, ...beginning }) => {
      const known = this.status.streamId === beginning.streamId; // told again after a lost connection
      this.#learn({ ...(known ? this.status : kNone), ...beginning, live: true });
      if (!known) observer.streamStarted(startedBy);
    });
    signalling.on('stream:status', (status) => this.#learn(status));
    signalling.on('stream:stopped', ({ reason }) => {
      this.#learn(kNone);
      observer.streamStopped(reason);
    });
  }

  /** From the first word of it to the last. */
  get running(): boolean {
    return Boolean(this.status.streamId) && this.status.state !== 'stopped';
  }

  /** The page for viewers without a seat; undefined: it goes to servers alone. */
  get watchAddress(): string | undefined {
    const path = this.status.hls?.watchUrl;
    return path ? this.signalling.addressOf(path) : undefined;
  }

  /** Rejects where the gateway has no streams, or the connection is lost; what is known stays. */
  async load(): Promise<void> {
    const status = await this.signalling.request('stream:status', {});
    this.available = true;
    this.#learn(status);
  }

  start(wish: StreamWish): Promise<unknown> {
    return this.signalling.request('stream:start', wish);
  }
  stop(): Promise<unknown> {
    return this.signalling.request('stream:stop', {});
  }
  addTarget(target: TargetWish): Promise<unknown> {
    return this.signalling.request('stream:target-add', target);
  }
  removeTarget(targetId: string): Promise<unknown> {
    return this.signalling.request('stream:target-remove', { targetId });
  }

  #learn(status: StreamStatus): void {
    this.status = status;
    this.observer.changed();
  }
}
