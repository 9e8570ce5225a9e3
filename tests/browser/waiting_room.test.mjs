import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { openPanel, pressInPeople } from './support/panels.mjs';
import { SignallingPath } from './support/signalling_path.mjs';

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

/** Ben waits, by a path that the test can cut. */
async function waitByPath({ gateway, enter, open }, options, body) {
  const started = await gateway({ waitingroom: { default: true }, ...options });
  const path = await SignallingPath.start(started);
  try {
    const anna = await enter('Anna', { gateway: started });
    const ben = await open('Ben', { gateway: path });
    await waits(ben, /number 1 /);
    await eventually('Ben has a WebSocket', () => path.upgrades === 1); // a cut of polling is noticed late
    await body(anna, ben, path);
  } finally {
    path.stop();
  }
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

meetingTest('who loses the connection while waiting waits on when it is back', async (meeting) => {
  await waitByPath(meeting, {}, async (anna, ben, path) => {
    path.cut();
    await ben.isTold(/Connection lost/);
    path.mend();
    await eventually('the connection is back', () => ben.page.locator('#notice').isHidden());
    await waits(ben, /number 1 /);
    await eventually('Ben stands in the list once', async () => {
      await openPanel(anna, 'people');
      return (await anna.page.locator('#waiting li').count()) === 1;
    });
    await decide(anna, 'Ben', 'Admit');
    await ben.inCall();
    await anna.sees('Anna', 'Ben');
  });
});

meetingTest('who was let in, and was gone for too long, does not wait again', async (meeting) => {
  await waitByPath(meeting, { videoroom: { reconnect_grace_ms: 500 } }, async (anna, ben, path) => {
    await decide(anna, 'Ben', 'Admit');
    await ben.inCall();
    await anna.sees('Anna', 'Ben');
    path.cut();
    await anna.sees('Anna');
    path.mend();
    await anna.sees('Anna', 'Ben');
    await anna.watches('Ben');
  });
});
