import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

meetingTest('a shared screen shows beside the camera, and goes away', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await ben.press('screen');
  await anna.watches('Ben', 'screen');
  await anna.watches('Ben', 'webcam');
  assert.equal(await anna.page.locator('.tile[data-purpose=screen]').count(), 1);

  await ben.press('screen');
  await eventually(
    'the screen goes away',
    () => anna.page.locator('.tile[data-purpose=screen]').count(),
    (count) => count === 0,
  );
  await anna.watches('Ben', 'webcam');
});

meetingTest('one who joins later sees the shared screen', async ({ enter }) => {
  const anna = await enter('Anna');
  await anna.press('screen');
  const ben = await enter('Ben');
  await ben.watches('Anna', 'screen');
});

meetingTest('a shared screen is larger than the cameras, and everybody reads whose it is', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await ben.press('screen');
  await anna.watches('Ben', 'screen');
  const width = async (purpose) => (await anna.page.locator(`.tile[data-purpose=${purpose}]`).first().boundingBox()).width;
  assert.ok((await width('screen')) > 2 * (await width('camera')));
  assert.equal(await anna.page.locator('#sharing').innerText(), 'Ben is sharing');
  assert.equal(await ben.page.locator('#sharing').innerText(), 'You are sharing');
  await ben.leave();
  await eventually('nobody shares', () => anna.page.locator('#sharing').isHidden());
});

meetingTest('a second sharer is refused with who shares, until that one stops', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await ben.press('screen');
  await anna.watches('Ben', 'screen');
  await anna.press('screen');
  await anna.isTold(/Ben is sharing a screen/);
  assert.equal(await anna.page.locator('#toolbar button[data-source=screen]').getAttribute('data-on'), 'false');

  await ben.press('screen');
  await eventually('nobody shares', () => anna.page.locator('#sharing').isHidden());
  assert.equal(await anna.page.locator('#notice').isVisible(), false); // what it said holds no longer
  await anna.press('screen');
  await ben.watches('Anna', 'screen');
});

meetingTest('one who closes the choice of a window shares nothing', async ({ enter }) => {
  const anna = await enter('Anna', {
    init: () => {
      navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    },
  });
  const ben = await enter('Ben');
  await anna.press('screen');
  await anna.isTold(/did not allow the screen/);
  await ben.press('screen');
  await anna.watches('Ben', 'screen');
});

meetingTest('the sound of a shared screen comes along', async ({ enter }) => {
  const anna = await enter('Anna', {
    init: () => {
      const { mediaDevices } = navigator;
      const display = mediaDevices.getDisplayMedia.bind(mediaDevices);
      mediaDevices.getDisplayMedia = async (constraints) => {
        // Not every system can record what it plays; a tone stands in for it.
        const context = new AudioContext();
        const tone = context.createOscillator();
        const out = context.createMediaStreamDestination();
        tone.connect(out);
        tone.start();
        const picture = await display({ ...constraints, audio: false });
        return new MediaStream([...picture.getVideoTracks(), ...out.stream.getAudioTracks()]);
      };
    },
  });
  const ben = await enter('Ben');
  await anna.press('screen');
  await ben.watches('Anna', 'screen');
  const energy = async () => (await ben.inboundOf('Anna', 'screen', 'audio'))?.audioEnergy ?? 0;
  const first = await eventually('Ben hears the screen', energy);
  await eventually('Ben goes on hearing it', energy, (now) => now > first);
  await anna.press('screen');
  await eventually('the sound has ended', () => ben.inboundOf('Anna', 'screen', 'audio'), (track) => !track);
  await ben.hears('Anna');
});
