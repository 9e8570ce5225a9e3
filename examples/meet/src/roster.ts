// Who is in the room: the first page from the join, the rest by room:members, then what the gateway tells.
import type { JoinResult, MuteKind, Participant, Permission, Role } from './protocol';
import type { Signalling } from './signalling';

// People come and go while the pages are read, which shifts those that follow; then they are read again.
const kMaxPasses = 3;

/** A participant with a hand that is perhaps raised. */
export type Person = Participant & { hand?: { order: number } | undefined };

const kRanks: readonly Role[] = ['viewer', 'attendee', 'presenter', 'co_host', 'host'];

export class Roster {
  readonly people = new Map<string, Participant>();
  selfId = '';
  /** Who shares a screen, the last one to begin where several do. */
  sharerId?: string | undefined;
  /** Who leads the conversation. */
  speakerId?: string | undefined;
  /** Whom a moderator shows to everybody. */
  spotlightId?: string | undefined;
  /** Whom we have pinned, for ourselves. */
  pinnedId?: string | undefined;
  locked = false;
  features: Partial<Record<Permission, boolean>> = {};
  /** Who left before the list that still names them was read. */
  readonly #left = new Set<string>();
  #complete = false;

  /** @param onLeft Also for participants that nobody has heard of. */
  constructor(
    private readonly signalling: Signalling,
    private readonly onChanged: () => void,
    private readonly onLeft: (participantId: string) => void,
  ) {
    signalling.on('participant:joined', ({ participant }) => this.#change([participant], []));
    signalling.on('participant:updated', ({ participant }) => this.#change([participant], []));
    signalling.on('participant:left', ({ participantId }) => this.#change([], [participantId]));
    signalling.on('participants:changed', ({ joined, updated, left }) =>
      this.#change([...joined, ...updated], left.map(({ participantId }) => participantId)),
    );
    signalling.on('speaker:active', ({ participantId }) => {
      this.speakerId = participantId ?? undefined;
      this.onChanged();
    });
    signalling.on('participant:spotlighted', ({ participantId }) => {
      this.spotlightId = participantId ?? undefined;
      this.onChanged();
    });
    signalling.on('role:updated', ({ participantId, role, features }) => {
      if (participantId === this.selfId && features) this.features = features;
      const person = this.people.get(participantId);
      if (person) this.#change([{ ...person, role }], []);
    });
    signalling.on('room:locked', ({ locked }) => {
      this.locked = locked;
      this.onChanged();
    });
    signalling.on('room:policy-changed', ({ locked, features }) => {
      this.locked = locked;
      if (features) this.features = features;
      this.onChanged();
    });
    signalling.on('screenshare:started', ({ participantId }) => this.#setSharer(participantId));
    signalling.on('screenshare:stopped', ({ participantId }) => {
      if (this.sharerId === participantId) this.#setSharer(undefined);
    });
  }

  get self(): Participant | undefined {
    return this.people.get(this.selfId);
  }

  may(permission: Permission): boolean {
    return this.features[permission] ?? false;
  }

  /** Nobody decides about who stands above. */
  standsAboveUs({ role }: Participant): boolean {
    return kRanks.indexOf(role ?? 'attendee') > kRanks.indexOf(this.self?.role ?? 'viewer');
  }

  /** A moderator has muted us, and only a moderator can take it back. */
  isHeld(...kinds: MuteKind[]): boolean {
    const muted = this.self?.muted ?? [];
    return !this.may('muteOthers') && kinds.some((kind) => muted.includes(kind));
  }

  get handIsUp(): boolean {
    return this.self?.attributes?.handRaised !== undefined;
  }

  /** Raised hands first, in their order; then as people came. */
  inOrder(): Person[] {
    const people = [...this.people.values()].map((one) => ({ ...one, hand: one.attributes?.handRaised }));
    const place = ({ hand }: Person) => hand?.order ?? Number.MAX_SAFE_INTEGER;
    return people.sort((a, b) => place(a) - place(b) || (a.joinedAt ?? 0) - (b.joinedAt ?? 0));
  }

  get sharer(): Participant | undefined {
    return this.sharerId ? this.people.get(this.sharerId) : undefined;
  }

  begin({ room, self, participants, screenShare, activeSpeaker, spotlight, features }: JoinResult): void {
    this.speakerId = activeSpeaker?.participantId ?? undefined;
    this.spotlightId = spotlight ?? undefined;
    this.features = features ?? {};
    this.locked = room.locked ?? false;
    this.selfId = self.participantId;
    this.sharerId = screenShare?.participantId;
    this.#complete = false;
    this.people.clear();
    for (const participant of [self, ...participants]) this.#learn(participant);
  }

  /** Reads the pages that the join did not bring. */
  async complete({ participants, room }: JoinResult): Promise<void> {
    let total = room.size;
    let offset = participants.length;
    for (let pass = 0; pass < kMaxPasses && this.people.size < total; ++pass) {
      while (offset < total) {
        const page = await this.signalling.request('room:members', { offset });
        total = page.total;
        if (page.participants.length === 0) break;
        offset += page.participants.length;
        for (const participant of page.participants) this.#learn(participant);
        this.onChanged();
      }
      offset = 0;
    }
    this.#complete = true;
    this.#left.clear();
  }

  #change(known: Participant[], left: string[]): void {
    for (const participant of known) this.#learn(participant);
    for (const participantId of left) {
      if (!this.#complete) this.#left.add(participantId);
      this.people.delete(participantId);
      if (this.pinnedId === participantId) this.pinnedId = undefined;
      this.onLeft(participantId);
    }
    this.onChanged();
  }

  #learn(participant: Participant): void {
    const { participantId } = participant;
    if (this.#left.has(participantId)) return;
    this.people.set(participantId, participant);
  }

  #setSharer(participantId: string | undefined): void {
    this.sharerId = participantId;
    this.onChanged();
  }
}
