// The program as HLS: by hls.js, or by the browser itself where hls.js cannot run.
import Hls, { type ErrorData } from 'hls.js/light';
import { playAloud, WatchError, type Player, type PlayerObserver, type PlayerWindow } from './player';

const kRecoverEveryMs = 5_000;

export class HlsPlayer implements Player {
  #hls: Hls | undefined;
  #recoveredAt = -Infinity;
  #stopped = new AbortController();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly address: string,
    private readonly lowLatency: boolean,
    private readonly observer: PlayerObserver,
  ) {}

  async start(): Promise<void> {
    const { video, observer } = this;
    const { signal } = this.#stopped;
    video.addEventListener('playing', () => observer.playing(), { signal });
    video.addEventListener('ended', () => observer.ended(), { signal });
    if (Hls.isSupported()) this.#attachHls();
    else if (video.canPlayType('application/vnd.apple.mpegurl')) this.#attachNative();
    else throw new WatchError('This browser cannot play HLS. Choose "Live now".');
  }

  stop(): void {
    this.#stopped.abort();
    this.#hls?.destroy();
    this.#hls = undefined;
    this.video.removeAttribute('src');
    this.video.load();
  }

  get delay(): number | undefined {
    if (this.#hls) return this.#hls.latestLevelDetails ? Math.max(0, this.#hls.latency) : undefined;
    const window = this.window;
    return window && window.live - window.position;
  }

  get window(): PlayerWindow | undefined {
    const { currentTime: position, seekable } = this.video;
    if (!this.#hls) {
      return seekable.length ? { start: seekable.start(0), live: seekable.end(seekable.length - 1), position } : undefined;
    }
    const start = this.#hls.latestLevelDetails?.fragmentStart;
    const live = this.#hls.liveSyncPosition;
    return start === undefined || live === null ? undefined : { start, live, position };
  }

  get paused(): boolean {
    return this.video.paused;
  }

  setPaused(paused: boolean): void {
    if (paused) this.video.pause();
    else void this.#play();
  }

  seek(position: number): void {
    this.video.currentTime = position;
    void this.#play();
  }

  setVolume(volume: number, muted: boolean): void {
    this.video.volume = volume;
    this.video.muted = muted;
  }

  #play(): Promise<void> {
    return playAloud(this.video, () => this.observer.silenced());
  }

  #attachHls(): void {
    // Behind, it catches up by playing a little faster, which nobody hears.
    const hls = new Hls({ lowLatencyMode: this.lowLatency, maxLiveSyncPlaybackRate: 1.1, backBufferLength: 60 });
    this.#hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => void this.#play());
    hls.on(Hls.Events.ERROR, (_, data) => this.#failed(data));
    hls.loadSource(this.address);
    hls.attachMedia(this.video);
  }

  #attachNative(): void {
    this.video.addEventListener('error', () => this.observer.broken(this.video.error), { signal: this.#stopped.signal });
    this.video.src = this.address;
    void this.#play();
  }

  #failed({ fatal, type, error }: ErrorData): void {
    if (!fatal) return; // hls.js tries again by itself
    const now = performance.now();
    const recoverable = type === Hls.ErrorTypes.MEDIA_ERROR && now > this.#recoveredAt + kRecoverEveryMs;
    if (!recoverable) return this.observer.broken(error);
    this.#recoveredAt = now;
    this.#hls?.recoverMediaError();
  }
}
