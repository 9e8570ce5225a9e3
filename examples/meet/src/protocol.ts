// The part of the client protocol that this page speaks: names and shapes, no behaviour.
import type { types } from 'mediasoup-client';
import type { StreamBeginning, StreamStatus, StreamWish, TargetWish } from './stream_protocol';

/** What a producer carries, as the protocol names it. */
export type Source = 'mic' | 'webcam' | 'screen';

export type Role = 'host' | 'co_host' | 'presenter' | 'attendee' | 'viewer';

export type Layout = 'grid' | 'speaker' | 'presentation';

/** What our role lets us do here; the gateway decides. */
export type Permission =
  | 'publishAudio'
  | 'publishVideo'
  | 'shareScreen'
  | 'chat'
  | 'chatPrivate'
  | 'chatModerate'
  | 'raiseHand'
  | 'react'
  | 'muteOthers'
  | 'removeParticipant'
  | 'admit'
  | 'changeRole'
  | 'spotlight'
  | 'setLayout'
  | 'lockRoom'
  | 'record'
  | 'stream';

export interface Participant {
  participantId: string;
  name: string;
  role?: Role;
  /** Milliseconds of Unix time. */
  joinedAt?: number;
  /** What it sends now. */
  media?: { audio: boolean; video: boolean; screen: boolean };
  /** What a moderator keeps from being forwarded. */
  muted?: MuteKind[];
  /** Its connection is lost, and may come back. */
  away?: boolean;
  attributes?: { handRaised?: { at: number; order: number } } & Record<string, unknown>;
}

/** Somebody at the door. */
export interface Waiting {
  participantId: string;
  name: string;
}

export interface ChatMessage {
  messageId: string;
  /** Grows by one with each message of the room. */
  number: number;
  participantId: string;
  name: string;
  /** Empty once it is deleted. */
  message: string;
  type: string;
  /** `all`, `host`, or a participant. */
  to: string;
  /** Milliseconds of Unix time. */
  at: number;
  editedAt?: number;
  deleted?: boolean;
  file?: { fileId: string; name: string };
  /** Its question is the message. */
  poll?: Poll;
}

export interface Poll {
  options: string[];
  /** By option. */
  votes: number[];
  mine?: number;
}

/** One recording, as this room's list has it. */
export interface RecordingEntry {
  recordingId: string;
  title: string;
  state: 'capturing' | 'paused' | 'captured' | 'producing' | 'ready' | 'failed';
  type: 'video' | 'audio';
  /** Milliseconds of Unix time. */
  startedAt: number;
  /** Seconds, of what is ready. */
  duration: number;
  /** Of the product's making. */
  percent?: number;
  /** For some minutes. */
  url?: string;
  thumbnail?: string;
  error?: string;
}

export interface ProducerInfo {
  producerId: string;
  participantId: string;
  kind: types.MediaKind;
  source: Source;
  paused?: boolean;
}

/** What a moderator may hold. */
export type MuteKind = types.MediaKind | 'screen';

/** Who shares a screen. */
export interface ScreenShare {
  participantId: string;
}

/** How good video may be at most. */
export type Quality = 'auto' | 'high' | 'medium' | 'low';

/** What is sent to us of one video, and what keeps it from being better. */
export interface Layers {
  consumerId: string;
  producerId: string;
  spatialLayer: number | null;
  temporalLayer: number | null;
  reason: 'best' | 'preference' | 'bandwidth' | 'source' | 'paused' | 'last_n';
}

/** How good a connection is. */
export type QualityWord = 'poor' | 'fair' | 'good' | 'excellent';

/** One stream of sound that we receive: counts are what was added since the last report. */
export interface ReceivedAudio {
  jitterMs?: number;
  jitterBufferMs?: number;
  totalSamplesReceived?: number;
  concealedSamples?: number;
}

/** One stream of pictures. */
export interface ReceivedVideo {
  source: Source;
  frameWidth?: number;
  frameHeight?: number;
  framesPerSecond?: number;
  freezeCount?: number;
  totalFreezesDurationMs?: number;
}

export interface QualityReport {
  intervalMs: number;
  roundTripMs?: number;
  audio: ReceivedAudio[];
  video: ReceivedVideo[];
}

/** The join waits for a moderator's word; the result follows as `room:joined` or `room:denied`. */
export interface HeldJoin {
  held: true;
  /** Our place in the queue, where there is one. */
  position?: number;
  hostPresent?: boolean;
  /** Shown with the next join, it says that we have been let in before. */
  admissionTicket?: string;
}

