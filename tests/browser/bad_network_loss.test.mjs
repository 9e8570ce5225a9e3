// Lines that lose one datagram in twenty at random: what is lost is asked for again and comes, in time to be shown. The
// line is tests/emulator's, a relay in user space: `tc netem` needs a kernel module that containers lack.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from './support/eventually.mjs';
import { networkTest, useBadNetworks } from './support/network_test.mjs';

// Without temporal layers: each of them left out would be frames that are not shown, though nothing is lost.
const kPicture = {
  codec: 'VP8',
  width: 640,
  height: 360,
  fps: 30,
  encodings: [
    { rid: 'low', scaleResolutionDownBy: 2, maxBitrate: 150_000, scalabilityMode: 'L1T1' },
    { rid: 'high', maxBitrate: 600_000, scalabilityMode: 'L1T1' },
  ],
};
const kDelayMs = 25;
const kLoss = { loss_percent: 5, delay_ms: kDelayMs };
const kNoLoss = { delay_ms: kDelayMs };
const kMeasuredMs = 12_000;
const kLeastShown = 0.9; // of the frames that are sent
// Opus carries a copy of the packet before (FEC), and audio is not asked for again where that was not negotiated.
const kMostConcealed = 0.15;

useBadNetworks();

const kCases = {
  'the receiver': { recv: { down: kLoss, up: kNoLoss } },
  'the publisher': { send: { up: kLoss, down: kNoLoss } },
};

for (const [whose, links] of Object.entries(kCases)) {
  networkTest(`5 % loss on the way of ${whose}`, async ({ enter, figures }) => {
    const publisher = await enter('Publisher', links);
    await publisher.call('publishPicture', kPicture);
    await publisher.call('publishSound');
    const receiver = await enter('Receiver', links);
    await receiver.call('receive');
    const look = () => lookAtBoth(publisher, receiver);
    await eventually('the picture moves', look, ({ decoded }) => decoded > 30);
    await eventually('sound arrives', look, ({ samples }) => samples > 0);

    await receiver.restartWatch();
    const first = await look();
    await pause(kMeasuredMs); // a share of the frames needs time to be one
    const last = await look();
    const during = (name) => last[name] - first[name];
    const shown = during('decoded') / during('sent');
    figures({
      sentFps: round((1000 * during('sent')) / kMeasuredMs),
      shownFps: round((1000 * during('decoded')) / kMeasuredMs),
      shown: round(shown),
      nacksOfPublisher: during('nacksOfPublisher'),
      repeatedByPublisher: during('repeatedByPublisher'),
      nacks: during('nacks'),
      repeated: during('repeated'),
      keyFrameRequests: during('plis'),
      concealedAudio: round(during('concealed') / during('samples')),
      ...(await receiver.frames()),
    });

    assert.ok(during('sent') > (kPicture.fps * kMeasuredMs) / 1000 / 2, 'this machine can send');
    assert.ok(shown >= kLeastShown, 'nine frames of ten are shown');
    const [asked, came] = whose === 'the receiver' ? ['nacks', 'repeated'] : ['nacksOfPublisher', 'repeatedByPublisher'];
    assert.ok(during(asked) > 0, 'what is lost is asked for');
    assert.ok(during(came) > 0, 'and comes again, as RTX');
    assert.ok(during('concealed') / during('samples') <= kMostConcealed, 'sound is heard');
  });
}

async function lookAtBoth(publisher, receiver) {
  const sent = await publisher.sum('outbound-rtp', 'video', 'nackCount', 'retransmittedPacketsSent');
  const encodings = await publisher.call('stats', 'outbound-rtp', 'video');
  const picture = await receiver.sum('inbound-rtp', 'video', 'framesDecoded', 'nackCount', 'retransmittedPacketsReceived', 'pliCount');
  const sound = await receiver.sum('inbound-rtp', 'audio', 'totalSamplesReceived', 'concealedSamples', 'silentConcealedSamples');
  return {
    sent: Math.max(...encodings.map(({ framesSent }) => framesSent ?? 0)),
    nacksOfPublisher: sent.nackCount,
    repeatedByPublisher: sent.retransmittedPacketsSent,
    decoded: picture.framesDecoded,
    nacks: picture.nackCount,
    repeated: picture.retransmittedPacketsReceived,
    plis: picture.pliCount,
    samples: sound.totalSamplesReceived,
    concealed: sound.concealedSamples - sound.silentConcealedSamples,
  };
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}
