// Who is speaking: the level of each received voice, as the receiver measures it or its RTP header extension says.
import type { RemoteMedia } from './downlink';

const kPollMs = 200;
const kSpeakingLevel = 0.02; // of 0..1, about -34 dBov
const kHoldMs = 600; // longer than the pause between two words

/** Calls `show` for each participant whose state may have changed. Returns the function that stops it. */
export function watchVoices(
  media: () => Iterable<RemoteMedia>,
  show: (participantId: string, speaking: boolean) => void,
): () => void {
  const heardAt = new Map<string, number>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const { info, consumer } of media()) {
      if (info.source !== 'mic') continue;
      const level = consumer.rtpReceiver?.getSynchronizationSources()[0]?.audioLevel ?? 0;
      if (level > kSpeakingLevel && !consumer.track.muted) heardAt.set(info.participantId, now);
      show(info.participantId, now - (heardAt.get(info.participantId) ?? -Infinity) < kHoldMs);
    }
  }, kPollMs);
  return () => clearInterval(timer);
}
