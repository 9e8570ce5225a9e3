// What the watch page wants of a way to watch.

/** Seconds on the player's own time line. */
export interface PlayerWindow {
  /** How far one can go back. */
  start: number;
  /** Where the newest picture is, with the player's own distance from it. */
  live: number;
  position: number;
}

export interface PlayerObserver {
  /** Pictures come. */
  playing(): void;
  /** The stream has come to its end. */
  ended(): void;
  /** It cannot go on as it is; whether there still is a stream is to be found out. `error`: for people. */
  broken(error: unknown): void;
  /** The browser plays no sound before the person has clicked. */
  silenced(): void;
}

export interface Player {
  /** Seconds that what is seen is old, as far as it can be told from here; undefined: not known yet. */
  readonly delay: number | undefined;
  /** Undefined: one cannot go back. */
  readonly window: PlayerWindow | undefined;
  readonly paused: boolean;
  /** Rejects with what a person should know. */
  start(): Promise<void>;
  /** Gives back everything that it holds; never to be started again. */
  stop(): void;
  setPaused(paused: boolean): void;
  seek(position: number): void;
  setVolume(volume: number, muted: boolean): void;
}

/** What no second attempt puts right. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
}

/** Plays with sound where the browser lets it, else without. */
export async function playAloud(media: HTMLMediaElement, silenced: () => void): Promise<void> {
  try {
    await media.play();
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return; // given another source meanwhile
    media.muted = true;
    silenced();
    await media.play().catch(() => {});
  }
}
