// WHIP and WHEP from pages without any library: RTCPeerConnection and fetch, as RFC 9725 has them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './support/browser.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';

const kTestMs = 120_000;

let browser;
let gateway;
before(async () => {
  browser = await launchBrowser();
  gateway = await Gateway.start({ plugins: ['videoroom', 'whip'] });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** In the page: opens a session at `path`, and leaves it in `window.session`. */
async function openSession([path, directions]) {
  const connection = new RTCPeerConnection();
  const stream = new MediaStream();
  if (directions === 'sendonly') {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of media.getTracks()) connection.addTransceiver(track, { direction: directions, streams: [media] });
  } else {
    for (const kind of ['audio', 'video']) connection.addTransceiver(kind, { direction: directions });
    connection.ontrack = ({ track }) => stream.addTrack(track);
    const player = document.createElement('video');
    player.srcObject = stream;
    player.autoplay = true;
    document.body.append(player);
  }
  await connection.setLocalDescription();
  const created = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: connection.localDescription.sdp,
  });
  const answer = await created.text();
  if (created.status !== 201) throw new Error(`${created.status} ${answer}`);
  window.session = { connection, location: created.headers.get('Location'), etag: created.headers.get('ETag') };
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
  return answer;
}

/** In the page: RFC 9725 section 4.3.3, as a client does it. */
async function restartIce() {
  const { connection, location } = window.session;
  connection.restartIce();
  await connection.setLocalDescription();
  const lines = connection.localDescription.sdp.split('\r\n');
  const first = (name) => lines.find((line) => line.startsWith(name));
  const fragment = ['a=group:BUNDLE', 'm=', 'a=mid:', 'a=ice-ufrag:', 'a=ice-pwd:'].map(first).join('\r\n') + '\r\n';
  const answer = await fetch(location, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
    body: fragment,
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
  let sdp = window.session.connection.currentRemoteDescription.sdp;
  for (const name of ['a=ice-ufrag:', 'a=ice-pwd:']) {
    const line = text.split('\r\n').find((each) => each.startsWith(name));
    sdp = sdp.replaceAll(new RegExp(`${name}.*`, 'g'), line);
  }
  await connection.setRemoteDescription({ type: 'answer', sdp });
  return { before: window.session.etag, after: answer.headers.get('ETag') };
}

async function page(path, direction) {
  const context = await browser.newContext({ bypassCSP: true });
  const opened = await context.newPage();
  await opened.goto(`${gateway.url}/?mic=0&cam=0`); // for its origin; nothing of the page is used
  await opened.evaluate(openSession, [path, direction]);
  return opened;
}

/** Whether the path in use is one of the newest credentials: the restart has really happened. */
function usesNewestCredentials(one) {
  return one.evaluate(async () => {
    const { connection } = window.session;
    const stats = await connection.getStats();
    const transport = [...stats.values()].find(({ type }) => type === 'transport');
    const pair = stats.get(transport?.selectedCandidatePairId);
    const inUse = stats.get(pair?.localCandidateId)?.usernameFragment;
    return connection.signalingState === 'stable' && connection.localDescription.sdp.includes(`a=ice-ufrag:${inUse}\r`);
  });
}

/** `field` of the first inbound stream of that kind. */
function inbound(player, kind, field) {
  return player.evaluate(
    async ([wanted, name]) => {
      const stats = [...(await window.session.connection.getStats()).values()];
      return stats.find((one) => one.type === 'inbound-rtp' && one.kind === wanted)?.[name] ?? 0;
    },
    [kind, field],
  );
}

async function goesOn(player, kind, field) {
  const first = await eventually(`${field} counts`, () => inbound(player, kind, field));
  await eventually(`${field} goes on`, () => inbound(player, kind, field), (now) => now > first);
}

test('one page publishes, another plays', { timeout: kTestMs }, async () => {
  const publisher = await page('/whip/stage', 'sendonly');
  const player = await page('/whep/stage', 'recvonly');
  await goesOn(player, 'video', 'framesDecoded');
  await goesOn(player, 'audio', 'totalAudioEnergy');

  const { before: old, after: fresh } = await publisher.evaluate(restartIce);
  assert.notEqual(fresh, old);
  await eventually('the restarted path is in use', () => usesNewestCredentials(publisher));
  await goesOn(player, 'video', 'framesDecoded');

  const gone = await publisher.evaluate(() => fetch(window.session.location, { method: 'DELETE' }).then((r) => r.status));
  assert.equal(gone, 200);
  await publisher.context().close();
  await player.context().close();
});

test('a player that came first follows publishers that come and go', { timeout: kTestMs }, async () => {
  const player = await page('/whep/relay', 'recvonly');
  const frames = () => inbound(player, 'video', 'framesDecoded');
  for (let turn = 0; turn < 2; ++turn) {
    const before = await frames();
    const publisher = await page('/whip/relay', 'sendonly');
    await eventually(`publisher ${turn} is seen`, frames, (now) => now > before + 5);
    await publisher.evaluate(() => fetch(window.session.location, { method: 'DELETE' }));
    await publisher.context().close();
  }
  await player.context().close();
});

/** In the page: publishes by `sdp:offer` over the plain WebSocket. */
async function publishByEvents(room) {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
  await new Promise((done, failed) => ((socket.onopen = done), (socket.onerror = failed)));
  const waiting = new Map();
  const connection = new RTCPeerConnection();
  window.session = { connection, socket, offers: 0 };
  let last = 0;
  const ask = (event, data) =>
    new Promise((done, failed) => {
      waiting.set(++last, ({ ok, data: result, error }) => (ok ? done(result) : failed(new Error(error.message))));
      socket.send(JSON.stringify({ id: last, event, data }));
    });
  socket.onmessage = async ({ data }) => {
    const message = JSON.parse(data);
    if (message.id !== undefined) return waiting.get(message.id)(message);
    if (message.event !== 'sdp:offer') return undefined;
    window.session.offers += 1;
    await connection.setRemoteDescription({ type: 'offer', sdp: message.data.sdp });
    await connection.setLocalDescription();
    return ask('sdp:answer', { sdp: connection.localDescription.sdp });
  };
  await ask('room:join', { roomId: room, name: 'Plain' });
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of media.getTracks()) connection.addTransceiver(track, { direction: 'sendonly', streams: [media] });
  await connection.setLocalDescription();
  const { sdp } = await ask('sdp:offer', { sdp: connection.localDescription.sdp });
  await connection.setRemoteDescription({ type: 'answer', sdp });
}

test('a page that speaks SDP over the WebSocket publishes, and is offered who publishes later', { timeout: kTestMs }, async () => {
  const context = await browser.newContext({ bypassCSP: true });
  const plain = await context.newPage();
  await plain.goto(`${gateway.url}/?mic=0&cam=0`);
  await plain.evaluate(publishByEvents, 'mixed');
  const player = await page('/whep/mixed', 'recvonly');
  await goesOn(player, 'video', 'framesDecoded');

  const publisher = await page('/whip/mixed', 'sendonly');
  await goesOn(plain, 'video', 'framesDecoded');
  assert.ok((await plain.evaluate(() => window.session.offers)) >= 1);
  for (const one of [publisher, player, plain]) await one.context().close();
});
