// What we receive, as the browser counts it: the report that the gateway is sent every few seconds.
import type { RemoteMedia } from './downlink';
import type { QualityReport, ReceivedAudio, ReceivedVideo } from './protocol';

/** More than a screen shows; the gateway takes no more. */
const kMaxStreams = 64;
const kMaxMs = 60_000;
const kMinIntervalMs = 100;

type Stats = Record<string, any>;

/** Counters of W3C's webrtc-stats; what is told is what they have grown by. */
interface Counters {
  samples: number;
  concealed: number;
  bufferDelay: number;
  buffered: number;
  freezes: number;
  frozenSeconds: number;
}

export class Reception {
  #before = new Map<string, Counters>();
  #reportedAt: number | undefined;

  /** @param reports Of each transport. */
  report(reports: RTCStatsReport[], media: Iterable<RemoteMedia>, nowMs: number): QualityReport {
    const stats = reports.flatMap((report) => [...report.values()] as Stats[]);
    const inbound = new Map(stats.filter(({ type }) => type === 'inbound-rtp').map((rtp) => [rtp['trackIdentifier'], rtp]));
    const interval = nowMs - (this.#reportedAt ?? 0);
    const report: QualityReport = { intervalMs: bounded(interval, kMinIntervalMs), audio: [], video: [] };
    const roundTrip = worstRoundTripMs(stats);
    if (roundTrip !== undefined) report.roundTripMs = roundTrip;

    const now = new Map<string, Counters>();
    for (const { info, consumer, paused } of media) {
      const rtp = inbound.get(consumer.track.id);
      // Of one that rests the browser may take the pause for a freeze: it counts anew when it goes on.
      if (paused || !rtp?.['packetsReceived']) continue;
      const counters = read(rtp);
      now.set(rtp['id'], counters);
      const grown = growth(this.#before.get(rtp['id']), counters);
      if (info.kind === 'audio') report.audio.push(audioOf(rtp, grown));
      else report.video.push({ source: info.source, ...videoOf(rtp, grown) });
    }
    this.#before = now;
    this.#reportedAt = nowMs;
    report.audio.splice(kMaxStreams);
    report.video.splice(kMaxStreams);
    return report;
  }
}

function read(rtp: Stats): Counters {
  const silent = rtp['silentConcealedSamples'] ?? 0;
  return {
    samples: rtp['totalSamplesReceived'] ?? 0,
    concealed: (rtp['concealedSamples'] ?? 0) - silent,
    bufferDelay: rtp['jitterBufferDelay'] ?? 0,
    buffered: rtp['jitterBufferEmittedCount'] ?? 0,
    freezes: rtp['freezeCount'] ?? 0,
    frozenSeconds: rtp['totalFreezesDuration'] ?? 0,
  };
}

/** Nothing for a stream that is new. */
function growth(before: Counters | undefined, now: Counters): Counters | undefined {
  if (!before) return undefined;
  const grown = { ...now };
  for (const name of Object.keys(grown) as (keyof Counters)[]) grown[name] = Math.max(0, now[name] - before[name]);
  return grown;
}

function audioOf(rtp: Stats, grown: Counters | undefined): ReceivedAudio {
  const audio: ReceivedAudio = {};
  if (rtp['jitter'] !== undefined) audio.jitterMs = bounded(rtp['jitter'] * 1000);
  if (!grown) return audio;
  if (grown.buffered) audio.jitterBufferMs = bounded((grown.bufferDelay / grown.buffered) * 1000);
  audio.totalSamplesReceived = grown.samples;
  audio.concealedSamples = grown.concealed;
  return audio;
}

function videoOf(rtp: Stats, grown: Counters | undefined): Omit<ReceivedVideo, 'source'> {
  const video: Omit<ReceivedVideo, 'source'> = {};
  for (const name of ['frameWidth', 'frameHeight', 'framesPerSecond'] as const) {
    if (rtp[name] !== undefined) video[name] = rtp[name];
  }
  if (!grown) return video;
  video.freezeCount = grown.freezes;
  video.totalFreezesDurationMs = bounded(grown.frozenSeconds * 1000);
  return video;
}

function worstRoundTripMs(stats: Stats[]): number | undefined {
  const selected = new Set(stats.filter(({ type }) => type === 'transport').map((one) => one['selectedCandidatePairId']));
  const pairs = stats.filter(({ type, id, nominated }) => type === 'candidate-pair' && (selected.has(id) || nominated));
  const seconds = pairs.flatMap((pair) => (pair['currentRoundTripTime'] === undefined ? [] : [pair['currentRoundTripTime']]));
  return seconds.length ? bounded(Math.max(...seconds) * 1000) : undefined;
}

function bounded(ms: number, least = 0): number {
  return Math.min(Math.max(ms, least), kMaxMs);
}
