// The part of the client protocol that this page speaks: names and shapes, no behaviour.
import type { types } from 'mediasoup-client';

/** What a producer carries, as the protocol names it. */
export type Source = 'mic' | 'webcam' | 'screen';

export interface Participant {
  participantId: string;
  name: string;
  role?: string;
  attributes?: Record<string, unknown>;
}

export interface ProducerInfo {
  producerId: string;
  participantId: string;
  kind: types.MediaKind;
  source: Source;
  paused?: boolean;
}

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

export interface JoinResult {
  room: { roomId: string; name?: string; size: number };
  self: Participant;
  /** The first page; `room:members` has the rest. */
  participants: Participant[];
  producers: ProducerInfo[];
  screenShare?: ScreenShare | null;
  activeSpeaker?: { participantId: string | null } | null;
  spotlight?: string | null;
  rtpCapabilities: types.RtpCapabilities;
  iceServers?: RTCIceServer[];
  features?: { moderate?: boolean };
  reconnectToken?: string;
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
  /** A held join (waiting room) acks without a result; the result follows as `room:joined`. */
  'room:join': { data: { roomId: string; name: string }; result: Partial<JoinResult> };
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
  'pin:user': { data: { participantId: string | null }; result: unknown };
  'participant:spotlight': { data: { participantId: string | null }; result: unknown };
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
  'speaker:active': { participantId: string | null };
  'participant:spotlighted': { participantId: string | null };
  'screenshare:started': ScreenShare;
  'screenshare:stopped': ScreenShare & { reason?: string };
  'transport:failed': { transportId: string; reason?: string };
  error: { event?: string; code: string; message: string; details?: Record<string, unknown> };
}
