// The recording of the room, as everybody in it learns of it: that it runs, what it asks of us, what has become of it.
import type { RecordingEntry, Requests } from './protocol';
import type { Signalling } from './signalling';

export type RecordingState = 'off' | 'recording' | 'paused';

export interface RecordingObserver {
  changed(): void;
  /** Somebody has begun to record, by name where it is a participant. */
  recordingStarted(by: string | null): void;
  recordingReady(): void;
  recordingTrouble(message: string): void;
}

export class Recording {
  state: RecordingState = 'off';
  /** We are asked whether we may be recorded; undefined: nobody asks. */
  consentFor: string | undefined;
  /** Newest first: those that this room has made, as far as we may see them. */
  entries: RecordingEntry[] = [];
  /** The gateway has recordings at all. */
  available = false;
  #id = '';

  constructor(
    private readonly signalling: Signalling,
    private readonly observer: RecordingObserver,
  ) {
    signalling.on('recording:started', ({ recordingId, by }) => {
      const known = this.#id === recordingId; // told again after a lost connection
      this.#enter('recording', recordingId);
      if (!known) observer.recordingStarted(by);
    });
    signalling.on('recording:paused', ({ recordingId }) => this.#enter('paused', recordingId));
    signalling.on('recording:resumed', ({ recordingId }) => this.#enter('recording', recordingId));
    signalling.on('recording:stopped', () => {
      this.consentFor = undefined;
      this.#enter('off', '');
      void this.load();
    });
    signalling.on('recording:consent', ({ recordingId, required }) => {
      this.consentFor = required ? recordingId : undefined;
      observer.changed();
    });
    signalling.on('recording:status', ({ recordingId, trouble, message, percent }) => {
      if (trouble && trouble !== 'none' && message) observer.recordingTrouble(message);
      if (percent !== undefined) this.#update(recordingId, { percent });
    });
    signalling.on('recording:ready', () => {
      observer.recordingReady();
      void this.load();
    });
    signalling.on('recording:failed', ({ message }) => {
      observer.recordingTrouble(message);
      void this.load();
    });
  }

  start(options: Requests['recording:start']['data'] = {}): Promise<unknown> {
    return this.signalling.request('recording:start', options);
  }
  stop(): Promise<unknown> {
    return this.signalling.request('recording:stop', {});
  }
  pause(): Promise<unknown> {
    return this.signalling.request(this.state === 'paused' ? 'recording:resume' : 'recording:pause', {});
  }

  async consent(accepted: boolean): Promise<void> {
    const recordingId = this.consentFor;
    if (!recordingId) return;
    await this.signalling.request('recording:consent', { recordingId, accepted });
    this.consentFor = undefined;
    this.observer.changed();
  }

  /** Reads the list anew; what is known stays where it cannot be read. */
  async load(): Promise<void> {
    try {
      this.entries = (await this.signalling.request('recording:list', {})).recordings;
      this.available = true;
      const running = this.entries.find(({ state }) => state === 'capturing' || state === 'paused');
      this.#enter(!running ? 'off' : running.state === 'paused' ? 'paused' : 'recording', running?.recordingId ?? '');
    } catch {
      // A gateway without recordings is one, too; a lost connection loads again.
    }
  }

  addressOf(path: string): string {
    return this.signalling.addressOf(path);
  }

  #enter(state: RecordingState, recordingId: string): void {
    this.state = state;
    this.#id = recordingId;
    this.observer.changed();
  }

  #update(recordingId: string, change: Partial<RecordingEntry>): void {
    this.entries = this.entries.map((one) => (one.recordingId === recordingId ? { ...one, ...change } : one));
    this.observer.changed();
  }
}
