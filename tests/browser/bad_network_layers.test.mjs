// A receiver whose link gets thin and comes back: the picture gets smaller and never stands still for long, and gets
// large again. The line is tests/emulator's, a relay in user space: `tc netem` needs a kernel module that containers
// lack.
import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { networkTest, useBadNetworks } from './support/network_test.mjs';

const kPicture = { width: 1280, height: 720, fps: 30 };
const kThin = { down: { rate_kbps: 400 } };
const kUnlimited = { down: { rate_kbps: 0 } };
// As the scenarios of RFC 8867 have it, and 25 ms each way.
const kLine = { down: { queue_ms: 300, delay_ms: 25 }, up: { delay_ms: 25 } };
const kLongestFreezeMs = 1500;
const kSteadyFrames = 90;
const kDownMs = 10_000;
const kUpMs = 20_000;
const kStayThinMs = 8000;

useBadNetworks();

const kCases = {
  'simulcast VP8': {
    codec: 'VP8',
    encodings: [
      { rid: 'low', scaleResolutionDownBy: 4, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
      { rid: 'middle', scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
      { rid: 'high', maxBitrate: 1_500_000, scalabilityMode: 'L1T3' },
    ],
  },
  'VP9 SVC': { codec: 'VP9', encodings: [{ scalabilityMode: 'L3T3_KEY', maxBitrate: 2_000_000 }] },
};

for (const [name, sent] of Object.entries(kCases)) {
  networkTest(`${name}: a link of 400 kbit/s, and back`, async ({ enter, figures }) => {
    const publisher = await enter('Publisher');
    await publisher.call('publishPicture', { ...kPicture, ...sent });
    const receiver = await enter('Receiver', { recv: kLine });
    await receiver.call('receive');
    const began = Date.now();
    const width = async () => (await receiver.frames()).width;
    await eventually('the whole picture arrives', width, (now) => now === kPicture.width);
    figures({ fullAfterMs: Date.now() - began });
    await receiver.restartWatch();
    // The first estimate may take it back once.
    const steadyFrames = async () => {
      const seen = await receiver.frames();
      if (seen.width === kPicture.width) return seen.frames;
      await receiver.restartWatch();
      return 0;
    };
    await eventually('the whole picture is steady', steadyFrames, (count) => count >= kSteadyFrames, kUpMs);

    await receiver.restartWatch();
    await receiver.links.recv.set(kThin);
    const cut = Date.now();
    figures({ thinWidth: await eventually('the picture gets smaller', width, (now) => now < kPicture.width, kDownMs) });
    figures({ smallerAfterMs: Date.now() - cut });
    await eventually('some time has passed', () => Date.now() - cut, (passed) => passed >= kStayThinMs);
    const thin = await receiver.frames();
    figures({ thinFps: Math.round((1000 * thin.frames) / (Date.now() - cut)), thinWidth: thin.width });
    assert.ok(thin.width < kPicture.width, 'the picture stays small as long as the link is thin');

    await receiver.links.recv.set(kUnlimited);
    const restored = Date.now();
    await eventually('the whole picture comes back', width, (now) => now === kPicture.width, kUpMs);
    figures({ fullAgainAfterMs: Date.now() - restored, longestGapMs: (await receiver.frames()).longestGapMs });
    const { freezeCount, totalFreezesDuration } = await receiver.sum('inbound-rtp', 'video', 'freezeCount', 'totalFreezesDuration');
    figures({ freezeCount, totalFreezesDuration });
    assert.ok((await receiver.frames()).longestGapMs <= kLongestFreezeMs, 'no freeze is longer than 1.5 s');

    const told = await receiver.layers();
    figures({ layers: told.map(({ spatialLayer, temporalLayer, reason }) => `${spatialLayer}/${temporalLayer} ${reason}`) });
    assert.ok(told.some(({ reason }) => reason === 'bandwidth'), 'the client is told why');
  });
}
