import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { openPanel, pressInPeople } from './support/panels.mjs';

useMeetings();

function countConnections() {
  window.made = 0;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...parameters) {
      super(...parameters);
      ++window.made;
    }
  };
}

const waits = (person, pattern) =>
  eventually(`${person.name} is told ${pattern}`, () => person.page.locator('#waiting-text').innerText(), (text) =>
    pattern.test(text),
  );
const isOut = (person) => eventually(`${person.name} is out`, () => person.probe('phase'), (phase) => phase === 'lobby');

async function decide(person, name, label) {
  await openPanel(person, 'people');
  const row = person.page.locator('#waiting li', { hasText: name });
  await row.getByRole('button', { name: label, exact: true }).click();
}

async function roomWithDoor({ gateway, enter, open }, ...names) {
  await gateway({ waitingroom: { default: true } });
  const anna = await enter('Anna');
  const others = [];
  for (const [place, name] of names.entries()) {
    const other = await open(name, { init: countConnections });
    await waits(other, new RegExp(`number ${place + 1} `));
    others.push(other);
  }
  return [anna, ...others];
}

meetingTest('who waits sees a place in the queue and nothing of the room, until the host lets it in', async (meeting) => {
  const [anna, ben, chloe] = await roomWithDoor(meeting, 'Ben', 'Chloe');
  await anna.sees('Anna');
  for (const person of [ben, chloe]) {
    assert.deepEqual(await person.probe('participants'), []);
    assert.deepEqual(await person.probe('inbound'), []);
    assert.equal(await person.page.evaluate(() => window.made), 0);
  }
  await eventually('the host is told', () => anna.page.locator('#show-people').getAttribute('data-hint'));
  await decide(anna, 'Ben', 'Admit');
  await ben.inCall();
  await ben.watches('Anna');
  await anna.watches('Ben');
  await waits(chloe, /number 1 /);
  assert.equal(await chloe.page.evaluate(() => window.made), 0);
});

meetingTest('who is denied is told so', async (meeting) => {
  const [anna, ben] = await roomWithDoor(meeting, 'Ben');
  await decide(anna, 'Ben', 'Deny');
  await ben.isTold(/not let in/);
  await isOut(ben);
  await anna.sees('Anna');
  await eventually('nobody waits any more', () => anna.page.locator('#waiting').isHidden());
});

meetingTest('all who wait are let in together', async (meeting) => {
  const [anna, ben, chloe] = await roomWithDoor(meeting, 'Ben', 'Chloe');
  await pressInPeople(anna, 'Admit all');
  await ben.inCall();
  await chloe.inCall();
  await anna.sees('Anna', 'Ben', 'Chloe');
});

meetingTest('who gives up waiting is gone from the host’s list', async (meeting) => {
  const [anna, ben] = await roomWithDoor(meeting, 'Ben');
  await openPanel(anna, 'people');
  await anna.page.locator('#waiting li', { hasText: 'Ben' }).waitFor();
  await ben.page.locator('#give-up').click();
  await isOut(ben);
  await eventually('nobody waits any more', () => anna.page.locator('#waiting').isHidden());
});
