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
