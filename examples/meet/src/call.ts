// One stay in a room: who is there, what they send, what we send. No page elements in here.
import { Device } from 'mediasoup-client';
import type { VideoCodec } from './codec';
import { Chat } from './chat';
import { ConnectionQuality } from './connection_quality';
import { Door } from './door';
import { Downlink } from './downlink';
import { Engagement } from './engagement';
import { describeEnd, refusedJoin, RequestError } from './failure';
import { LiveStream, type LiveStreamObserver } from './live_stream';
import { Moderation } from './moderation';
import type { HeldJoin, JoinResult, MuteKind, Quality, QualityReport, ReconnectResult, Source } from './protocol';
import type { Reception } from './reception';
import { Recording, type RecordingObserver } from './recording';
import { Roster } from './roster';
import type { Signalling } from './signalling';
import { Uplink } from './uplink';

export interface CallObserver extends RecordingObserver, LiveStreamObserver {
  /** Participants or media changed; read them anew. */
  changed(): void;
  /** The join is held: someone has to let us in. Told again when the place in the queue changes. */
  waiting(place: Pick<HeldJoin, 'position' | 'hostPresent'>): void;
  /** Our role does not let us send this any more. */
  forbidden(source: Source): void;
  /** A moderator has muted us, or asks us to speak; by name. */
  muted(kind: MuteKind, by: string): void;
  askedToUnmute(kind: MuteKind, by: string): void;
  reaction(participantId: string, emoji: string): void;
  /** The gateway is about to stop. */
  draining(): void;
  /** The stay is over by the gateway's decision. */
  ended(reason: string): void;
  /** The path of the media is broken and being repaired, or whole again. */
  repairing(active: boolean): void;
  /** Something failed, the call goes on. */
  problem(error: unknown): void;
}

/** Says that we were let in before, where the waiting room has given us something to say so. */
export interface DoorPass {
  token?: string;
}

export class Call {
  readonly roster: Roster;
  readonly uplink: Uplink;
  readonly downlink: Downlink;
  readonly moderation: Moderation;
  readonly engagement: Engagement;
  readonly door: Door;
  readonly chat: Chat;
  readonly recording: Recording;
  readonly stream: LiveStream;
  readonly quality: ConnectionQuality;
  #reconnectToken = '';
  #abandon: (error: unknown) => void = () => {};
  /** performance.now() when room:join went out. */
  joinedAt = 0;
  #closed = false;

