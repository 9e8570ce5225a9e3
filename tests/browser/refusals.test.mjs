import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

meetingTest('a room that does not exist is refused with a reason', async ({ open, gateway }) => {
  await gateway({ videoroom: { create_on_join: false } });
  const anna = await open('Anna');
  await anna.isTold(/no room of this name/);
  assert.equal(await anna.probe('phase'), 'lobby');
});

meetingTest('one who finds the room full is told, and gets in when somebody has left', async ({ open, enter, gateway }) => {
  await gateway({ videoroom: { max_participants: 1 } });
  const anna = await enter('Anna');
  const ben = await open('Ben');
  await ben.isTold(/The room is full/);
  assert.equal(await ben.probe('phase'), 'lobby');
  await anna.leave();
  await eventually('Anna is out', () => anna.probe('phase'), (phase) => phase === 'lobby');
  await ben.page.getByRole('button', { name: 'Join' }).click();
  await ben.inCall();
  await ben.sees('Ben');
});

meetingTest('a gateway without the videoroom plugin says so', async ({ open, gateway }) => {
  await gateway({ plugins: [] });
  await (await open('Anna')).isTold(/videoroom plugin is not loaded/);
});

meetingTest('one who gives no camera and microphone is told, and sees the others all the same', async ({ enter }) => {
  await enter('Anna');
  const ben = await enter('Ben', {
    init: () => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    },
  });
  await ben.isTold(/did not allow the microphone.*did not allow the camera/);
  await ben.watches('Anna');
});

meetingTest('one whose browser keeps the sound off is offered to turn it on', async ({ enter }) => {
  await enter('Anna');
  const ben = await enter('Ben', {
    init: () => {
      const play = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = function () {
        if (this.localName === 'audio' && !window.clicked) return Promise.reject(new DOMException('', 'NotAllowedError'));
        return play.call(this);
      };
      addEventListener('click', () => (window.clicked = true), { capture: true });
    },
  });
  await ben.isTold(/keeps the sound off/);
  await ben.page.getByRole('button', { name: 'Turn sound on' }).click();
  await eventually('the notice goes away', () => ben.page.locator('#notice').isHidden());
  await ben.hears('Anna');
});

meetingTest('the form asks for a name and a room', async ({ open }) => {
  const anna = await open('', { room: '', autojoin: false });
  await anna.page.getByRole('button', { name: 'Join' }).click();
  assert.equal(await anna.page.locator('#name:invalid').count(), 1);
  await anna.page.getByLabel('Your name').fill('Anna');
  await anna.page.getByLabel('Room').fill('the/form');
  await anna.page.getByRole('button', { name: 'Join' }).click();
  assert.equal(await anna.page.locator('#room:invalid').count(), 1);
  await anna.page.getByLabel('Room').fill('the form');
  await anna.page.getByRole('button', { name: 'Join' }).click();
  await anna.inCall();
  assert.equal(await anna.page.locator('#room-name').innerText(), 'the-form');
});
