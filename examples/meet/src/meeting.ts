// One meeting from joining to leaving, over lost connections: binds the call to the devices and to the grid.
import { Call, type CallObserver, type DoorPass } from './call';
import { describe, describeStop, isUnreachable, RequestError } from './failure';
import type { Grid } from './grid';
import type { LocalMedia } from './local_media';
import { MeetingTicket } from './meeting_ticket';
import type { Notice } from './notice';
import type { PageOptions } from './page_options';
import type { HeldJoin, MuteKind, Quality, Source } from './protocol';
import { Signalling } from './signalling';
import { kDevices, kHeldBy, kSourceOf, kSources, kToSend } from './sources';
import type { TileModel } from './tile';
import { tileKey, tilesOf } from './tiles';
import { watchVoices } from './voice';

const kLost = 'Connection lost. Trying to reconnect…';
const kRepairing = 'The media connection broke. Repairing it…';

export interface MeetingView {
  grid: Grid;
  notice: Notice;
  /** Participants, media or own devices changed. */
  refreshed(): void;
  /** Someone has to let us in; our place in the queue where the gateway tells it. */
  waiting(place: Pick<HeldJoin, 'position' | 'hostPresent'>): void;
  /** In the room: after joining, and again after a wait or a lost seat. */
  entered(title: string): void;
  /** Over; with the reason where the gateway decided it. */
  ended(reason?: string): void;
}

export class Meeting {
  readonly #signalling: Signalling;
  readonly #ticket: MeetingTicket | undefined;
  readonly #pass: DoorPass = {};
  readonly #stopVoices: () => void;
  #call?: Call;
  #over = false;
  #quality: Quality = 'auto';
  #shareRefusal = '';
  firstFrameAt = 0;

  constructor(
    private readonly options: PageOptions,
    private readonly local: LocalMedia,
    private readonly view: MeetingView,
  ) {
    const { gateway, meeting, token, name, password } = options;
    this.#ticket = meeting ? new MeetingTicket(gateway, meeting, token, name, password) : undefined;
    this.#signalling = new Signalling(gateway, async () => (this.#ticket ? this.#ticket.identity() : token));
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
      await this.#ticket?.current();
      await this.#signalling.connect();
      this.#signalling.onLost((final) => this.#lost(final));
      this.#signalling.onBack(() => void this.#rejoin());
      await this.#enter();
    } catch (error) {
      if (isAbandoned(error)) return; // the connection was lost meanwhile, and another join goes on
      this.#finish();
      throw error;
    }
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
    if (!local.isOn(source)) this.#demandUnheld(source);
    if (!track) {
      await (source === 'screen' ? this.#openScreen() : local.open(source));
      await this.#publish(source);
    } else if (source === 'mic') {
      await this.#setMic(track, !track.enabled);
    } else {
      local.close(source);
      this.unpublish(source);
    }
  }

  /** What we may send at all: viewers look on. */
  maySend(source: Source): boolean {
    const roster = this.#call?.roster;
    return !roster?.selfId || roster.may(kToSend[source]);
  }

  /** What is published while it is held is seen and heard by nobody, and must not look otherwise. */
  #demandUnheld(source: Source): void {
    if (!this.#call?.roster.isHeld(...kHeldBy[source])) return;
    throw new Error(`A moderator has turned off your ${kDevices[source]}. Only a moderator can allow it again.`);
  }

