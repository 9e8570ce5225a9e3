// What hosts decide about others. The gateway does it, whatever the other's page does.
import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { decideAbout, listsPeople, pressInPeople, rowOf } from './support/panels.mjs';

useMeetings();

const kPacketsWithoutAVoice = 50;
const kOnTheWay = 5;

/** A page that never hears of being muted, and so goes on sending. */
function beDeafToModerators() {
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    set onmessage(handler) {
      super.onmessage = (event) => {
        if (/"(mute:remote|participant:updated)"/.test(String(event.data))) window.ignored = true;
        else handler(event);
      };
    }
  };
}

const marked = (person, name) =>
  eventually(`${person.name} sees ${name} muted`, () =>
    person.page.locator('.tile', { hasText: name }).locator('.muted-mark').isVisible(),
  );

const sentOf = async (person) => (await person.probe('outbound')).find(({ source }) => source === 'mic')?.packets ?? 0;
const gotOf = async (person, name) => (await person.inboundOf(name, 'mic'))?.packets ?? 0;

meetingTest('one who is muted is heard by nobody, though its page goes on sending, until it is asked to speak', async ({ enter }) => {
  const anna = await enter('Anna', { cam: false });
  const ben = await enter('Ben', { cam: false, init: beDeafToModerators });
  await anna.hears('Ben');
  await decideAbout(anna, 'Ben', 'Mute');
  await marked(anna, 'Ben');
  await listsPeople(anna, 'Anna (you) Host', 'Ben Muted by a moderator');

  const [sent, got] = [await sentOf(ben), await gotOf(anna, 'Ben')];
  await eventually('Ben goes on sending', () => sentOf(ben), (now) => now > sent + kPacketsWithoutAVoice);
  assert.equal(await ben.page.evaluate(() => window.ignored), true);
  assert.ok((await gotOf(anna, 'Ben')) <= got + kOnTheWay, 'nothing of it comes to Anna');

  await ben.press('mic');
  await ben.press('mic'); // off, and on again
  await ben.isTold(/moderator|not allowed/i);
  assert.ok((await gotOf(anna, 'Ben')) <= got + kOnTheWay, 'Ben cannot unmute itself');

  await decideAbout(anna, 'Ben', 'Ask to unmute');
  await ben.isTold(/Anna asks you to turn on your microphone/);
  await ben.page.getByRole('button', { name: 'Turn on' }).click();
  await anna.hears('Ben');
});

meetingTest('a page that hears of it stops sending, and says who may change that', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.watches('Ben');
  await pressInPeople(anna, 'Mute everybody');
  await ben.isTold(/Anna has turned off your microphone/);
  await ben.press('mic');
  await ben.isTold(/Only a moderator/);
  await decideAbout(anna, 'Ben', 'Stop camera');
  await ben.isTold(/Anna has turned off your camera/);
  await eventually('Ben has no picture for Anna', () => anna.inboundOf('Ben', 'webcam'), (track) => !track);
  await ben.press('webcam');
  await ben.isTold(/turned off your camera. Only a moderator/);
  await decideAbout(anna, 'Ben', 'Allow camera');
  await ben.page.getByRole('button', { name: 'Turn on' }).click();
  await anna.watches('Ben');
});

meetingTest('who becomes a viewer sends nothing any more, and sees the others', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.watches('Ben');
  await decideAbout(anna, 'Ben', 'Make viewer');
  await eventually('Ben has no picture for Anna', () => anna.inboundOf('Ben', 'webcam'), (track) => !track);
  await eventually('nor a voice', () => anna.inboundOf('Ben', 'mic'), (track) => !track);
  await eventually('Ben has no camera to turn on', () =>
    ben.page.locator('#toolbar button[data-source=webcam]').isHidden(),
  );
  assert.deepEqual(await ben.probe('outbound'), []);
  await listsPeople(ben, 'Anna Host', 'Ben (you) Viewer');
  await ben.watches('Anna');

  await decideAbout(anna, 'Ben', 'Make attendee');
  await ben.page.locator('#toolbar button[data-source=webcam]').click();
  await anna.watches('Ben');
});

meetingTest('one who is removed is out, and is told so', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna', { cam: false }), await enter('Ben', { cam: false })];
  await decideAbout(anna, 'Ben', 'Remove');
  await ben.isTold(/You were removed/);
  assert.equal(await ben.probe('phase'), 'lobby');
  await anna.sees('Anna');
});

meetingTest('nobody comes into a locked room', async ({ enter, open }) => {
  const anna = await enter('Anna', { cam: false });
  await pressInPeople(anna, 'Lock the room');
  await anna.page.getByRole('button', { name: 'Unlock the room' }).waitFor();
  const ben = await open('Ben', { cam: false });
  await ben.isTold(/locked/);
  await pressInPeople(anna, 'Unlock the room');
  await anna.page.getByRole('button', { name: 'Lock the room', exact: true }).waitFor();
  await ben.page.getByRole('button', { name: 'Join' }).click();
  await ben.inCall();
});

meetingTest('a co-host decides about others, but not about the host', async ({ enter }) => {
  const [anna, ben, chloe] = [
    await enter('Anna', { cam: false }),
    await enter('Ben', { cam: false }),
    await enter('Chloe', { cam: false }),
  ];
  await decideAbout(anna, 'Ben', 'Make co-host');
  await listsPeople(ben, 'Anna Host', 'Ben (you) Co-host', 'Chloe');
  assert.equal(await rowOf(ben, 'Anna').locator('summary').count(), 0);
  await decideAbout(ben, 'Chloe', 'Remove');
  await chloe.isTold(/You were removed/);
  assert.equal(await rowOf(anna, 'Ben').locator('summary').count(), 1);
});
