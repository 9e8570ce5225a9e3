// What the client protocol says of live streams: shapes, no behaviour.
import type { Layout } from './protocol';

/** Where a stream is to go: a server, or viewers of this gateway. */
export type TargetWish = { type: 'rtmp'; url: string; key?: string; name?: string } | { type: 'hls' };

export interface StreamWish {
  targets: TargetWish[];
  layout?: Layout;
}

export interface StreamTarget {
  targetId: string;
  type: 'rtmp' | 'hls';
  name: string;
  /** Without the key. */
  maskedRtmpUrl: string;
  state: 'connecting' | 'live' | 'reconnecting' | 'failed';
  /** Why it is not live, for people. */
  reason?: string | null;
  bitsPerSecond: number;
  droppedFrames: number;
  reconnects: number;
}

/** Of the picture as it is made, whoever gets it. */
export interface ProgramFigures {
  framesPerSecond: number;
  droppedFrames: number;
  /** Frames were dropped just now: the machine is too slow. */
  overloaded: boolean;
}

/** `startedBy`: a name; null: the gateway by itself. */
export type StreamBeginning = Pick<StreamStatus, 'streamId' | 'startedAt' | 'hls'> & { startedBy: string | null };

/** What everybody in the room is told of its stream; `state` and below who may stream alone. */
export interface StreamStatus {
  live: boolean;
  streamId?: string | null;
  /** Milliseconds of Unix time. */
  startedAt?: number | null;
  viewers: number;
  /** Where it can be watched, on this gateway. */
  hls?: { url: string; watchUrl: string } | null;
  state?: 'starting' | 'live' | 'restarting' | 'stopping' | 'stopped';
  /** What is wrong beside the targets, for people. */
  problem?: string | null;
  targets?: StreamTarget[];
  program?: ProgramFigures;
}
