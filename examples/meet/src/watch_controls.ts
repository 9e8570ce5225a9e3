// The bar below the picture: pause, going back and to live again, sound, the way to watch, the whole screen.
import type { Player } from './player';
import type { WatchMode } from './watch_options';

/** Nearer to the newest picture than this is live. */
const kLiveSeconds = 3;

export interface WatchControlsObserver {
  modeChosen(mode: WatchMode): void;
}

export class WatchControls {
  readonly #pause: HTMLButtonElement;
  readonly #back: HTMLInputElement;
  readonly #live: HTMLButtonElement;
  readonly #mute: HTMLButtonElement;
  readonly #volume: HTMLInputElement;
  readonly #mode: HTMLSelectElement;
  #player: Player | undefined;
  #muted = false;

  constructor(root: HTMLElement, stage: HTMLElement, observer: WatchControlsObserver) {
    const part = <T extends HTMLElement>(id: string) => root.querySelector<T>(`#${id}`)!;
    this.#pause = part('pause');
    this.#back = part('back');
    this.#live = part('to-live');
    this.#mute = part('mute');
    this.#volume = part('volume');
    this.#mode = part('mode');
    this.#pause.addEventListener('click', () => this.#player?.setPaused(!this.#player.paused));
    this.#back.addEventListener('input', () => this.#goBackBy(-Number(this.#back.value)));
    this.#live.addEventListener('click', () => this.#goBackBy(0));
    this.#mute.addEventListener('click', () => this.setMuted(!this.#muted));
    this.#volume.addEventListener('input', () => this.setMuted(false));
    this.#mode.addEventListener('change', () => observer.modeChosen(this.#mode.value as WatchMode));
    const whole = part<HTMLButtonElement>('whole-screen');
    whole.hidden = !document.fullscreenEnabled;
    whole.addEventListener('click', () => void (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()));
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#player?.setVolume(Number(this.#volume.value), muted);
  }

  /** To be called now and then: positions grow by themselves. */
  show(player: Player | undefined, mode: WatchMode): void {
    if (player && player !== this.#player) player.setVolume(Number(this.#volume.value), this.#muted);
    this.#player = player;
    this.#mode.value = mode;
    this.#pause.disabled = !player;
    label(this.#pause, player?.paused ? 'Play' : 'Pause', player?.paused ? 'play' : 'pause');
    label(this.#mute, this.#muted ? 'Sound on' : 'Sound off', this.#muted ? 'sound-off' : 'sound');
    this.#showWindow();
  }

  #showWindow(): void {
    const window = this.#player?.window;
    const behind = window ? Math.max(0, window.live - window.position) : 0;
    const depth = window ? Math.floor(window.live - window.start) : 0;
    this.#back.hidden = depth < kLiveSeconds;
    this.#live.hidden = this.#back.hidden;
    if (!this.#back.hidden) {
      this.#back.min = String(-depth);
      if (!this.#back.matches(':active')) this.#back.value = String(-behind);
      this.#back.setAttribute('aria-valuetext', behind < kLiveSeconds ? 'live' : `${Math.round(behind)} seconds back`);
    }
    this.#live.disabled = behind < kLiveSeconds;
    label(this.#live, behind < kLiveSeconds ? 'Live' : 'Back to live');
  }

  #goBackBy(seconds: number): void {
    const window = this.#player?.window;
    if (window) this.#player?.seek(Math.max(window.start, window.live - seconds));
  }
}

/** Only what differs is written: screen readers would read it again. */
function label(button: HTMLElement, text: string, icon?: string): void {
  const words = button.querySelector('span')!;
  if (words.textContent !== text) words.textContent = text;
  if (icon) button.querySelector('use')!.setAttribute('href', `#icon-${icon}`);
}
