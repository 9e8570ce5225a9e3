// A media path that breaks while signalling goes on. The browser is made to say so; the packets do not mind.
import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

/** Keeps every RTCPeerConnection of the page within reach. */
function keepConnections() {
  window.connections = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...parameters) {
      super(...parameters);
      window.connections.push(this);
    }
  };
}

function breakPaths(person) {
  return person.page.evaluate(() => {
    window.broken = window.connections.filter(({ connectionState }) => connectionState === 'connected');
    for (const connection of window.broken) {
      Object.defineProperty(connection, 'connectionState', { value: 'failed', configurable: true });
      connection.dispatchEvent(new Event('connectionstatechange'));
    }
    return window.broken.length;
  });
}

function mendPaths(person) {
  return person.page.evaluate(() => {
    for (const connection of window.broken) {
      delete connection.connectionState;
      connection.dispatchEvent(new Event('connectionstatechange'));
    }
  });
}

const brokenAndClosed = (person) =>
  person.page.evaluate(() => window.broken.filter(({ signalingState }) => signalingState === 'closed').length);

meetingTest('an ICE restart mends a path', async ({ enter }) => {
  const anna = await enter('Anna', { init: keepConnections });
  const ben = await enter('Ben');
  await Promise.all([anna.watches('Ben'), ben.watches('Anna')]);
  assert.equal(await breakPaths(anna), 2);
  await anna.isTold(/Repairing/);
  await mendPaths(anna);
  await eventually('the notice goes away', () => anna.page.locator('#notice').isHidden());
  assert.equal(await brokenAndClosed(anna), 0);
  await Promise.all([anna.watches('Ben'), ben.watches('Anna')]);
});

meetingTest('where a restart does not help, new transports carry everything again', async ({ enter }) => {
  const anna = await enter('Anna', { init: keepConnections });
  const ben = await enter('Ben');
  await anna.press('screen');
  await Promise.all([anna.watches('Ben'), ben.watches('Anna', 'screen')]);
  assert.equal(await breakPaths(anna), 2);
  await eventually('both transports are replaced', () => brokenAndClosed(anna), (count) => count === 2);
  await eventually('the notice goes away', () => anna.page.locator('#notice').isHidden());
  await Promise.all([anna.watches('Ben'), anna.hears('Ben')]);
  await Promise.all([ben.watches('Anna'), ben.watches('Anna', 'screen'), ben.hears('Anna')]);
  assert.equal(await ben.page.locator('#sharing').innerText(), 'Anna is sharing');
});
