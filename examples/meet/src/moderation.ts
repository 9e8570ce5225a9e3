// What moderators ask of the gateway, which decides whether they may.
import type { MuteKind, Role } from './protocol';
import type { Signalling } from './signalling';

export class Moderation {
  constructor(private readonly signalling: Signalling) {}

  mute(participantId: string, kind: MuteKind): Promise<unknown> {
    return this.signalling.request('participant:mute', { participantId, kind });
  }
  askUnmute(participantId: string, kind: MuteKind): Promise<unknown> {
    return this.signalling.request('participant:ask-unmute', { participantId, kind });
  }
  setRole(participantId: string, role: Role): Promise<unknown> {
    return this.signalling.request('role:update', { participantId, role });
  }
  remove(participantId: string): Promise<unknown> {
    return this.signalling.request('participant:remove', { participantId });
  }
  lock(locked: boolean): Promise<unknown> {
    return this.signalling.request('room:lock', { locked });
  }
}
