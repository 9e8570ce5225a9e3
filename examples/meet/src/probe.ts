// window.__meet: what tests and curious people read from the console. It only looks, it changes nothing.
import type { types } from 'mediasoup-client';
import type { Meeting } from './meeting';
import type { QualityWord, Source } from './protocol';

export interface TrackSummary {
  participantId: string;
  source: Source;
  kind: types.MediaKind;
  codec: string;
  packets: number;
  bytes: number;
  frames: number;
  width: number;
  height: number;
  /** Grows while sound arrives; see totalAudioEnergy in the W3C's webrtc-stats. */
  audioEnergy: number;
  packetsLost: number;
  jitterMs: number;
}

export interface MeetProbe {
  phase(): string;
  selfId(): string;
  participants(): { participantId: string; name: string }[];
  /** One entry per received track, from getStats. */
  inbound(): Promise<TrackSummary[]>;
  /** One entry per sent track. */
  outbound(): Promise<TrackSummary[]>;
  /** The word of each participant's connection, as the gateway has told, and whether it takes ours, and how many it has. */
  quality(): { words: Record<string, QualityWord>; reporting: boolean; reported: number };
  /** From room:join to the first picture of someone else; null until it is there. */
  joinToFirstFrameMs(): number | null;
}

declare global {
  interface Window {
    __meet: MeetProbe;
  }
}

export function installProbe(phase: () => string, meeting: () => Meeting | undefined): void {
  const call = () => meeting()?.call;
  window.__meet = {
    phase,
    selfId: () => call()?.roster.selfId ?? '',
    participants: () =>
      [...(call()?.roster.people.values() ?? [])].map(({ participantId, name }) => ({ participantId, name })),
    inbound: () =>
      Promise.all(
        [...(call()?.downlink.media.values() ?? [])].map(async ({ info, consumer }) =>
          summarise(info.participantId, info.source, consumer.kind, await consumer.getStats()),
        ),
      ),
    outbound: () =>
      Promise.all(
        [...(call()?.uplink.sent.values() ?? [])].map(async ({ source, producer }) =>
          summarise(call()?.roster.selfId ?? '', source, producer.kind, await producer.getStats()),
        ),
      ),
    quality: () => {
      const quality = call()?.quality;
      const words = Object.fromEntries(quality?.words ?? []);
      return { words, reporting: quality?.reporting ?? false, reported: quality?.reported ?? 0 };
    },
    joinToFirstFrameMs: () => {
      const current = meeting();
      return current?.firstFrameAt ? current.firstFrameAt - (current.call?.joinedAt ?? 0) : null;
    },
  };
}

function summarise(
  participantId: string,
  source: Source,
  kind: types.MediaKind,
  report: RTCStatsReport,
): TrackSummary {
  const stats = [...report.values()] as Record<string, any>[];
  // Of simulcast's encodings, the one with the most frames: the upper ones may well have sent none yet.
  const frames = (rtp: Record<string, any>) => rtp['framesDecoded'] ?? rtp['framesEncoded'] ?? 0;
  const rtp =
    stats
      .filter(({ type }) => type === 'inbound-rtp' || type === 'outbound-rtp')
      .sort((a, b) => frames(b) - frames(a))[0] ?? {};
  const codec = stats.find(({ id }) => id === rtp['codecId']) ?? {};
  return {
    participantId,
    source,
    kind,
    codec: codec['mimeType'] ?? '',
    packets: rtp['packetsReceived'] ?? rtp['packetsSent'] ?? 0,
    bytes: rtp['bytesReceived'] ?? rtp['bytesSent'] ?? 0,
    frames: frames(rtp),
    width: rtp['frameWidth'] ?? 0,
    height: rtp['frameHeight'] ?? 0,
    audioEnergy: rtp['totalAudioEnergy'] ?? 0,
    packetsLost: rtp['packetsLost'] ?? 0,
    jitterMs: (rtp['jitter'] ?? 0) * 1000,
  };
}
