// Who waits to be let in, as moderators see it.
import type { Waiting } from './protocol';
import type { Signalling } from './signalling';

export class Door {
  waiting: Waiting[] = [];

  constructor(
    private readonly signalling: Signalling,
    onChanged: () => void,
  ) {
    signalling.on('waitingroom:updated', ({ waiting }) => {
      this.waiting = waiting;
      onChanged();
    });
  }

  /** The gateway tells who waits now, if anybody does. */
  begin(): void {
    this.waiting = [];
  }

  admit(participantId: string): Promise<unknown> {
    return this.signalling.request('waitingroom:admit', { participantId });
  }
  deny(participantId: string): Promise<unknown> {
    return this.signalling.request('waitingroom:deny', { participantId });
  }
}