export interface JoinResult {
  room: { roomId: string; name?: string; size: number; locked?: boolean };
  self: Participant;
  /** The first page; `room:members` has the rest. */
  participants: Participant[];
  producers: ProducerInfo[];
  screenShare?: ScreenShare | null;
  activeSpeaker?: { participantId: string | null } | null;
  spotlight?: string | null;
  rtpCapabilities: types.RtpCapabilities;
  iceServers?: RTCIceServer[];
  features?: Partial<Record<Permission, boolean>>;
  /** Shown within the time of grace, it gives the same seat back. */
  reconnectToken?: string | null;
}

/** The seat as it was left; `media` is what the gateway has kept of ours. */
export interface ReconnectResult extends JoinResult {
  media: {
    transports: { id: string }[];
    producers: { producerId: string; paused: boolean }[];
    consumers: { id: string; producerId: string }[];
    /** Whom we have pinned. */
    pinned: string | null;
  };
}

export interface TransportDescription {
  id: string;
  iceParameters: types.IceParameters;
  iceCandidates: types.IceCandidate[];
  dtlsParameters: types.DtlsParameters;
  iceServers?: RTCIceServer[];
}

export interface ConsumerDescription {
  id: string;
  producerId: string;
  kind: types.MediaKind;
  rtpParameters: types.RtpParameters;
  type?: string;
  appData?: types.AppData | null;
  producerPaused?: boolean;
}

/** Client events: what is sent and what the ack carries. */
export interface Requests {
  'room:join': { data: { roomId: string; name: string; token?: string }; result: JoinResult | HeldJoin };
  'room:leave': { data: Record<string, never>; result: unknown };
  'room:members': { data: { offset: number }; result: { participants: Participant[]; total: number } };
  'transport:create': { data: { direction: 'send' | 'recv' }; result: TransportDescription };
  'transport:connect': { data: { transportId: string; dtlsParameters: types.DtlsParameters }; result: unknown };
  'transport:close': { data: { transportId: string }; result: unknown };
  'transport:restart-ice': { data: { transportId: string }; result: { iceParameters: types.IceParameters } };
  produce: {
    data: {
      transportId: string;
      kind: types.MediaKind;
      rtpParameters: types.RtpParameters;
      source: Source;
      paused: boolean;
      appData: types.AppData;
    };
    result: { producerId: string };
  };
  'producer:pause': { data: { producerId: string }; result: unknown };
  'producer:resume': { data: { producerId: string }; result: unknown };
  'producer:close': { data: { producerId: string }; result: unknown };
  /** Refused with CONFLICT `{participantId}` while somebody else shares. */
  'screenshare:start': { data: Record<string, never>; result: unknown };
  /** Closes the screen's producers, too. */
  'screenshare:stop': { data: Record<string, never>; result: unknown };
  consume: {
    data: { transportId: string; producerId: string; rtpCapabilities: types.RtpCapabilities; paused: boolean };
    result: ConsumerDescription;
  };
  'consumer:resume': { data: { consumerId: string }; result: unknown };
  'quality:change': { data: { layer: Quality }; result: unknown };
  /** The answer is what the gateway makes of our own connection. */
  'stats:report': { data: QualityReport; result: { quality?: QualityWord; mos?: number } };
  'pin:user': { data: { participantId: string | null }; result: unknown };
  'participant:spotlight': { data: { participantId: string | null }; result: unknown };
  'reconnect:attempt': { data: { reconnectToken: string }; result: ReconnectResult };
  'participant:mute': { data: { participantId: string; kind: MuteKind }; result: unknown };
  'participant:ask-unmute': { data: { participantId: string; kind: MuteKind }; result: unknown };
  'participant:remove': { data: { participantId: string }; result: unknown };
  'role:update': { data: { participantId: string; role: Role }; result: unknown };
  'room:lock': { data: { locked: boolean }; result: unknown };
  'waitingroom:admit': { data: { participantId: string }; result: unknown };
  'waitingroom:deny': { data: { participantId: string }; result: unknown };
  'hand:raise': { data: Record<string, never>; result: unknown };
  'hand:lower': { data: { participantId?: string }; result: unknown };
  'reaction:send': { data: { emoji: string }; result: unknown };
  'layout:update': { data: { layout: Layout; scope: 'self' | 'room' }; result: unknown };
  'recording:start': { data: { layout?: Layout }; result: { recordingId: string } };
  'recording:stop': { data: Record<string, never>; result: unknown };
  'recording:pause': { data: Record<string, never>; result: unknown };
  'recording:resume': { data: Record<string, never>; result: unknown };
  'recording:consent': { data: { recordingId: string; accepted: boolean }; result: unknown };
  'recording:list': { data: Record<string, never>; result: { recordings: RecordingEntry[] } };
  'stream:start': { data: StreamWish; result: StreamStatus };
  'stream:stop': { data: Record<string, never>; result: unknown };
  'stream:status': { data: Record<string, never>; result: StreamStatus };
  'stream:target-add': { data: TargetWish; result: unknown };
  'stream:target-remove': { data: { targetId: string }; result: unknown };
  'chat:send': { data: { message: string; type: 'text'; to: string }; result: { messageId: string } };
  'chat:delete': { data: { messageId: string }; result: unknown };
  'chat:typing': { data: { typing: boolean; to: string }; result: unknown };
  'chat:vote': { data: { messageId: string; option: number }; result: { messageId: string; poll: Poll } };
  'chat:file': { data: { fileId: string }; result: { url: string } };
  'chat:history': { data: { before?: number; limit?: number }; result: { messages: ChatMessage[]; hasMore: boolean } };
}

