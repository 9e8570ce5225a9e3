// One meeting from joining to leaving, over lost connections: binds the call to the devices and to the grid.
import { Call, type CallObserver } from './call';
import { describe } from './failure';
import type { Grid } from './grid';
import type { LocalMedia } from './local_media';
import type { Notice } from './notice';
import type { PageOptions } from './page_options';
import type { Source } from './protocol';
import { Signalling } from './signalling';
import type { TileModel } from './tile';
import { watchVoices } from './voice';

const kSources: readonly Source[] = ['mic', 'webcam', 'screen'];

export interface MeetingView {
  grid: Grid;
  notice: Notice;
  /** Participants, media or own devices changed. */
  refreshed(): void;
  /** Over; with the reason where the gateway decided it. */
  ended(reason?: string): void;
}

export class Meeting {
  readonly #signalling: Signalling;
  readonly #stopVoices: () => void;
  #call?: Call;
  #over = false;
  #waited = false;
  firstFrameAt = 0;

  constructor(
    private readonly options: PageOptions,
    private readonly local: LocalMedia,
    private readonly view: MeetingView,
  ) {
    this.#signalling = new Signalling(options.gateway, options.token);
    this.#stopVoices = watchVoices(
      () => this.#call?.media.values() ?? [],
      (id, speaking) => this.view.grid.tile(tileKey(id, 'camera'))?.setSpeaking(speaking),
    );
  }

  get call(): Call | undefined {
    return this.#call;
  }

  /** Rejects with the reason when the gateway or the room does not let us in. */
  async start(): Promise<void> {
    try {
      await this.#signalling.connect();
      await this.#enter();
    } catch (error) {
      this.#finish();
      throw error;
    }
    this.#signalling.onLost((final) => this.#lost(final));
    this.#signalling.onBack(() => void this.#rejoin());
  }

  /** Leaves at once on our side; the gateway hears of it when the message arrives. */
  leave(): void {
    void this.#signalling.request('room:leave', {}).catch(() => {});
    this.#finish();
  }

  /** Opens or closes a device and publishes it or takes it back. What closes, closes here before the gateway answers. */
  async toggle(source: Source): Promise<void> {
    const { local } = this;
    const track = local.track(source);
    if (!track) {
      await local.open(source);
      await this.#publish(source);
    } else if (source === 'mic') {
      track.enabled = !track.enabled; // kept open: unmuting must be instant
      this.#call?.setPaused('mic', !track.enabled).catch(this.#warn);
    } else {
      local.close(source);
      this.unpublish(source);
    }
  }

  /** Also for a track that the browser ended: a device unplugged, sharing stopped in the browser's own bar. */
  unpublish(source: Source): void {
    this.#call?.unpublish(source).catch(this.#warn);
  }

  tiles(): TileModel[] {
    const call = this.#call;
    if (!call) return [];
    const models: TileModel[] = [];
    for (const { participantId, name } of call.participants.values()) {
      const self = participantId === call.selfId;
      const track = (source: Source) => (self ? this.local.track(source) : remoteTrack(call, participantId, source));
      const base = { participantId, name, self };
      const screen = track('screen');
      if (screen) {
        models.push({ ...base, key: tileKey(participantId, 'screen'), purpose: 'screen', video: screen, muted: false });
      }
      models.push({
        ...base,
        key: tileKey(participantId, 'camera'),
        purpose: 'camera',
        video: track('webcam'),
        audio: track('mic'),
        muted: self ? !this.local.isOn('mic') : !track('mic'),
      });
    }
    return models.sort((a, b) => rank(a) - rank(b));
  }

  async #enter(): Promise<void> {
    const call = new Call(this.#signalling, this.options.codec, this.#observer());
    this.#call = call;
    await call.join(this.options.room, this.options.name);
    if (this.#waited) this.view.notice.clear();
    await Promise.all(kSources.map((source) => this.#publish(source)));
    this.view.refreshed();
  }

  async #publish(source: Source): Promise<void> {
    const track = this.local.track(source);
    if (!track) return;
    await this.#call?.publish(source, track).catch(this.#warn);
  }

  /** Something failed, the call goes on. */
  readonly #warn = (error: unknown): void => {
    if (!this.#over) this.view.notice.show('warning', describe(error));
  };

  #observer(): CallObserver {
    return {
      changed: () => {
        this.view.refreshed();
        this.#markFirstFrame();
      },
      waiting: () => {
        this.#waited = true;
        this.view.notice.show('info', 'Please wait: someone in the room has to let you in.');
      },
      ended: (reason) => {
        this.#finish();
        this.view.ended(reason);
      },
      problem: this.#warn,
    };
  }

  #lost(final: boolean): void {
    this.#dropCall();
    const text = final ? 'The gateway closed the connection.' : 'Connection lost. Trying to reconnect…';
    this.view.notice.show('error', text, { label: 'Rejoin now', run: () => this.#signalling.retryNow() });
    this.view.refreshed();
  }

  async #rejoin(): Promise<void> {
    this.#dropCall();
    try {
      await this.#enter();
      this.view.notice.clear();
    } catch (error) {
      if (this.#over) return;
      this.view.notice.show('error', describe(error), { label: 'Try again', run: () => void this.#rejoin() });
    }
  }

  #dropCall(): void {
    this.#signalling.forgetEvents();
    this.#call?.close();
  }

  #finish(): void {
    this.#over = true;
    this.#stopVoices();
    this.#dropCall();
    this.#signalling.close();
  }

  /** For measuring: when the first picture of someone else stood on the screen. */
  #markFirstFrame(): void {
    if (this.firstFrameAt) return;
    for (const { info } of this.#call?.media.values() ?? []) {
      if (info.kind !== 'video') continue;
      const purpose = info.source === 'screen' ? 'screen' : 'camera';
      this.view.grid.tile(tileKey(info.participantId, purpose))?.onNextFrame(() => {
        this.firstFrameAt ||= performance.now();
      });
    }
  }
}

function tileKey(participantId: string, purpose: 'camera' | 'screen'): string {
  return `${participantId}/${purpose}`;
}

function remoteTrack(call: Call, participantId: string, source: Source): MediaStreamTrack | undefined {
  for (const { info, consumer, paused } of call.media.values()) {
    if (info.participantId === participantId && info.source === source && !paused) return consumer.track;
  }
  return undefined;
}

/** Screens first, then the others, ourselves last. */
function rank(model: TileModel): number {
  if (model.purpose === 'screen') return 0;
  return model.self ? 2 : 1;
}
