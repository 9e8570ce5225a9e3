// The room itself by WebRTC: a picture for each who sends one, all that is said, with the delay of a call.
import { layout } from './grid';
import { playAloud, type Player, type PlayerObserver } from './player';
import { WhepSession } from './whep_session';

/** So many are seen and heard at a time, a shared screen included. */
const kSlots = 6;
const kTickMs = 500;
/** A picture that has not moved for so long has gone. Browsers repeat that of a still screen each second. */
const kGoneMs = 8_000;

interface Slot {
  video: HTMLVideoElement;
  audio: HTMLAudioElement;
  frames: number;
  movedAt: number;
}

interface InboundFigures {
  kind: string;
  packetsReceived?: number;
  mid: string;
  framesDecoded?: number;
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
}

export class WhepPlayer implements Player {
  readonly window = undefined;
  delay: number | undefined;
  #session: WhepSession | undefined;
  readonly #slots: Slot[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #resized = new ResizeObserver(() => this.#fit());
  #buffered = { seconds: 0, frames: 0 };
  #packets = 0;
  #sound = { volume: 1, muted: false };
  #paused = false;
  #stopped = false;

  constructor(
    private readonly stage: HTMLElement,
    private readonly address: string,
    private readonly token: string | undefined,
    private readonly observer: PlayerObserver,
  ) {}

  async start(): Promise<void> {
    const session = await WhepSession.open(this.address, this.token, kSlots);
    if (this.#stopped) return session.close();
    this.#session = session;
    const { connection } = session;
    const receivers = connection.getTransceivers().map(({ receiver }) => receiver);
    for (let slot = 0; slot < kSlots; ++slot) this.#addSlot(receivers[slot * 2]!.track, receivers[slot * 2 + 1]!.track);
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed') this.observer.broken(new Error('The media connection failed. A firewall may block it.'));
    });
    this.#resized.observe(this.stage);
    this.#timer = setInterval(() => void this.#tick(), kTickMs);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#resized.disconnect();
    this.#session?.close();
    for (const { video, audio } of this.#slots) video.srcObject = audio.srcObject = null;
    this.stage.replaceChildren();
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** What is live cannot wait: it goes on unseen and unheard. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    for (const media of this.#media()) {
      if (paused) media.pause();
      else void playAloud(media, () => this.observer.silenced());
    }
  }

  seek(): void {}

  setVolume(volume: number, muted: boolean): void {
    this.#sound = { volume, muted }; // also of those to come
    for (const { audio } of this.#slots) Object.assign(audio, this.#sound);
  }

  #media(): HTMLMediaElement[] {
    return this.#slots.flatMap(({ video, audio }) => [video, audio]);
  }

  #addSlot(picture: MediaStreamTrack, voice: MediaStreamTrack): void {
    const video = document.createElement('video');
    const audio = Object.assign(document.createElement('audio'), this.#sound);
    video.muted = video.playsInline = true;
    video.classList.add('idle'); // until its first picture
    video.setAttribute('aria-label', `Picture ${this.#slots.length + 1}`);
    video.srcObject = new MediaStream([picture]);
    audio.srcObject = new MediaStream([voice]);
    this.#slots.push({ video, audio, frames: 0, movedAt: -Infinity });
    this.stage.append(video, audio);
    picture.addEventListener('unmute', () => void this.#tick()); // the first packet: no need to wait for the next tick
    void playAloud(video, () => {});
    void playAloud(audio, () => this.observer.silenced());
  }

  async #tick(): Promise<void> {
    const report = await this.#session?.connection.getStats();
    if (!report || this.#stopped) return;
    const stats = [...report.values()] as (InboundFigures & { type: string; currentRoundTripTime?: number; nominated?: boolean })[];
    const streams = stats.filter(({ type }) => type === 'inbound-rtp');
    const pictures = streams.filter(({ kind }) => kind === 'video');
    const packets = streams.reduce((all, one) => all + (one.packetsReceived ?? 0), 0);
    if (packets > this.#packets) this.observer.playing(); // also where there is sound alone
    this.#packets = packets;
    for (const { mid, framesDecoded = 0 } of pictures) this.#note(mid, framesDecoded);
    const path = stats.find(({ type, nominated }) => type === 'candidate-pair' && nominated);
    this.#measure(pictures, path?.currentRoundTripTime ?? 0);
    this.#fit();
  }

  #note(mid: string, frames: number): void {
    const transceivers = this.#session!.connection.getTransceivers();
    const slot = this.#slots[Math.floor(transceivers.findIndex((one) => one.mid === mid) / 2)];
    if (!slot || slot.frames === frames) return;
    slot.frames = frames;
    slot.movedAt = performance.now();
  }

  /** The way to us and the time in the buffer. What camera and encoder took is not to be seen from here. */
  #measure(pictures: InboundFigures[], roundTrip: number): void {
    const sum = (of: (one: InboundFigures) => number | undefined) => pictures.reduce((all, one) => all + (of(one) ?? 0), 0);
    const now = { seconds: sum((one) => one.jitterBufferDelay), frames: sum((one) => one.jitterBufferEmittedCount) };
    const frames = now.frames - this.#buffered.frames;
    if (frames > 0) this.delay = (now.seconds - this.#buffered.seconds) / frames + roundTrip / 2;
    this.#buffered = now;
  }

  #fit(): void {
    const now = performance.now();
    const shown = this.#slots.filter(({ movedAt }) => now - movedAt < kGoneMs);
    for (const slot of this.#slots) slot.video.classList.toggle('idle', !shown.includes(slot));
    const { clientWidth, clientHeight, style } = this.stage;
    const { columns, width } = layout(shown.length, clientWidth, clientHeight);
    style.setProperty('--columns', String(columns));
    style.setProperty('--tile-width', `${Math.floor(width)}px`);
  }
}
