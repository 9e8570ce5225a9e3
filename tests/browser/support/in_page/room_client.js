// A participant without a meeting page: mediasoup-client as an application uses it.
import { Device } from 'mediasoup-client';
import { io } from 'socket.io-client';
import { FrameWatch } from './frame_watch.js';
import { movingPicture } from './moving_picture.js';

const kAckMs = 10_000;

export class RoomClient {
  consumers = [];
  producers = [];
  /** consumer:layers-changed as they came, each with the time of its arrival. */
  layers = [];
  #socket = io({ forceNew: true });
  #known;
  #device;
  #recv;
  #send;

  static async join({ room, name }) {
    const client = new RoomClient();
    client.#socket.on('consumer:layers-changed', (data) => client.layers.push({ at: performance.now(), ...data }));
    const { rtpCapabilities, producers } = await client.#ask('room:join', { roomId: room, name });
    client.#known = producers;
    client.#device = await Device.factory();
    await client.#device.load({ routerRtpCapabilities: rtpCapabilities });
    return client;
  }

  /** Takes all that the others published before this one joined. */
  async receive() {
    for (const { producerId } of this.#known) await this.#consume(producerId);
  }

  /** A moving picture. `codec`: `VP8`; the rest as RTCRtpEncodingParameters have it. */
  async publishPicture({ codec, width, height, fps, encodings }) {
    const track = movingPicture({ width, height, fps });
    const wanted = this.#device.sendRtpCapabilities.codecs.find(({ mimeType }) => mimeType === `video/${codec}`);
    const producer = await this.#produce(track, 'webcam', { codec: wanted, encodings });
    // The machines of these tests are slow: the browser would make the picture smaller by itself.
    const { rtpSender } = producer;
    const parameters = rtpSender.getParameters();
    parameters.degradationPreference = 'maintain-framerate-and-resolution';
    await rtpSender.setParameters(parameters);
  }

  async publishSound() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    await this.#produce(stream.getAudioTracks()[0], 'mic', { codecOptions: { opusFec: true } });
  }

  /** The FrameWatch of the one picture that is received. */
  get watch() {
    return this.consumers.find(({ consumer }) => consumer.kind === 'video').watch;
  }

  /** RTCStats of one type, of all that is received or sent of that kind. */
  async stats(type, kind) {
    const all = [...this.consumers.map(({ consumer }) => consumer), ...this.producers];
    const reports = await Promise.all(all.filter((one) => one.kind === kind).map((one) => one.getStats()));
    return reports.flatMap((report) => [...report.values()].filter((one) => one.type === type));
  }

  async #produce(track, source, options) {
    this.#send ??= this.#transport('send');
    const producer = await (await this.#send).produce({ track, appData: { source }, ...options });
    this.producers.push(producer);
    return producer;
  }

  async #consume(producerId) {
    this.#recv ??= this.#transport('recv');
    const transport = await this.#recv;
    const { recvRtpCapabilities: rtpCapabilities } = this.#device;
    const request = { transportId: transport.id, producerId, rtpCapabilities, paused: true };
    const { id, kind, rtpParameters } = await this.#ask('consume', request);
    const consumer = await transport.consume({ id, producerId, kind, rtpParameters });
    const watch = kind === 'video' ? new FrameWatch(consumer.track) : playSound(consumer.track);
    this.consumers.push({ consumer, watch });
    await this.#ask('consumer:resume', { consumerId: id });
  }

  async #transport(direction) {
    const description = await this.#ask('transport:create', { direction });
    description.iceCandidates = await throughLink(direction, description.iceCandidates);
    const make = direction === 'send' ? 'createSendTransport' : 'createRecvTransport';
    const transport = this.#device[make](description);
    const transportId = transport.id;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.#ask('transport:connect', { transportId, dtlsParameters }).then(() => done(), failed);
    });
    transport.on('produce', ({ kind, rtpParameters, appData: { source } }, done, failed) => {
      const request = { transportId, kind, rtpParameters, source };
      this.#ask('produce', request).then(({ producerId }) => done({ id: producerId }), failed);
    });
    return transport;
  }

  async #ask(event, data) {
    const ack = await this.#socket.timeout(kAckMs).emitWithAck(event, data);
    if (!ack.ok) throw new Error(`${event}: ${ack.error.code} ${ack.error.message}`);
    return ack.data;
  }
}

/** Where the test has put a bad link before that direction, media goes there, and has no other way. */
async function throughLink(direction, candidates) {
  const direct = candidates.filter(({ protocol }) => protocol === 'udp');
  const port = await window.portOfLink(direction, direct[0].port);
  return port ? [{ ...direct[0], port }] : candidates;
}

/** Sound that nobody plays is not decoded. */
function playSound(track) {
  const player = document.createElement('audio');
  player.srcObject = new MediaStream([track]);
  player.play();
  return player;
}
