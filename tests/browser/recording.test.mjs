import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './support/eventually.mjs';
import { findFlashesAndBeeps, flashAndBeep, offsetsOf, probe } from './support/flash_and_beep.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { openPanel } from './support/panels.mjs';

useMeetings();

const kSeconds = Number(process.env.SLUICE_RECORDING_SECONDS ?? 12); // 600 for the long run: docs/recording.md
const kMadeMs = 60_000 + kSeconds * 2_000;
const kInStepMs = 40;

const button = ({ page }, name) => page.locator('#toolbar').getByRole('button', { name, exact: true });
const mark = ({ page }) => page.locator('#recording-mark');

async function withRecording({ gateway }, options = {}) {
  return gateway({ plugins: ['videoroom', 'chat', 'engagement', 'recording'], ...options });
}

/** The person's own camera goes on for so long, or longer on a busy machine, by the frames that have left. */
async function films(person, seconds) {
  const sent = async () => (await person.probe('outbound')).find(({ source }) => source === 'webcam')?.frames ?? 0;
  const first = await eventually(`${person.name} films`, sent);
  await eventually(`${person.name} films for ${seconds} s`, sent, (now) => now >= first + seconds * 25, 30_000 + seconds * 3_000);
}

async function record(person) {
  await button(person, 'Record').click();
  await mark(person).waitFor();
}

/** Stops, and waits until the list has the product. Gives the address of its file. */
async function stopAndWait(person, count = 1) {
  await button(person, 'Stop recording').click();
  await mark(person).waitFor({ state: 'hidden' });
  await openPanel(person, 'recordings');
  const ready = person.page.locator('#recordings li[data-state=ready]');
  await eventually('the product is ready', () => ready.count(), (seen) => seen === count, kMadeMs);
  return ready.first().locator('a').getAttribute('href');
}

async function downloaded(address, body) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-recording-'));
  try {
    const answer = await fetch(address);
    assert.equal(answer.status, 200);
    const file = join(folder, 'recording.mp4');
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    return await body(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

meetingTest('flash and beep are in step from the begin to the end, and the product plays', async (meeting) => {
  await withRecording(meeting);
  const anna = await meeting.enter('Anna', { init: flashAndBeep });
  await films(anna, 1);
  const began = performance.now();
  await record(anna);
  await films(anna, kSeconds);
  const lasted = (performance.now() - began) / 1000;
  const address = await stopAndWait(anna);

  await downloaded(address, async (file) => {
    const { format, streams } = await probe(file);
    assert.deepEqual(streams.map(({ codec_name }) => codec_name).sort(), ['aac', 'h264']);
    const duration = Number(format.duration);
    const tolerance = Math.max(0.002 * lasted, 0.5); // the clicks are no clock
    assert.ok(Math.abs(duration - lasted) < tolerance, `${duration} s of ${lasted} s`);
    const found = await findFlashesAndBeeps(file);
    const offsets = offsetsOf(found);
    meeting.context.diagnostic(`beep after flash, ms: ${offsets.map((ms) => ms.toFixed(0)).join(' ')}`);
    assert.ok(offsets.length >= kSeconds - 3, `${offsets.length} pairs in ${kSeconds} s`);
    assert.ok(Math.abs(median(offsets.slice(0, 5))) < kInStepMs, `at the begin ${offsets.slice(0, 5)}`);
    assert.ok(Math.abs(median(offsets.slice(-5))) < kInStepMs, `at the end ${offsets.slice(-5)}`);
  });

  const player = anna.page.locator('#recordings video');
  await player.evaluate((video) => video.play());
  await eventually('the product plays', () => player.evaluate((video) => video.currentTime), (time) => time > 1);
  assert.deepEqual(await player.evaluate(({ error, videoWidth }) => ({ error, videoWidth })), { error: null, videoWidth: 1280 });
});

meetingTest('a pause leaves no gap', async (meeting) => {
  await withRecording(meeting);
  const anna = await meeting.enter('Anna', { init: flashAndBeep });
  await films(anna, 1);
  await record(anna);
  const began = performance.now();
  await films(anna, 4);
  await openPanel(anna, 'recordings');
  await anna.page.getByRole('button', { name: 'Pause recording' }).click();
  await anna.page.locator('#recording-mark[data-state=paused]').waitFor();
  const paused = performance.now();
  await films(anna, 4);
  await anna.page.getByRole('button', { name: 'Go on recording' }).click();
  await anna.page.locator('#recording-mark[data-state=recording]').waitFor();
  const resumed = performance.now();
  await films(anna, 4);
  const recorded = (paused - began + performance.now() - resumed) / 1000;
  const address = await stopAndWait(anna);
  await downloaded(address, async (file) => {
    const found = await findFlashesAndBeeps(file);
    const gaps = found.beeps.slice(1).map((beep, i) => beep - found.beeps[i]);
    // Where it was cut a second may be longer or shorter than one, but never two.
    assert.ok(Math.max(...gaps) < 2.1, `beeps at ${found.beeps}`);
    const duration = Number((await probe(file)).format.duration);
    assert.ok(resumed - paused > 3_000 && Math.abs(duration - recorded) < 1.5, `${duration} s of ${recorded} s`);
    assert.ok(offsetsOf(found).every((ms) => Math.abs(ms) < 2 * kInStepMs), `${offsetsOf(found)}`);
  });
});

meetingTest('who joins a recorded meeting knows, and is not recorded without consent where that is asked for', async (meeting) => {
  await withRecording(meeting, { recording: { consent: 'explicit' } });
  const anna = await meeting.enter('Anna', { cam: false });
  await record(anna);
  const ben = await meeting.enter('Ben', { init: flashAndBeep });
  await mark(ben).waitFor();
  const dialog = ben.page.locator('#consent');
  await dialog.waitFor();
  await films(ben, 2);
  await ben.page.getByRole('button', { name: 'Do not record me' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await films(ben, 2);
  const address = await stopAndWait(anna);
  await downloaded(address, async (file) => {
    const { flashes, frames } = await findFlashesAndBeeps(file, [0, 0, 1, 1]);
    assert.ok(frames > 60, `${frames} frames`);
    assert.ok(flashes.length < 2, `Ben is seen at ${flashes}`); // one light is no change of it
  });
});

meetingTest('only those record whose role may', async (meeting) => {
  await withRecording(meeting);
  const anna = await meeting.enter('Anna', { cam: false });
  const ben = await meeting.enter('Ben', { cam: false });
  await anna.sees('Anna', 'Ben');
  await button(anna, 'Record').waitFor();
  assert.equal(await ben.page.locator('#record').isVisible(), false);
});

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
