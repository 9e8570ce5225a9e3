// One rectangle of the grid: a camera with its voice, or a shared screen.
import { kQualityWords } from './connection_quality';
import type { QualityWord } from './protocol';

export interface TileModel {
  key: string;
  participantId: string;
  name: string;
  self: boolean;
  purpose: 'camera' | 'screen';
  video?: MediaStreamTrack | undefined;
  audio?: MediaStreamTrack | undefined;
  muted: boolean;
  /** Leads the conversation. */
  active: boolean;
  pinned: boolean;
  spotlit: boolean;
  /** Whether we may move the spotlight. */
  mayLight: boolean;
  /** Its place among the raised hands. */
  hand?: number | undefined;
  /** Its connection is lost, and may come back. */
  away: boolean;
  /** What a bad network does to the picture; empty: nothing. */
  limit: string;
  /** Of the participant's connection. */
  quality?: QualityWord | undefined;
}

export class Tile {
  readonly element: HTMLLIElement;
  readonly #video: HTMLVideoElement;
  readonly #audio: HTMLAudioElement;
  readonly #name: HTMLElement;
  readonly #avatar: HTMLElement;
  readonly #mark: SVGElement;
  readonly #limit: HTMLElement;
  readonly #hand: HTMLElement;
  readonly #quality: HTMLElement;
  readonly #pin: HTMLButtonElement;
  readonly #light: HTMLButtonElement;

  constructor(
    template: HTMLTemplateElement,
    private readonly onSilenced: () => void,
  ) {
    this.element = template.content.firstElementChild!.cloneNode(true) as HTMLLIElement;
    const part = <T extends Element>(selector: string) => this.element.querySelector<T>(selector)!;
    this.#video = part('video');
    this.#audio = part('audio');
    this.#name = part('.name');
    this.#avatar = part('.avatar');
    this.#mark = part('.muted-mark');
    this.#limit = part('.limit');
    this.#hand = part('.hand');
    this.#quality = part('.quality-mark');
    this.#pin = part('.pin');
    this.#light = part('.light');
  }

  show(model: TileModel): void {
    const { dataset, classList } = this.element;
    dataset['participant'] = model.participantId;
    dataset['purpose'] = model.purpose;
    dataset['self'] = String(model.self);
    dataset['muted'] = String(model.muted);
    const name = model.self ? `${model.name} (you)` : model.name;
    this.#name.textContent = model.purpose === 'screen' ? `${name}: screen` : name;
    this.#avatar.textContent = initials(model.name);
    this.#mark.toggleAttribute('hidden', !model.muted);
    classList.toggle('mirrored', model.self && model.purpose === 'camera');
    classList.toggle('dark', !model.video);
    classList.toggle('active', model.active);
    classList.toggle('away', model.away);
    this.#hand.textContent = model.hand ? `✋ ${model.hand}` : '';
    this.#hand.hidden = !model.hand;
    this.#limit.textContent = model.limit;
    this.#limit.hidden = !model.limit;
    this.#showQuality(model.quality);
    this.#pin.hidden = model.self;
    this.#pin.setAttribute('aria-pressed', String(model.pinned));
    this.#light.hidden = !model.mayLight;
    this.#light.setAttribute('aria-pressed', String(model.spotlit));
    this.#video.setAttribute('aria-label', this.#name.textContent);
    attach(this.#video, model.video);
    // Our own voice is never played back to us.
    if (attach(this.#audio, model.self ? undefined : model.audio)) this.play();
  }

  #showQuality(quality: QualityWord | undefined): void {
    const mark = this.#quality;
    mark.hidden = !quality;
    if (!quality || mark.dataset['quality'] === quality) return;
    mark.dataset['quality'] = quality;
    mark.title = kQualityWords[quality];
    mark.setAttribute('aria-label', mark.title);
  }

  /** Browsers refuse sound before the first click on a page that was opened by a link or a reload. */
  play(): void {
    if (!this.#audio.srcObject) return;
    this.#audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.onSilenced();
    });
  }

  /** Among the other tiles. Elements are never moved: a video that is moved stops playing. */
  setPlace(place: number): void {
    this.element.style.order = String(place);
  }

  setOnStage(onStage: boolean): void {
    this.element.classList.toggle('stage', onStage);
  }

  setSpeaking(speaking: boolean): void {
    this.element.classList.toggle('speaking', speaking);
  }

  /** Rises over the picture and goes away. */
  showReaction(emoji: string): void {
    const reaction = document.createElement('span');
    reaction.className = 'reaction';
    reaction.textContent = emoji;
    reaction.addEventListener('animationend', () => reaction.remove());
    this.element.append(reaction);
  }

  /** Runs once, when the next picture is on the screen. */
  onNextFrame(handler: () => void): void {
    this.#video.requestVideoFrameCallback?.(handler);
  }

  remove(): void {
    attach(this.#video, undefined);
    attach(this.#audio, undefined);
    this.element.remove();
  }
}

/** Returns true where a new track was set. Setting the same one again would make the picture flash. */
function attach(element: HTMLMediaElement, track: MediaStreamTrack | undefined): boolean {
  const current = (element.srcObject as MediaStream | null)?.getTracks()[0];
  if (current === track) return false;
  element.srcObject = track ? new MediaStream([track]) : null;
  return track !== undefined;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => [...word][0]?.toUpperCase() ?? '').join('');
}