  constructor(
    private readonly signalling: Signalling,
    codec: VideoCodec,
    layers: boolean,
    private readonly observer: CallObserver,
  ) {
    const { changed, repairing, problem } = observer;
    const links = { repairing, failed: problem };
    this.roster = new Roster(signalling, changed, (participantId) => this.#forget(participantId));
    this.uplink = new Uplink(signalling, codec, layers, { ...links, forbidden: observer.forbidden });
    this.downlink = new Downlink(signalling, { ...links, changed, problem });
    this.moderation = new Moderation(signalling);
    this.engagement = new Engagement(signalling, observer);
    this.door = new Door(signalling, changed);
    this.chat = new Chat(signalling, changed);
    this.recording = new Recording(signalling, observer);
    this.stream = new LiveStream(signalling, observer);
    this.quality = new ConnectionQuality(signalling, (reception) => this.#reception(reception), changed);
    this.#listen();
  }

  /** @param pass Outlives the call: with it we need not wait a second time. */
  async join(roomId: string, name: string, pass: DoorPass): Promise<void> {
    const stay = await this.#enter(roomId, name, pass);
    this.#begin(stay);
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: stay.rtpCapabilities });
    await Promise.all([this.uplink.open(device), this.downlink.open(device, stay.producers)]);
    if (this.#closed) return this.close();
    this.quality.begin();
    this.observer.changed();
  }

  /**
   * Takes the seat again after a lost connection: media has gone on meanwhile. Rejects where it is not ours any more;
   * false: we had none.
   */
  async resume(): Promise<boolean> {
    if (!this.#reconnectToken) return false;
    const stay = await this.signalling.request('reconnect:attempt', { reconnectToken: this.#reconnectToken });
    const heldBefore = this.roster.self?.muted ?? [];
    this.#begin(stay);
    this.roster.pinnedId = stay.media.pinned ?? undefined;
    this.chat.typing.clear();
    this.quality.words.clear(); // all are told anew
    this.door.begin();
    void this.recording.load();
    void this.stream.load().catch(() => {});
    for (const kind of stay.self.muted ?? []) if (!heldBefore.includes(kind)) this.observer.muted(kind, 'A moderator');
    const others = stay.producers.filter(({ participantId }) => participantId !== stay.self.participantId);
    this.downlink.resume(others, stay.media);
    await this.uplink.resume(stay.media);
    this.observer.changed();
    return true;
  }

  /** For all video that we receive, also later. */
  async setQuality(layer: Quality): Promise<void> {
    await this.signalling.request('quality:change', { layer });
  }

  /** For ourselves; a second time takes it back. */
  async pin(participantId: string): Promise<void> {
    const wanted = this.roster.pinnedId === participantId ? undefined : participantId;
    await this.signalling.request('pin:user', { participantId: wanted ?? null });
    this.roster.pinnedId = wanted;
    this.observer.changed();
  }

  /** For everybody; a second time takes it back. */
  async spotlight(participantId: string): Promise<void> {
    const lit = this.roster.spotlightId === participantId;
    await this.signalling.request('participant:spotlight', { participantId: lit ? null : participantId });
  }

  /** Says that a screen will follow. Rejects while somebody else shares theirs. */
  async startShare(): Promise<void> {
    try {
      await this.signalling.request('screenshare:start', {});
    } catch (error) {
      throw this.#sharedBy(error);
    }
  }

  /** Closes our side only, and gives up a join that is held; `room:leave` or the lost connection tells the gateway. */
  close(): void {
    this.#closed = true;
    this.#abandon(new RequestError('ABANDONED', ''));
    this.uplink.close();
    this.downlink.close();
    this.quality.close();
    this.roster.people.clear();
  }

  #forget(participantId: string): void {
    this.downlink.forget(participantId);
    this.quality.forget(participantId);
  }

  async #reception(reception: Reception): Promise<QualityReport> {
    const reports = await Promise.all([this.uplink.stats(), this.downlink.stats()]);
    return reception.report(reports.filter((report) => report !== undefined), this.downlink.media.values(), performance.now());
  }

  #begin(stay: JoinResult | ReconnectResult): void {
    this.#reconnectToken = stay.reconnectToken ?? '';
    this.roster.begin(stay);
    this.roster.complete(stay).catch((error) => {
      if (!this.#closed) this.observer.problem(error);
    });
  }

  /** The acked join, or the one that arrives as an event after a wait. */
  async #enter(roomId: string, name: string, pass: DoorPass): Promise<JoinResult> {
    const admitted = new Promise<JoinResult>((resolve, reject) => {
      this.#abandon = reject;
      this.signalling.on('room:joined', resolve);
      this.signalling.on('room:denied', ({ code, message, details }) => reject(new RequestError(code, message, details)));
    });
    admitted.catch(() => {}); // an ack may have settled the join before
    this.joinedAt = performance.now();
    this.signalling.on('waitingroom:waiting', (place) => this.observer.waiting(place));
    const answer = await this.signalling.request('room:join', { roomId, name, ...pass }).catch((error) => {
      throw refusedJoin(error);
    });
    if (!('held' in answer)) return answer;
    if (answer.admissionTicket) pass.token = answer.admissionTicket;
    this.observer.waiting(answer);
    return admitted;
  }

  #listen(): void {
    const { signalling, observer } = this;
    signalling.on('room:draining', () => observer.draining());
    signalling.on('room:closed', ({ reason }) => observer.ended(describeEnd(reason, 'closed')));
    signalling.on('participant:removed', ({ reason }) => observer.ended(describeEnd(reason, 'removed')));
    signalling.on('mute:remote', ({ kind, by }) => observer.muted(kind, this.#nameOf(by)));
    signalling.on('unmute:requested', ({ kind, by }) => observer.askedToUnmute(kind, this.#nameOf(by)));
    signalling.on('error', ({ code, message, details }) => observer.problem(new RequestError(code, message, details)));
  }

  /** The refusal names the sharer by id; people know each other by name. */
  #sharedBy(error: unknown): unknown {
    if (!(error instanceof RequestError) || error.code !== 'CONFLICT') return error;
    const name = this.#nameOf(String(error.details['participantId']));
    return new Error(`${name} is sharing a screen. Only one can be shared at a time.`);
  }

  #nameOf(participantId: string | null): string {
    return this.roster.people.get(participantId ?? '')?.name ?? 'Somebody';
  }
}
