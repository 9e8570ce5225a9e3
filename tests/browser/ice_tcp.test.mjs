// A browser whose network lets no UDP through: it hears of the gateway's TCP candidates alone.
import assert from 'node:assert/strict';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

/** Keeps every RTCPeerConnection of the page within reach, and UDP candidates from it. */
function withoutUdp() {
  window.connections = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...parameters) {
      super(...parameters);
      window.connections.push(this);
    }

    setRemoteDescription({ type, sdp }) {
      return super.setRemoteDescription({ type, sdp: sdp.replace(/^a=candidate:\S+ \d+ udp .*\r\n/gim, '') });
    }
  };
}

/** Protocols of the selected pairs of the page's open connections, by the browser's own account. */
function protocolsOf(person) {
  return person.page.evaluate(async () => {
    const protocols = [];
    for (const connection of window.connections.filter(({ connectionState }) => connectionState === 'connected')) {
      const stats = await connection.getStats();
      for (const { type, selectedCandidatePairId } of stats.values()) {
        if (type !== 'transport') continue;
        protocols.push(stats.get(stats.get(selectedCandidatePairId).remoteCandidateId).protocol);
      }
    }
    return protocols;
  });
}

meetingTest('one who comes by TCP and one who comes by UDP see and hear each other', async ({ enter }) => {
  const anna = await enter('Anna', { init: withoutUdp });
  const ben = await enter('Ben');
  await Promise.all([anna.watches('Ben'), anna.hears('Ben'), ben.watches('Anna'), ben.hears('Anna')]);
  assert.deepEqual(await protocolsOf(anna), ['tcp', 'tcp']);
});