/** Server events that the page listens to. */
export interface ServerEvents {
  'room:joined': JoinResult;
  'room:denied': { code: string; message: string; details?: Record<string, unknown> };
  'room:draining': Record<string, never>;
  'room:closed': { reason?: string };
  'participant:joined': { participant: Participant };
  'participant:updated': { participant: Participant };
  'participant:left': { participantId: string; reason?: string };
  'participant:removed': { reason?: string };
  /** The three above in batches, in large rooms. */
  'participants:changed': {
    joined: Participant[];
    left: { participantId: string; reason?: string }[];
    updated: Participant[];
    total: number;
    /** More has happened than it names. */
    partial?: true;
  };
  'producer:new': ProducerInfo;
  'producer:paused': { producerId: string };
  'producer:resumed': { producerId: string };
  'producer:closed': { producerId: string };
  'consumer:closed': { consumerId: string };
  'consumer:layers-changed': Layers;
  /** `by` is null where no participant has decided it. */
  'mute:remote': { kind: MuteKind; by: string | null };
  'unmute:requested': { kind: MuteKind; by: string | null };
  /** `features` to its owner alone. */
  'role:updated': { participantId: string; role: Role; features?: Partial<Record<Permission, boolean>> };
  'room:locked': { locked: boolean };
  'room:policy-changed': { locked: boolean; features?: Partial<Record<Permission, boolean>> };
  'waitingroom:waiting': { position: number; hostPresent: boolean };
  'waitingroom:updated': { waiting: Waiting[] };
  'reaction:received': { participantId: string; emoji: string };
  'layout:updated': { layout: Layout };
  'chat:message': ChatMessage;
  'chat:edited': { messageId: string; message: string; editedAt: number };
  'chat:deleted': { messageId: string };
  'chat:poll': { messageId: string; votes: number[] };
  'chat:typing': { participantId: string; typing: boolean };
  /** What was said while the connection was lost has come. `hasMore`: not all of it. */
  'chat:caught-up': { hasMore: boolean };
  /** `by` is the name of who has begun it; null: the gateway by itself. Told again to who comes later. */
  'recording:started': { recordingId: string; by: string | null };
  'recording:stopped': { recordingId: string };
  'recording:paused': { recordingId: string };
  'recording:resumed': { recordingId: string };
  'recording:consent': { recordingId: string; required: boolean };
  'recording:status': { recordingId: string; trouble?: string; message?: string; percent?: number };
  'recording:ready': { recordingId: string; url: string; duration: number };
  'recording:failed': { recordingId: string; message: string };
  'stream:started': StreamBeginning;
  /** Also by itself, when figures have changed. */
  'stream:status': StreamStatus;
  'stream:stopped': { streamId: string; reason: string };
  'speaker:active': { participantId: string | null };
  /** Of whom something has changed; null: not known any more. */
  'stats:update': { participants: { participantId: string; quality: QualityWord | null }[] };
  'participant:spotlighted': { participantId: string | null };
  'screenshare:started': ScreenShare;
  'screenshare:stopped': ScreenShare & { reason?: string };
  'transport:failed': { transportId: string; reason?: string };
  error: { event?: string; code: string; message: string; details?: Record<string, unknown> };
}
