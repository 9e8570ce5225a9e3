// What we receive: every producer of the others, consumed as soon as it is announced.
import type { Device, types } from 'mediasoup-client';
import { KeptTransport, type KeptTransportObserver } from './kept_transport';
import type { Layers, ProducerInfo, ReconnectResult } from './protocol';
import type { Signalling } from './signalling';
import { createRecvTransport } from './transports';

/** A producer of someone else, and our consumer of it. */
export interface RemoteMedia {
  info: ProducerInfo;
  consumer: types.Consumer;
  paused: boolean;
  /** Of video, once the gateway has told. */
  layers?: Layers;
}

export interface DownlinkObserver extends Omit<KeptTransportObserver, 'replaced'> {
  /** Media came, went, was paused or resumed. */
  changed(): void;
  problem(error: unknown): void;
}

export class Downlink {
  readonly media = new Map<string, RemoteMedia>();
  readonly #announced = new Map<string, ProducerInfo>();
  /** What closed before the list that still names it was read. */
  readonly #ended = new Set<string>();
  readonly #transport: KeptTransport;
  #device?: Device;
  #closed = false;

  constructor(
    private readonly signalling: Signalling,
    private readonly observer: DownlinkObserver,
  ) {
    const make = () => createRecvTransport(this.#device!, signalling);
    this.#transport = new KeptTransport(signalling, make, { ...observer, replaced: () => this.#consumeAll() });
    this.#listen();
  }

  /** @param known What was published before we came. */
  async open(device: Device, known: ProducerInfo[]): Promise<void> {
    for (const info of known) if (!this.#ended.has(info.producerId)) this.#announced.set(info.producerId, info);
    this.#ended.clear();
    this.#device = device;
    await this.#transport.open();
    void this.#consumeAll();
  }

  /** After a time without news: what is published now, and what the gateway has kept of ours. */
  resume(published: ProducerInfo[], { transports, consumers }: ReconnectResult['media']): void {
    const current = new Set(published.map(({ producerId }) => producerId));
    const kept = new Set(consumers.map(({ id }) => id));
    this.#transport.resume(transports);
    for (const producerId of [...this.#announced.keys()]) if (!current.has(producerId)) this.#drop(producerId);
    for (const info of published) {
      this.#announced.set(info.producerId, info);
      const media = this.media.get(info.producerId);
      if (media && kept.has(media.consumer.id)) {
        this.#markPaused(info.producerId, info.paused ?? false);
      } else {
        this.#release(info.producerId);
        void this.#consume(info);
      }
    }
  }

  /** The participant is gone, and with it what it sent. */
  forget(participantId: string): void {
    for (const info of [...this.#announced.values()]) if (info.participantId === participantId) this.#drop(info.producerId);
  }

  /** Of all that we receive; undefined where there is no transport. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#transport.current?.getStats();
  }

  close(): void {
    this.#closed = true;
    this.#transport.close();
    this.media.clear();
  }

  #listen(): void {
    const { signalling } = this;
    signalling.on('producer:new', (info) => {
      this.#announced.set(info.producerId, info);
      void this.#consume(info);
    });
    signalling.on('producer:closed', ({ producerId }) => this.#drop(producerId));
    signalling.on('producer:paused', ({ producerId }) => this.#markPaused(producerId, true));
    signalling.on('producer:resumed', ({ producerId }) => this.#markPaused(producerId, false));
    signalling.on('consumer:layers-changed', (layers) => {
      const media = this.media.get(layers.producerId);
      if (!media || media.consumer.id !== layers.consumerId) return;
      media.layers = layers;
      this.observer.changed();
    });
    signalling.on('consumer:closed', ({ consumerId }) => {
      for (const { info, consumer } of this.media.values()) if (consumer.id === consumerId) this.#release(info.producerId);
    });
  }

  async #consumeAll(): Promise<void> {
    for (const producerId of [...this.media.keys()]) this.#release(producerId);
    await Promise.all([...this.#announced.values()].map((info) => this.#consume(info)));
  }

  async #consume(info: ProducerInfo): Promise<void> {
    const transport = this.#transport.current;
    if (!transport || !this.#device) return; // open() will
    const { producerId } = info;
    try {
      const { id, kind, rtpParameters, appData, producerPaused } = await this.signalling.request('consume', {
        transportId: transport.id,
        producerId,
        rtpCapabilities: this.#device.recvRtpCapabilities,
        paused: true, // until the browser is ready for the first packet: a key frame sent earlier would be lost
      });
      const consumer = await transport.consume({ id, producerId, kind, rtpParameters, appData: appData ?? {} });
      if (!this.#announced.has(producerId)) return consumer.close(); // it ended meanwhile
      this.media.set(producerId, { info, consumer, paused: producerPaused ?? info.paused ?? false });
      this.observer.changed();
      await this.signalling.request('consumer:resume', { consumerId: id });
    } catch (error) {
      // Nobody's problem: the producer closed while we asked for it, or the transport was given up for another one.
      const current = this.#announced.has(producerId) && transport === this.#transport.current && !transport.closed;
      if (current && !this.#closed) this.observer.problem(error);
    }
  }

  #drop(producerId: string): void {
    if (!this.#device) this.#ended.add(producerId);
    this.#announced.delete(producerId);
    this.#release(producerId);
  }

  #release(producerId: string): void {
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
