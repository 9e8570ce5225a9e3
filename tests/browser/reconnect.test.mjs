import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

meetingTest('a page that is reloaded comes back, and media flows again', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.watches('Ben');
  const before = await ben.probe('selfId');

  await ben.page.reload();
  await ben.inCall();
  assert.notEqual(await ben.probe('selfId'), before);
  await anna.sees('Anna', 'Ben'); // one Ben, not two
  await anna.watches('Ben');
  await anna.hears('Ben');
  await ben.watches('Anna');
});

meetingTest('one who is muted is still muted after a reload', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await ben.press('mic');
  await ben.page.reload();
  await ben.inCall();
  await anna.sees('Anna', 'Ben');
  await anna.watches('Ben');
  assert.equal(await anna.inboundOf('Ben', 'mic'), undefined);
});

meetingTest('a gateway that dies is told to the people in the room', async ({ enter, gateway }) => {
  const dying = await gateway({});
  const anna = await enter('Anna');
  await dying.kill();
  await eventually('the notice', () => anna.notice(), (text) => text.includes('Connection lost'));
  assert.ok(await anna.page.getByRole('button', { name: 'Rejoin now' }).isVisible());
});

meetingTest('a gateway that is about to stop says so before it ends the meeting', async ({ enter, gateway }) => {
  const stopping = await gateway({});
  const anna = await enter('Anna');
  const stopped = stopping.stop();
  await anna.isTold(/about to stop/);
  await anna.isTold(/going down/);
  assert.equal(await anna.probe('phase'), 'lobby');
  await stopped;
});

meetingTest('people are in the room again when the gateway is back', async ({ enter, gateway }) => {
  const restarting = await gateway({});
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.watches('Ben');
  await restarting.kill();
  await restarting.restart();
  await anna.sees('Anna', 'Ben');
  await anna.watches('Ben');
  await ben.hears('Anna');
  await eventually('the notice goes away', () => anna.page.locator('#notice').isHidden());
});
