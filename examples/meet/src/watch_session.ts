// One visit: waits for the stream, plays it in the chosen way, and notices its end.
import { HlsPlayer } from './hls_player';
import { WatchError, type Player } from './player';
import { lookUp, type StreamPresence } from './stream_lookup';
import { playlistAddress, whepAddress, type WatchMode, type WatchOptions } from './watch_options';
import { WhepPlayer } from './whep_player';

export type WatchState = 'waiting' | 'connecting' | 'live' | 'ended' | 'failed';

/** Between two questions whether there is a stream: the longer nobody comes, the rarer. */
const kFirstWaitMs = 1_000;
const kLongestWaitMs = 10_000;
/** WebRTC does not say that the stream is over. Asked so often, the gateway counts us among the viewers, too. */
const kStillLiveMs = 5_000;

export interface WatchView {
  video: HTMLVideoElement;
  tiles: HTMLElement;
  /** State, mode or player changed. */
  changed(): void;
  silenced(): void;
}

export class WatchSession {
  state: WatchState = 'connecting';
  /** Why it is `failed`, or still `waiting`; for people. */
  reason = '';
  player: Player | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = kFirstWaitMs;
  /** There has been a stream: what is not there any more has ended. */
  #seen = false;
  /** What was begun before a change of mode must not go on after it. */
  #attempt = 0;

  constructor(
    readonly options: WatchOptions,
    private readonly view: WatchView,
  ) {}

  get mode(): WatchMode {
    return this.options.mode;
  }

  /** Also after a failure, and after the mode was changed. */
  start(): void {
    this.#drop();
    this.#waitMs = kFirstWaitMs;
    this.#enter('connecting');
    void this.#find(this.#attempt);
  }

  watchBy(mode: WatchMode): void {
    this.options.mode = mode;
    this.start();
  }

  stop(): void {
    this.#drop();
  }

  async #find(attempt: number): Promise<void> {
    let presence: StreamPresence = 'absent';
    let problem = '';
    try {
      presence = await lookUp(this.options);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (error instanceof WatchError) return this.#enter('failed', error.message);
      problem = 'The gateway cannot be asked now. Trying again…';
    }
    if (attempt !== this.#attempt) return;
    if (presence === 'live') return this.#play(attempt);
    if (presence === 'ended' || (this.#seen && !problem)) this.#enter('ended'); // another stream may follow
    else this.#enter('waiting', problem);
    this.#later(() => this.#find(attempt));
  }

  async #play(attempt: number): Promise<void> {
    this.#seen = true;
    this.#enter('connecting');
    const player = this.#makePlayer(attempt);
    this.player = player;
    try {
      await player.start();
    } catch (error) {
      if (attempt === this.#attempt) this.#broken(error);
      return;
    }
    if (attempt !== this.#attempt) return;
    if (this.mode === 'whep') this.#watchForEnd(attempt);
    this.view.changed();
  }

  #makePlayer(attempt: number): Player {
    const observe = (handler: () => void) => () => {
      if (attempt === this.#attempt) handler();
    };
    const observer = {
      playing: observe(() => this.#playing()),
      ended: observe(() => this.#ended()),
      silenced: observe(() => this.view.silenced()),
      broken: (error: unknown) => {
        if (attempt === this.#attempt) this.#broken(error);
      },
    };
    const { options, view } = this;
    if (this.mode === 'whep') return new WhepPlayer(view.tiles, whepAddress(options), options.token, observer);
    return new HlsPlayer(view.video, playlistAddress(options), this.mode === 'll', observer);
  }

  #playing(): void {
    if (this.state === 'live') return;
    this.#waitMs = kFirstWaitMs;
    this.#enter('live');
  }

  #ended(): void {
    this.#drop();
    this.#enter('ended');
    this.#later(() => this.#find(this.#attempt));
  }

  /** The stream is looked for again: it may have ended, or begun anew. */
  #broken(error: unknown): void {
    this.#drop();
    if (error instanceof WatchError) return this.#enter('failed', error.message);
    this.#enter('connecting');
    this.#later(() => this.#find(this.#attempt));
  }

  #watchForEnd(attempt: number): void {
    this.#timer = setTimeout(async () => {
      const presence = await lookUp(this.options).catch(() => 'live' as const); // not to be known now: media goes on
      if (attempt !== this.#attempt) return;
      if (presence === 'live') this.#watchForEnd(attempt);
      else this.#ended();
    }, kStillLiveMs);
  }

  #later(next: () => Promise<void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void next(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 1.5, kLongestWaitMs);
  }

  #drop(): void {
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.player?.stop();
    this.player = undefined;
  }

  #enter(state: WatchState, reason = ''): void {
    this.state = state;
    this.reason = reason;
    this.view.changed();
  }
}
