// Hands, reactions and layouts: what people show each other without words.
import type { Layout, Requests } from './protocol';
import type { Signalling } from './signalling';

/** The gateway's default set; it refuses what its configuration does not have. */
export const kReactions = ['👍', '👏', '❤️', '😂', '😮', '🎉'];

export interface EngagementObserver {
  changed(): void;
  reaction(participantId: string, emoji: string): void;
}

export class Engagement {
  layout: Layout = 'grid';

  constructor(
    private readonly signalling: Signalling,
    private readonly observer: EngagementObserver,
  ) {
    signalling.on('reaction:received', ({ participantId, emoji }) => observer.reaction(participantId, emoji));
    signalling.on('layout:updated', ({ layout }) => {
      this.layout = layout;
      observer.changed();
    });
  }

  raiseHand(): Promise<unknown> {
    return this.signalling.request('hand:raise', {});
  }
  /** Our own, or as a moderator that of somebody else. */
  lowerHand(participantId?: string): Promise<unknown> {
    return this.signalling.request('hand:lower', participantId ? { participantId } : {});
  }
  react(emoji: string): Promise<unknown> {
    return this.signalling.request('reaction:send', { emoji });
  }

  /** For ourselves. */
  setLayout(layout: Layout): Promise<unknown> {
    this.layout = layout;
    this.observer.changed();
    return this.#tell({ layout, scope: 'self' });
  }
  /** What we see now, for everybody. */
  layoutForAll(): Promise<unknown> {
    return this.#tell({ layout: this.layout, scope: 'room' });
  }

  #tell(data: Requests['layout:update']['data']): Promise<unknown> {
    return this.signalling.request('layout:update', data);
  }
}
