// Microphone, camera and screen: what each is called, what it takes to send it, and what keeps it from being sent.
import type { MuteKind, Permission, Source } from './protocol';

export const kSources: readonly Source[] = ['mic', 'webcam', 'screen'];
export const kDevices: Record<Source, string> = { mic: 'microphone', webcam: 'camera', screen: 'screen' };
export const kToSend: Record<Source, Permission> = { mic: 'publishAudio', webcam: 'publishVideo', screen: 'shareScreen' };

/** What a moderator means by a kind, and what a source is held by: a screen is video, too. */
export const kSourceOf: Record<MuteKind, Source> = { audio: 'mic', video: 'webcam', screen: 'screen' };
export const kHeldBy: Record<Source, MuteKind[]> = { mic: ['audio'], webcam: ['video'], screen: ['screen', 'video'] };
