import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { reads, say } from './support/panels.mjs';
import { SignallingPath } from './support/signalling_path.mjs';

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

/** Counts what carries media: a page that begins anew needs other ones. */
function countConnections() {
  window.made = 0;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...parameters) {
      super(...parameters);
      ++window.made;
    }
  };
}

/** Ben reaches the gateway by a path that the test can cut; his media goes another way. */
async function withPath(videoroom, { enter, gateway }, body) {
  const started = await gateway({ videoroom });
  const path = await SignallingPath.start(started);
  try {
    const anna = await enter('Anna', { gateway: started });
    const ben = await enter('Ben', { gateway: path, init: countConnections });
    await Promise.all([anna.watches('Ben'), ben.watches('Anna')]);
    await body({ anna, ben, path });
  } finally {
    path.stop();
  }
}

const isBack = async ({ page }) => {
  await page.getByRole('button', { name: 'Rejoin now' }).click({ timeout: 1000 }).catch(() => {}); // perhaps back already
  await eventually('the notice goes away', () => page.locator('#notice').isHidden());
};

meetingTest('who loses the connection keeps the seat and the media, and reads what was missed', async (meeting) => {
  await withPath({ reconnect_grace_ms: 120_000 }, meeting, async ({ anna, ben, path }) => {
    const before = await ben.probe('selfId');
    const connections = await ben.page.evaluate(() => window.made);
    await say(anna, 'Before');
    await reads(ben, 'Anna: Before');
    path.cut();
    await ben.isTold(/Connection lost/);
    await eventually('Anna sees that Ben is away', () => anna.page.locator('.tile.away', { hasText: 'Ben' }).count());
    await Promise.all([anna.watches('Ben'), anna.hears('Ben'), ben.watches('Anna')]);
    await say(anna, 'Meanwhile');
    await reads(anna, 'You: Before', 'You: Meanwhile');
    await ben.press('mic');
    path.mend();
    await isBack(ben);
    await reads(ben, 'Anna: Before', 'Anna: Meanwhile');
    assert.equal(await ben.probe('selfId'), before);
    assert.equal(await ben.page.evaluate(() => window.made), connections); // media goes on where it went
    await anna.sees('Anna', 'Ben');
    await eventually('Ben is not away any more', () => anna.page.locator('.tile.away').count(), (count) => count === 0);
    await eventually('Ben, who muted himself meanwhile, is muted', () =>
      anna.page.locator('.tile', { hasText: 'Ben' }).locator('.muted-mark').isVisible(),
    );
    await Promise.all([anna.watches('Ben'), ben.watches('Anna')]);
    await ben.press('mic');
    await anna.hears('Ben');
  });
});

meetingTest('what began and ended while the connection was lost is put right', async (meeting) => {
  await withPath({ reconnect_grace_ms: 120_000 }, meeting, async ({ anna, ben, path }) => {
    path.cut();
    await ben.isTold(/Connection lost/);
    await anna.press('webcam');
    await anna.press('screen');
    await ben.press('webcam');
    const chloe = await meeting.enter('Chloe');
    path.mend();
    await isBack(ben);
    await ben.sees('Anna', 'Ben', 'Chloe');
    await Promise.all([ben.watches('Anna', 'screen'), ben.watches('Chloe'), ben.hears('Anna')]);
    assert.equal(await ben.inboundOf('Anna', 'webcam'), undefined);
    await eventually('Ben has no picture for Anna', () => anna.inboundOf('Ben', 'webcam'), (track) => !track);
    await ben.press('webcam');
    await Promise.all([anna.watches('Ben'), chloe.watches('Ben')]);
  });
});

meetingTest('who was gone for too long joins anew', async (meeting) => {
  await withPath({ reconnect_grace_ms: 500 }, meeting, async ({ anna, ben, path }) => {
    const before = await ben.probe('selfId');
    path.cut();
    await anna.sees('Anna');
    path.mend();
    await isBack(ben);
    await anna.sees('Anna', 'Ben');
    assert.notEqual(await ben.probe('selfId'), before);
    await Promise.all([anna.watches('Ben'), anna.hears('Ben'), ben.watches('Anna')]);
  });
});
