// The list of people: who is here, who has raised a hand, who waits at the door; and what a moderator does about them.
import type { Call } from './call';
import type { Permission } from './protocol';
import type { Person } from './roster';

const kRoles: Record<string, string> = {
  host: 'Host',
  co_host: 'Co-host',
  presenter: 'Presenter',
  attendee: '',
  viewer: 'Viewer',
};

/** What can be chosen for one person, and who may. */
interface Choice {
  label: string;
  permission: Permission;
  fits(person: Person): boolean;
  run(call: Call, person: Person): Promise<unknown>;
}

const kChoices: Choice[] = [
  {
    label: 'Mute',
    permission: 'muteOthers',
    fits: (person) => person.media?.audio === true,
    run: ({ moderation }, { participantId }) => moderation.mute(participantId, 'audio'),
  },
  {
    label: 'Stop camera',
    permission: 'muteOthers',
    fits: (person) => person.media?.video === true,
    run: ({ moderation }, { participantId }) => moderation.mute(participantId, 'video'),
  },
  {
    label: 'Stop sharing',
    permission: 'muteOthers',
    fits: (person) => person.media?.screen === true,
    run: ({ moderation }, { participantId }) => moderation.mute(participantId, 'screen'),
  },
  {
    label: 'Allow camera',
    permission: 'muteOthers',
    fits: (person) => person.muted?.includes('video') === true,
    run: ({ moderation }, { participantId }) => moderation.askUnmute(participantId, 'video'),
  },
  {
    label: 'Allow sharing',
    permission: 'muteOthers',
    fits: (person) => person.muted?.includes('screen') === true,
    run: ({ moderation }, { participantId }) => moderation.askUnmute(participantId, 'screen'),
  },
  {
    label: 'Ask to unmute',
    permission: 'muteOthers',
    fits: (person) => person.media?.audio !== true,
    run: ({ moderation }, { participantId }) => moderation.askUnmute(participantId, 'audio'),
  },
  {
    label: 'Lower hand',
    permission: 'muteOthers',
    fits: (person) => person.hand !== undefined,
    run: ({ engagement }, { participantId }) => engagement.lowerHand(participantId),
  },
  {
    label: 'Make co-host',
    permission: 'changeRole',
    fits: (person) => person.role !== 'co_host',
    run: ({ moderation }, { participantId }) => moderation.setRole(participantId, 'co_host'),
  },
  {
    label: 'Make attendee',
    permission: 'changeRole',
    fits: (person) => person.role !== 'attendee',
    run: ({ moderation }, { participantId }) => moderation.setRole(participantId, 'attendee'),
  },
  {
    label: 'Make viewer',
    permission: 'changeRole',
    fits: (person) => person.role !== 'viewer',
    run: ({ moderation }, { participantId }) => moderation.setRole(participantId, 'viewer'),
  },
  {
    label: 'Remove',
    permission: 'removeParticipant',
    fits: () => true,
    run: ({ moderation }, { participantId }) => moderation.remove(participantId),
  },
];

const kMostRows = 200; // a longer list is not read by anybody

export class PeoplePanel {
  readonly #people: HTMLElement;
  readonly #waiting: HTMLElement;
  readonly #controls: HTMLElement;
  readonly #lock: HTMLButtonElement;
  readonly #forAll: HTMLButtonElement;
  #shown = '';

