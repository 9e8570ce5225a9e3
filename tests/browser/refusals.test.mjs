import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

async function isTold(person, pattern) {
  await eventually(`${person.name} is told`, () => person.notice(), (text) => pattern.test(text));
  assert.equal(await person.probe('phase'), 'lobby');
}

meetingTest('a room that does not exist is refused with a reason', async ({ open, gateway }) => {
  await gateway({ createOnJoin: false });
  await isTold(await open('Anna'), /no room of this name/);
});

meetingTest('a gateway without the videoroom plugin says so', async ({ open, gateway }) => {
  await gateway({ plugins: [] });
  await isTold(await open('Anna'), /videoroom plugin is not loaded/);
});

meetingTest('the form asks for a name and a room', async ({ open }) => {
  const anna = await open('', { room: '', autojoin: false });
  await anna.page.getByRole('button', { name: 'Join' }).click();
  assert.equal(await anna.page.locator('#name:invalid').count(), 1);
  await anna.page.getByLabel('Your name').fill('Anna');
  await anna.page.getByLabel('Room').fill('the-form');
  await anna.page.getByRole('button', { name: 'Join' }).click();
  await anna.inCall();
});
