// A room goes live, and is watched by those who have no seat in it: low-latency HLS, plain HLS, WebRTC.
import assert from 'node:assert/strict';
import { colouredCamera } from './support/canvas_camera.mjs';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { goLive, stopStream } from './support/streams.mjs';

useMeetings();

const kColour = [200, 60, 40];
const kTolerance = 60; // coded twice, by encoders that differ in what red is
const kViewersMs = 60_000; // who watches is told every few seconds
const kPlugins = ['videoroom', 'livestream', 'whip'];
// A small picture, for machines that do all of this in software.
const kSmall = { quality: 'low', frames_per_second: 15, preset: 'ultrafast' };

function withStreams({ gateway }, options = {}) {
  return gateway({ plugins: kPlugins, livestream: { program: kSmall, ...options } });
}

function films(meeting, name) {
  return meeting.enter(name, { init: colouredCamera(kColour), query: { layers: 0 } });
}

const mark = ({ page }) => page.getByRole('status', { name: 'Live stream' });

async function seesHim(viewer) {
  const isClose = (seen) => seen?.every((value, at) => Math.abs(value - kColour[at]) < kTolerance);
  await eventually(`${viewer.name} sees the publisher's picture`, () => viewer.colour(), isClose);
}

meetingTest('who has no seat waits for the stream, watches with low latency, and learns of the end', async (meeting) => {
  await withStreams(meeting);
  const anna = await films(meeting, 'Anna');
  const ben = await meeting.enter('Ben', { cam: false });
  const viewer = await meeting.watch('Viewer');
  await viewer.is('waiting');
  assert.match(await viewer.says(), /has not begun/);

  await goLive(anna);
  await viewer.plays('ll');
  const first = await viewer.time();
  await eventually('the time of the player goes on', () => viewer.time(), (now) => now > first + 1);
  await seesHim(viewer);
  for (const person of [anna, ben]) {
    await mark(person).waitFor();
    await eventually(`${person.name} reads who watches`, () => mark(person).innerText(), (text) => /1 viewer\b/.test(text), kViewersMs);
  }

  await stopStream(anna);
  await viewer.is('ended');
  assert.equal(await viewer.says(), 'The stream has ended.');
  await mark(ben).waitFor({ state: 'hidden' });
});

meetingTest('players that know no parts play whole segments', async (meeting) => {
  await withStreams(meeting);
  const anna = await films(meeting, 'Anna');
  await goLive(anna);
  const viewer = await meeting.watch('Viewer', { query: { mode: 'hls' } });
  await viewer.plays('hls');
  await seesHim(viewer);
});

meetingTest('the same page watches by WebRTC, and goes back to HLS', async (meeting) => {
  await withStreams(meeting);
  const anna = await films(meeting, 'Anna');
  await goLive(anna);
  const viewer = await meeting.watch('Viewer');
  await viewer.plays('ll');
  await viewer.watchBy('whep');
  await viewer.plays('whep');
  await seesHim(viewer);
  await anna.sees('Anna', 'Viewer');
  await viewer.watchBy('ll');
  await anna.sees('Anna'); // its seat is given back
  await viewer.plays('ll');
  await viewer.watchBy('whep');
  await viewer.plays('whep');
  await stopStream(anna);
  await viewer.is('ended');
});

meetingTest('a stream with a key is watched by who has its address', async (meeting) => {
  const gateway = await withStreams(meeting, { hls: { access: 'key' } });
  const anna = await films(meeting, 'Anna');
  await goLive(anna);
  const address = new URL(await anna.page.getByRole('link', { name: 'Watch page' }).getAttribute('href'));
  assert.equal(address.origin, gateway.url);
  const viewer = await meeting.watch('Viewer', { query: { key: address.searchParams.get('key') } });
  await viewer.plays('ll');
});

meetingTest('who streams sees how each server does, and no key stays on the page', async (meeting) => {
  await withStreams(meeting, { rtmp: { private_targets: true } });
  const anna = await films(meeting, 'Anna');
  await goLive(anna, { hls: false, servers: [{ url: 'rtmp://127.0.0.1:9/live', key: 'one-secret', name: 'Nobody' }] });
  const row = anna.page.getByRole('list', { name: 'Servers' }).getByRole('listitem');
  await eventually('the server is tried again', () => row.innerText(), (text) => /Nobody[^]*Reconnecting/.test(text));
  assert.equal((await anna.page.content()).includes('one-secret'), false);
  assert.deepEqual(await anna.page.locator('input').evaluateAll((all) => all.filter(({ value }) => value.includes('secret'))), []);
  await row.getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
});

meetingTest('only those stream whose role may', async (meeting) => {
  await withStreams(meeting);
  const anna = await meeting.enter('Anna', { cam: false });
  const ben = await meeting.enter('Ben', { cam: false });
  await anna.sees('Anna', 'Ben');
  await anna.page.getByRole('button', { name: 'Go live', exact: true }).waitFor();
  assert.equal(await ben.page.locator('#go-live').isVisible(), false);
});
