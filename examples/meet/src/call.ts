// One stay in a room: who is there, what they send, what we send. No page elements in here.
import { Device, type types } from 'mediasoup-client';
import { videoCodecFrom, type VideoCodec } from './codec';
import { RequestError } from './failure';
import type { JoinResult, Participant, ProducerInfo, Source } from './protocol';
import type { Signalling } from './signalling';
import { createRecvTransport, createSendTransport, keepAlive } from './transports';

const kMaxBitrate: Record<'webcam' | 'screen', number> = { webcam: 1_500_000, screen: 2_500_000 };

/** A producer of someone else, and our consumer of it. */
export interface RemoteMedia {
  info: ProducerInfo;
  consumer: types.Consumer;
  paused: boolean;
}

export interface CallObserver {
  /** Participants or media changed; read them anew. */
  changed(): void;
  /** The join is held: someone has to let us in. */
  waiting(): void;
  /** The stay is over by the gateway's decision. */
  ended(reason: string): void;
  /** Something failed, the call goes on. */
  problem(error: unknown): void;
}

export class Call {
  readonly participants = new Map<string, Participant>();
  readonly media = new Map<string, RemoteMedia>();
  readonly producers = new Map<Source, types.Producer>();
  selfId = '';
  /** performance.now() when room:join went out. */
  joinedAt = 0;

  readonly #announced = new Map<string, ProducerInfo>();
  #device?: Device;
  #send?: types.Transport;
  #recv?: types.Transport;
  #closed = false;

  constructor(
    private readonly signalling: Signalling,
    private readonly codec: VideoCodec,
    private readonly observer: CallObserver,
  ) {
    this.#listen();
  }

