// What we send: at most one producer of each kind for each source, published again when the transport is replaced.
import type { Device, types } from 'mediasoup-client';
import { videoCodecFrom, type VideoCodec } from './codec';
import { isUnreachable } from './failure';
import { KeptTransport, type KeptTransportObserver } from './kept_transport';
import type { ReconnectResult, Source } from './protocol';
import type { Signalling } from './signalling';
import { createSendTransport } from './transports';

const kMaxBitrate: Record<'webcam' | 'screen', number> = { webcam: 1_500_000, screen: 2_500_000 };
/** A camera three times, so that each receiver gets what its path carries: a quarter of the width, a half, all of it. */
const kSimulcast: RTCRtpEncodingParameters[] = [
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: kMaxBitrate.webcam },
];

export interface UplinkObserver extends Omit<KeptTransportObserver, 'replaced'> {
  /** The gateway has closed it: our role does not allow it any more. */
  forbidden(source: Source): void;
}

export interface Sent {
  source: Source;
  track: MediaStreamTrack;
  producer: types.Producer;
}

export class Uplink {
  /** By source and kind: a screen has a picture and, in some browsers, sound. */
  readonly sent = new Map<string, Sent>();
  readonly #transport: KeptTransport;
  #device?: Device;

  constructor(
    private readonly signalling: Signalling,
    private readonly codec: VideoCodec,
    private readonly layers: boolean,
    observer: UplinkObserver,
  ) {
    signalling.on('producer:closed', ({ producerId }) => this.#closed(producerId, observer));
    const make = () => createSendTransport(this.#device!, signalling);
    this.#transport = new KeptTransport(signalling, make, { ...observer, replaced: () => this.#publishAgain() });
  }

  async open(device: Device): Promise<void> {
    this.#device = device;
    await this.#transport.open();
  }

  /** Of all that we send; undefined where there is no transport. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#transport.current?.getStats();
  }

  async publish(source: Source, track: MediaStreamTrack): Promise<void> {
    const transport = this.#transport.current;
    const key = `${source}/${track.kind}`;
    if (!transport || this.sent.has(key)) return;
    const producer = await transport.produce({
      track,
      stopTracks: false, // LocalMedia owns the track; it outlives a lost connection
      appData: { source, paused: !track.enabled },
      ...this.#encoding(source, track.kind),
    });
    this.sent.set(key, { source, track, producer });
  }

  async unpublish(source: Source): Promise<void> {
    const ended = this.#of(source);
    for (const [key, { producer }] of ended) {
      this.sent.delete(key);
      producer.close();
    }
    if (source === 'screen') return void (await this.signalling.request('screenshare:stop', {}));
    await Promise.all(
      ended.map(([, { producer }]) => this.signalling.request('producer:close', { producerId: producer.id })),
    );
  }

  async setPaused(source: Source, paused: boolean): Promise<void> {
    for (const [, { producer }] of this.#of(source)) {
      if (producer.paused === paused) continue;
      // Muting takes effect here before the gateway is asked: the person must not be heard meanwhile.
      if (paused) producer.pause();
      else producer.resume();
      await this.#tellPaused(producer);
    }
  }

  /** After a time without news: what the gateway has of ours becomes what we send. What it has lost is to be published. */
  async resume({ producers, transports }: ReconnectResult['media']): Promise<void> {
    const kept = new Map(producers.map(({ producerId, paused }) => [producerId, paused]));
    const differs: types.Producer[] = [];
    for (const [key, { producer }] of [...this.sent]) {
      const paused = kept.get(producer.id);
      if (paused === undefined) {
        this.sent.delete(key);
        producer.close();
      } else if (paused !== producer.paused) {
        differs.push(producer);
      }
      kept.delete(producer.id);
    }
    this.#transport.resume(transports);
    await Promise.all(differs.map((producer) => this.#tellPaused(producer)));
    await Promise.all([...kept.keys()].map((producerId) => this.signalling.request('producer:close', { producerId })));
  }

  /** The gateway forwards nothing of it any more. */
  pauseHere(source: Source): void {
    for (const [, { producer }] of this.#of(source)) producer.pause();
  }

  close(): void {
    this.#transport.close();
    this.sent.clear();
  }

  /** While the connection is lost nothing is told; resume() will. */
  async #tellPaused({ id, paused }: types.Producer): Promise<void> {
    try {
      await this.signalling.request(paused ? 'producer:pause' : 'producer:resume', { producerId: id });
    } catch (error) {
      if (!isUnreachable(error)) throw error;
    }
  }

  #closed(producerId: string, observer: UplinkObserver): void {
    for (const [key, { source, producer }] of [...this.sent]) {
      if (producer.id !== producerId) continue;
      this.sent.delete(key);
      producer.close();
      observer.forbidden(source);
    }
  }

  #of(source: Source): [string, Sent][] {
    return [...this.sent].filter(([, sent]) => sent.source === source);
  }

  #encoding(source: Source, kind: string): Pick<types.ProducerOptions, 'codec' | 'codecOptions' | 'encodings'> {
    if (source === 'mic') return { codecOptions: { opusDtx: true, opusFec: true } };
    if (kind === 'audio') return { codecOptions: { opusStereo: true, opusFec: true } }; // music, not speech
    return {
      codec: videoCodecFrom(this.#device!.sendRtpCapabilities, this.codec),
      encodings: this.#encodings(source),
    };
  }

  /** Layers are for cameras: a screen has to be read, whatever it takes. */
  #encodings(source: 'webcam' | 'screen'): types.RtpEncodingParameters[] {
    if (source === 'webcam' && this.layers && this.codec === 'vp8') return kSimulcast;
    const svc = source === 'webcam' && this.layers && this.codec === 'vp9' ? { scalabilityMode: 'L3T3_KEY' } : {};
    return [{ maxBitrate: kMaxBitrate[source], ...svc }];
  }

  async #publishAgain(): Promise<void> {
    const lost = [...this.sent.values()];
    this.sent.clear();
    for (const { source, track } of lost) {
      if (track.readyState === 'live') await this.publish(source, track);
    }
  }
}