  /** @param failed Told of what the gateway refuses. */
  constructor(
    private readonly root: HTMLElement,
    private readonly call: () => Call | undefined,
    private readonly failed: (error: unknown) => void,
  ) {
    const part = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector)!;
    this.#people = part('#people');
    this.#waiting = part('#waiting');
    this.#controls = part('#room-controls');
    this.#lock = part('#lock');
    this.#forAll = part('#layout-all');
    this.#onClick(part('#mute-all'), ({ moderation }) => moderation.mute('all', 'audio'));
    this.#onClick(part('#admit-all'), ({ door }) => door.admit('all'));
    this.#onClick(this.#lock, ({ moderation, roster }) => moderation.lock(!roster.locked));
    this.#onClick(this.#forAll, ({ engagement }) => engagement.layoutForAll());
  }

  /** Draws what the call knows now; does nothing where that is on the screen already. */
  refresh(): void {
    if (this.root.hidden) return;
    const call = this.call();
    const people = call ? call.roster.inOrder().slice(0, kMostRows) : [];
    const more = (call?.roster.people.size ?? 0) - people.length;
    const key = JSON.stringify([people, more, call?.door.waiting, call?.roster.features, call?.roster.locked]);
    if (key === this.#shown) return;
    this.#shown = key;
    const open = this.#people.querySelector<HTMLElement>('details[open]')?.dataset['participant'];
    const focused = this.#focused();
    this.#people.replaceChildren(...people.map((person) => this.#row(call!, person, person.participantId === open)));
    if (more > 0) this.#people.append(textElement('li', `and ${more} more`));
    this.#drawDoor(call);
    this.#focusAgain(focused);
    const may = (permission: Permission) => call?.roster.may(permission) ?? false;
    this.#controls.querySelector<HTMLElement>('#mute-all')!.hidden = !may('muteOthers');
    this.#lock.hidden = !may('lockRoom');
    this.#lock.textContent = call?.roster.locked ? 'Unlock the room' : 'Lock the room';
    this.#forAll.hidden = !may('setLayout');
  }

  /** Where the keyboard is: rows are made anew, and it should not be lost by that. */
  #focused(): { participantId: string; text: string } | undefined {
    const active = document.activeElement as HTMLElement | null;
    const row = this.root.contains(active) && active?.closest('li');
    return row ? { participantId: row.dataset['participant'] ?? '', text: active?.textContent ?? '' } : undefined;
  }

  #focusAgain(focused: { participantId: string; text: string } | undefined): void {
    if (!focused) return;
    const rows = [...this.root.querySelectorAll('li')].filter((row) => row.dataset['participant'] === focused.participantId);
    const all = rows.flatMap((row) => [...row.querySelectorAll<HTMLElement>('button, summary')]);
    (all.find(({ textContent }) => textContent === focused.text) ?? all[0])?.focus();
  }

  #drawDoor(call: Call | undefined): void {
    const waiting = call?.roster.may('admit') ? call.door.waiting : [];
    this.#waiting.hidden = waiting.length === 0;
    this.#waiting.querySelector('ul')!.replaceChildren(
      ...waiting.map(({ participantId, name }) => {
        const row = document.createElement('li');
        row.dataset['participant'] = participantId;
        row.append(textElement('span', name, 'name'));
        row.append(this.#button('Admit', ({ door }) => door.admit(participantId)));
        row.append(this.#button('Deny', ({ door }) => door.deny(participantId)));
        return row;
      }),
    );
  }

  #row(call: Call, person: Person, open: boolean): HTMLElement {
    const row = document.createElement('li');
    row.dataset['participant'] = person.participantId;
    row.classList.toggle('away', person.away === true);
    const self = person.participantId === call.roster.selfId;
    row.append(textElement('span', self ? `${person.name} (you)` : person.name, 'name'));
    for (const badge of badges(person)) row.append(textElement('span', badge, 'badge'));
    const untouchable = self || call.roster.standsAboveUs(person);
    const choices = untouchable ? [] : kChoices.filter(({ permission, fits }) => call.roster.may(permission) && fits(person));
    if (choices.length) row.append(this.#menu(person, choices, open));
    return row;
  }

  #menu(person: Person, choices: Choice[], open: boolean): HTMLElement {
    const menu = document.createElement('details');
    menu.dataset['participant'] = person.participantId;
    menu.open = open;
    const summary = textElement('summary', '⋯');
    summary.setAttribute('aria-label', `What to do about ${person.name}`);
    const list = document.createElement('div');
    list.className = 'menu';
    list.append(...choices.map(({ label, run }) => this.#button(label, (call) => run(call, person))));
    menu.append(summary, list);
    return menu;
  }

  #button(label: string, run: (call: Call) => Promise<unknown>): HTMLButtonElement {
    const button = textElement('button', label) as HTMLButtonElement;
    button.type = 'button';
    this.#onClick(button, run);
    return button;
  }

  #onClick(button: HTMLButtonElement, run: (call: Call) => Promise<unknown>): void {
    button.addEventListener('click', () => {
      button.closest('details')?.removeAttribute('open');
      const call = this.call();
      if (call) run(call).catch(this.failed);
    });
  }
}

function badges(person: Person): string[] {
  const out = [kRoles[person.role ?? ''] ?? ''];
  if (person.hand) out.push(`✋ ${person.hand.order}`);
  if (person.muted?.length) out.push('Muted by a moderator');
  if (person.away) out.push('Reconnecting…');
  return out.filter(Boolean);
}

function textElement(tag: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text; // never as HTML: names are what people type
  if (className) element.className = className;
  return element;
}