  async join(roomId: string, name: string): Promise<void> {
    const room = await this.#enter(roomId, name);
    this.selfId = room.self.participantId;
    for (const participant of room.participants) this.participants.set(participant.participantId, participant);
    this.participants.set(this.selfId, room.self);
    for (const info of room.producers) this.#announced.set(info.producerId, info);

    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: room.rtpCapabilities });
    const [send, recv] = await Promise.all([
      createSendTransport(device, this.signalling),
      createRecvTransport(device, this.signalling),
    ]);
    for (const transport of [send, recv]) keepAlive(transport, this.signalling, this.observer.problem);
    [this.#device, this.#send, this.#recv] = [device, send, recv];
    if (this.#closed) return this.close();
    for (const info of this.#announced.values()) void this.#consume(info);
    this.observer.changed();
  }

  async publish(source: Source, track: MediaStreamTrack): Promise<void> {
    if (!this.#send || !this.#device || this.producers.has(source)) return;
    const producer = await this.#send.produce({
      track,
      stopTracks: false, // LocalMedia owns the track; it outlives a lost connection
      appData: { source, paused: !track.enabled },
      ...(source === 'mic'
        ? { codecOptions: { opusDtx: true, opusFec: true } }
        : {
            codec: videoCodecFrom(this.#device.sendRtpCapabilities, this.codec),
            encodings: [{ maxBitrate: kMaxBitrate[source] }],
          }),
    });
    this.producers.set(source, producer);
  }

  async unpublish(source: Source): Promise<void> {
    const producer = this.producers.get(source);
    if (!producer) return;
    this.producers.delete(source);
    producer.close();
    await this.signalling.request('producer:close', { producerId: producer.id });
  }

  async setPaused(source: Source, paused: boolean): Promise<void> {
    const producer = this.producers.get(source);
    if (!producer || producer.paused === paused) return;
    // Muting takes effect here before the gateway is asked: the person must not be heard meanwhile.
    if (paused) producer.pause();
    else producer.resume();
    await this.signalling.request(paused ? 'producer:pause' : 'producer:resume', { producerId: producer.id });
  }

  /** Closes our side only; `room:leave` or the lost connection tells the gateway. */
  close(): void {
    this.#closed = true;
    this.#send?.close();
    this.#recv?.close();
    this.media.clear();
    this.producers.clear();
    this.participants.clear();
  }

  /** The acked join, or the one that arrives as an event after a wait. */
  async #enter(roomId: string, name: string): Promise<JoinResult> {
    const admitted = new Promise<JoinResult>((resolve, reject) => {
      this.signalling.on('room:joined', resolve);
      this.signalling.on('waitingroom:denied', ({ reason }) =>
        reject(new RequestError('ADMISSION_DENIED', reason ?? '')),
      );
    });
    admitted.catch(() => {}); // an ack may have settled the join before
    this.joinedAt = performance.now();
    const answer = await this.signalling.request('room:join', { roomId, name });
    if (answer?.rtpCapabilities) return answer as JoinResult;
    this.observer.waiting();
    return admitted;
  }

  #listen(): void {
    const { signalling } = this;
    signalling.on('participant:joined', ({ participant }) => this.#learn(participant));
    signalling.on('participant:updated', ({ participant }) => this.#learn(participant));
    signalling.on('participant:left', ({ participantId }) => this.#forget(participantId));
    signalling.on('producer:new', (info) => {
      this.#announced.set(info.producerId, info);
      if (this.#recv) void this.#consume(info);
    });
    signalling.on('producer:closed', ({ producerId }) => this.#drop(producerId));
    signalling.on('producer:paused', ({ producerId }) => this.#markPaused(producerId, true));
    signalling.on('producer:resumed', ({ producerId }) => this.#markPaused(producerId, false));
    signalling.on('consumer:closed', ({ consumerId }) => {
      for (const { info, consumer } of this.media.values()) if (consumer.id === consumerId) this.#drop(info.producerId);
    });
    signalling.on('room:closed', ({ reason }) => this.observer.ended(reason ?? 'The room was closed.'));
    signalling.on('participant:removed', ({ reason }) => this.observer.ended(reason ?? 'You were removed.'));
    signalling.on('error', ({ code, message, details }) =>
      this.observer.problem(new RequestError(code, message, details)),
    );
  }

  async #consume(info: ProducerInfo): Promise<void> {
    if (info.participantId === this.selfId || !this.#recv || !this.#device) return;
    const { producerId } = info;
    try {
      const { id, kind, rtpParameters, appData, producerPaused } = await this.signalling.request('consume', {
        transportId: this.#recv.id,
        producerId,
        rtpCapabilities: this.#device.recvRtpCapabilities,
        paused: true, // until the browser is ready for the first packet: a key frame sent earlier would be lost
      });
      const consumer = await this.#recv.consume({ id, producerId, kind, rtpParameters, appData: appData ?? {} });
      if (!this.#announced.has(producerId)) return consumer.close(); // it ended meanwhile
      this.media.set(producerId, { info, consumer, paused: producerPaused ?? info.paused ?? false });
      this.observer.changed();
      await this.signalling.request('consumer:resume', { consumerId: id });
    } catch (error) {
      // A producer that closed while we asked for it is no problem of anyone's.
      if (!this.#closed && this.#announced.has(producerId)) this.observer.problem(error);
    }
  }

  #learn(participant: Participant): void {
    this.participants.set(participant.participantId, { ...this.participants.get(participant.participantId), ...participant });
    this.observer.changed();
  }

  #forget(participantId: string): void {
    this.participants.delete(participantId);
    for (const info of [...this.#announced.values()]) if (info.participantId === participantId) this.#drop(info.producerId);
    this.observer.changed();
  }

  #drop(producerId: string): void {
    this.#announced.delete(producerId);
    this.media.get(producerId)?.consumer.close();
    this.media.delete(producerId);
    this.observer.changed();
  }

  #markPaused(producerId: string, paused: boolean): void {
    const info = this.#announced.get(producerId);
    if (info) info.paused = paused;
    const media = this.media.get(producerId);
    if (media) media.paused = paused;
    this.observer.changed();
  }
}