  /** The track is kept open: unmuting must be instant. */
  async #setMic(track: MediaStreamTrack, on: boolean): Promise<void> {
    track.enabled = on;
    try {
      await this.#call?.uplink.setPaused('mic', !on);
    } catch (error) {
      if (on) track.enabled = false; // a moderator has muted us: nobody hears it, and it must not look otherwise
      if (on) this.#call?.uplink.pauseHere('mic');
      throw error;
    } finally {
      this.view.refreshed();
    }
  }

  /** A moderator's doing, which the gateway has done already. */
  #muteHere(kind: MuteKind, by: string): void {
    const held = kSources.filter((source) => kHeldBy[source].includes(kind) && this.local.isOn(source));
    for (const source of held) {
      const track = this.local.track(source)!;
      if (source === 'mic') {
        track.enabled = false;
        this.#call?.uplink.pauseHere('mic');
      } else {
        this.local.close(source);
        this.unpublish(source);
      }
      this.view.notice.show('info', `${by} has turned off your ${kDevices[source]}.`);
    }
    this.view.refreshed();
  }

  /** The gateway has closed it already. */
  #forbidHere(source: Source): void {
    this.local.close(source);
    this.view.notice.show('info', `You may not use your ${kDevices[source]} here any more.`);
    this.view.refreshed();
  }

  #offerUnmute(kind: MuteKind, by: string): void {
    const source = kSourceOf[kind];
    if (this.local.isOn(source)) return;
    this.view.notice.show('info', `${by} asks you to turn on your ${kDevices[source]}.`, {
      label: 'Turn on',
      run: () => {
        this.view.notice.clear();
        void this.toggle(source).catch(this.#warn);
      },
    });
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
    const ticket = await this.#ticket?.current();
    await call.join(ticket?.roomId ?? this.options.room, this.options.name, this.#pass);
    this.view.entered(ticket?.title ?? this.options.room);
    for (const source of kSources) if (!this.maySend(source)) this.local.close(source);
    if (this.#quality !== 'auto') this.setQuality(this.#quality); // a stay begins without a limit
    void call.chat.load().catch(() => {}); // a gateway without a chat is one, too
    void call.recording.load();
    void call.stream.load().catch(() => {}); // or without streams
    await Promise.all(kSources.map((source) => this.#publish(source)));
    this.view.refreshed();
  }

  async #publish(source: Source): Promise<void> {
    try {
      for (const track of this.local.tracks(source)) await this.#call?.uplink.publish(source, track);
    } catch (error) {
      this.#warn(error);
      // What nobody sees must not look as if it were seen.
      const refused = error instanceof RequestError && error.code === 'PERMISSION_DENIED';
      if (source === 'screen' || refused) this.local.close(source);
      if (source === 'screen') this.unpublish('screen');
    }
  }

  /** Something failed, the call goes on. */
  readonly #warn = (error: unknown): void => {
    if (!this.#over && !isUnreachable(error)) this.view.notice.show('warning', describe(error));
  };

  #observer(): CallObserver {
    return {
      changed: () => {
        if (!this.#call?.roster.sharerId) this.view.notice.clear(this.#shareRefusal); // not true any more
        this.view.refreshed();
        this.#markFirstFrame();
      },
      waiting: (place) => {
        if (!this.#over) this.view.waiting(place);
      },
      forbidden: (source) => this.#forbidHere(source),
      muted: (kind, by) => this.#muteHere(kind, by),
      askedToUnmute: (kind, by) => this.#offerUnmute(kind, by),
      reaction: (id, emoji) => this.view.grid.tile(tileKey(id, 'camera'))?.showReaction(emoji),
      recordingStarted: (by) => {
        if (!this.#call?.recording.consentFor) this.view.notice.show('info', `${by ? `${by} records` : 'The gateway records'} this meeting.`);
      },
      recordingReady: () => this.view.notice.show('info', 'A recording of this meeting is ready: see Recordings.'),
      recordingTrouble: (message) => this.view.notice.show('warning', message),
      streamStarted: (by) => this.view.notice.show('info', `${by ? `${by} streams` : 'The gateway streams'} this meeting: others can watch it live.`),
      streamStopped: (reason) => this.view.notice.show('info', describeStop(reason)),
      draining: () => this.view.notice.show('warning', 'The gateway is about to stop. The meeting will end soon.'),
      ended: (reason) => this.#endHere(reason),
      repairing: (active) => this.#tellRepair(active),
      problem: this.#warn,
    };
  }

  #tellRepair(active: boolean): void {
    if (this.#over) return;
    if (active) this.view.notice.show('warning', kRepairing);
    else this.view.notice.clear(kRepairing);
  }

  /** The call stays as it is: media goes its own way, and the seat is ours for a while. */
  #lost(final: boolean): void {
    this.view.notice.show('error', final ? 'The gateway closed the connection.' : kLost, { label: 'Rejoin now', run: () => this.#signalling.retryNow() });
    this.view.refreshed();
  }

  async #rejoin(): Promise<void> {
    try {
      this.view.notice.clear();
      if (await this.#resume()) return;
      this.#dropCall();
      await this.#enter();
    } catch (error) {
      if (this.#over || isAbandoned(error) || isUnreachable(error)) return; // onBack() comes again
      if (error instanceof RequestError && error.code !== 'TIMEOUT') return this.#endHere(describe(error));
      this.view.notice.show('error', describe(error), { label: 'Try again', run: () => void this.#rejoin() });
    }
  }

  /** False where the seat is not ours any more. */
  async #resume(): Promise<boolean> {
    try {
      if (!(await this.#call?.resume())) return false;
    } catch {
      return false; // too late, or another gateway
    }
    for (const source of kSources) await this.#publish(source); // what was turned on meanwhile
    this.view.refreshed();
    return true;
  }

  #dropCall(): void {
    this.#signalling.forgetEvents();
    this.#call?.close();
  }

  #endHere(reason: string): void {
    this.#finish();
    this.view.ended(reason);
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

function isAbandoned(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'ABANDONED';
}
