// One meeting from joining to leaving, over lost connections: binds the call to the devices and to the grid.
import { Call, type CallObserver } from './call';
import { describe } from './failure';
import type { Grid } from './grid';
import type { LocalMedia } from './local_media';
import type { Notice } from './notice';
import type { PageOptions } from './page_options';
import type { Quality, Source } from './protocol';
import { Signalling } from './signalling';
import type { TileModel } from './tile';
import { tileKey, tilesOf } from './tiles';
import { watchVoices } from './voice';

const kSources: readonly Source[] = ['mic', 'webcam', 'screen'];
const kRepairing = 'The media connection broke. Repairing it…';

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
  #quality: Quality = 'auto';
  #waited = false;
  #shareRefusal = '';
  firstFrameAt = 0;

  constructor(
    private readonly options: PageOptions,
    private readonly local: LocalMedia,
    private readonly view: MeetingView,
  ) {
    this.#signalling = new Signalling(options.gateway, options.token);
    this.#stopVoices = watchVoices(
      () => this.#call?.downlink.media.values() ?? [],
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
      await (source === 'screen' ? this.#openScreen() : local.open(source));
      await this.#publish(source);
    } else if (source === 'mic') {
      track.enabled = !track.enabled; // kept open: unmuting must be instant
      this.#call?.uplink.setPaused('mic', !track.enabled).catch(this.#warn);
    } else {
      local.close(source);
      this.unpublish(source);
    }
  }

  /** Also for a track that the browser ended: a device unplugged, sharing stopped in the browser's own bar. */
  unpublish(source: Source): void {
    this.#call?.uplink.unpublish(source).catch(this.#warn);
  }

  setQuality(quality: Quality): void {
    this.#quality = quality;
    this.#call?.setQuality(quality).catch(this.#warn);
  }

  pin(participantId: string): void {
    if (participantId !== this.#call?.roster.selfId) this.#call?.pin(participantId).catch(this.#warn);
  }

  spotlight(participantId: string): void {
    this.#call?.spotlight(participantId).catch(this.#warn);
  }

  tiles(): TileModel[] {
    return this.#call ? tilesOf(this.#call, this.local) : [];
  }

  /** Asks the room before the person: nobody should choose a window only to be refused. */
  async #openScreen(): Promise<void> {
    try {
      await this.#call?.startShare();
    } catch (error) {
      this.#shareRefusal = describe(error);
      throw error;
    }
    try {
      await this.local.open('screen');
    } catch (error) {
      this.unpublish('screen');
      throw error;
    }
  }

  async #enter(): Promise<void> {
    const call = new Call(this.#signalling, this.options.codec, this.options.layers, this.#observer());
    this.#call = call;
    await call.join(this.options.room, this.options.name);
    if (this.#quality !== 'auto') this.setQuality(this.#quality); // a stay begins without a limit
    if (this.#waited) this.view.notice.clear();
    await Promise.all(kSources.map((source) => this.#publish(source)));
    this.view.refreshed();
  }

  async #publish(source: Source): Promise<void> {
    try {
      for (const track of this.local.tracks(source)) await this.#call?.uplink.publish(source, track);
    } catch (error) {
      this.#warn(error);
      if (source !== 'screen') return;
      this.local.close('screen'); // a share that nobody sees must not look like one
      this.unpublish('screen');
    }
  }

  /** Something failed, the call goes on. */
  readonly #warn = (error: unknown): void => {
    if (!this.#over) this.view.notice.show('warning', describe(error));
  };

  #observer(): CallObserver {
    return {
      changed: () => {
        if (!this.#call?.roster.sharerId) this.view.notice.clear(this.#shareRefusal); // not true any more
        this.view.refreshed();
        this.#markFirstFrame();
      },
      waiting: () => {
        this.#waited = true;
        this.view.notice.show('info', 'Please wait: someone in the room has to let you in.');
      },
      draining: () => this.view.notice.show('warning', 'The gateway is about to stop. The meeting will end soon.'),
      ended: (reason) => {
        this.#finish();
        this.view.ended(reason);
      },
      repairing: (active) => this.#tellRepair(active),
      problem: this.#warn,
    };
  }

  #tellRepair(active: boolean): void {
    if (this.#over) return;
    if (active) this.view.notice.show('warning', kRepairing);
    else this.view.notice.clear(kRepairing);
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
    for (const { info } of this.#call?.downlink.media.values() ?? []) {
      if (info.kind !== 'video') continue;
      const purpose = info.source === 'screen' ? 'screen' : 'camera';
      this.view.grid.tile(tileKey(info.participantId, purpose))?.onNextFrame(() => {
        this.firstFrameAt ||= performance.now();
      });
    }
  }
}
