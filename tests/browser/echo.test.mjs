// The example plugin `echo`, from a page that knows nothing but mediasoup-client and socket.io-client.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './support/browser.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';
import { bundleForPage } from './support/page_bundle.mjs';

let browser;
let gateway;
before(async () => {
  browser = await launchBrowser();
  gateway = await Gateway.start({ plugins: ['echo'] });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

const kLibraries = "export { Device } from 'mediasoup-client'; export { io } from 'socket.io-client';";

/** Sends the fake camera and microphone, and keeps the consumers of what comes back in `window.consumers`. */
async function sendMedia() {
  const { Device, io } = window.libraries;
  const socket = io({ forceNew: true });
  const ask = async (event, data = {}) => {
    const ack = await socket.timeout(10_000).emitWithAck(event, data);
    if (!ack.ok) throw new Error(`${event}: ${ack.error.code} ${ack.error.message}`);
    return ack.data;
  };
  const { rtpCapabilities: routerRtpCapabilities } = await ask('echo:join');
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities });

  const send = device.createSendTransport(await ask('echo:transport'));
  const recv = device.createRecvTransport(await ask('echo:transport'));
  for (const transport of [send, recv]) {
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      ask('echo:connect', { transportId: transport.id, dtlsParameters }).then(() => done(), failed);
    });
  }
  const echoed = [];
  send.on('produce', ({ kind, rtpParameters }, done, failed) => {
    const { recvRtpCapabilities: rtpCapabilities } = device;
    ask('echo:produce', { sendTransportId: send.id, recvTransportId: recv.id, kind, rtpParameters, rtpCapabilities })
      .then((consumer) => (echoed.push(consumer), done({ id: consumer.producerId })), failed);
  });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) await send.produce({ track });
  window.consumers = await Promise.all(echoed.map((consumer) => recv.consume(consumer)));
  window.players = window.consumers.map(({ track }) => {
    const player = document.createElement(track.kind);
    player.srcObject = new MediaStream([track]);
    player.play();
    return player;
  });
}

/** `field` of the one received track of that kind. */
function received(page, kind, field) {
  return page.evaluate(
    async ([wanted, name]) => {
      const consumer = window.consumers.find((one) => one.kind === wanted);
      const stats = [...(await consumer.getStats()).values()];
      return stats.find(({ type }) => type === 'inbound-rtp')?.[name] ?? 0;
    },
    [kind, field],
  );
}

test('a client gets its own picture and sound back', { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${gateway.url}/?mic=0&cam=0`);
  await page.addScriptTag({ content: await bundleForPage(kLibraries) });
  await page.evaluate(sendMedia);
  assert.equal(await page.evaluate(() => window.consumers.length), 2);
  for (const [kind, field] of [['video', 'framesDecoded'], ['audio', 'totalAudioEnergy']]) {
    const first = await eventually(`${field} counts`, () => received(page, kind, field));
    await eventually(`${field} goes on`, () => received(page, kind, field), (now) => now > first);
  }
  await context.close();
});
