// The chat beside the pictures: what was said, who is typing, and a line to answer.
import type { Call } from './call';
import type { ChatMessage } from './protocol';

const kMostReceivers = 200;

export class ChatPanel {
  readonly #list: HTMLElement;
  readonly #typing: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #text: HTMLInputElement;
  readonly #to: HTMLSelectElement;
  readonly #more: HTMLButtonElement;
  #shown = '';
  #newest = '';

  /** @param arrived Told of messages of others. */
  constructor(
    root: HTMLElement,
    private readonly call: () => Call | undefined,
    private readonly failed: (error: unknown) => void,
    private readonly arrived: () => void,
  ) {
    const part = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector)!;
    this.#list = part('#messages');
    this.#typing = part('#typing');
    this.#form = part<HTMLFormElement>('#chat-form');
    this.#text = part<HTMLInputElement>('#chat-text');
    this.#to = part<HTMLSelectElement>('#chat-to');
    this.#more = part<HTMLButtonElement>('#chat-more');
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#text.addEventListener('input', () => this.call()?.chat.type());
    this.#more.addEventListener('click', () => this.call()?.chat.load().catch(this.failed));
  }

  refresh(): void {
    const call = this.call();
    this.#form.hidden = !(call?.roster.may('chat') ?? false);
    this.#drawReceivers(call);
    this.#drawTyping(call);
    const messages = call?.chat.messages ?? [];
    this.#more.hidden = !(call?.chat.hasMore ?? false);
    const key = JSON.stringify(messages);
    if (key === this.#shown) return;
    this.#shown = key;
    const atEnd = this.#list.scrollTop + this.#list.clientHeight >= this.#list.scrollHeight - 40;
    this.#list.replaceChildren(...messages.map((message) => this.#item(call!, message)));
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
    const newest = messages.at(-1);
    if (newest && newest.messageId !== this.#newest && newest.participantId !== call?.roster.selfId) this.arrived();
    this.#newest = newest?.messageId ?? '';
  }

  async #send(): Promise<void> {
    const message = this.#text.value.trim();
    const call = this.call();
    if (!message || !call) return;
    try {
      await call.chat.send(message, this.#to.value);
      this.#text.value = ''; // kept where it was refused: nobody wants to type it again
    } catch (error) {
      this.failed(error);
    }
  }

  #drawReceivers(call: Call | undefined): void {
    const people = [...(call?.roster.people.values() ?? [])].slice(0, kMostReceivers);
    const others = people.filter((one) => one.participantId !== call?.roster.selfId);
    const wanted = [
      { value: 'all', label: 'Everybody' },
      { value: 'host', label: 'Hosts' },
      ...others.map(({ participantId, name }) => ({ value: participantId, label: name })),
    ];
    const same =
      wanted.length === this.#to.options.length &&
      wanted.every(({ value, label }, i) => this.#to.options[i]!.value === value && this.#to.options[i]!.text === label);
    if (same) return;
    const chosen = this.#to.value;
    this.#to.replaceChildren(...wanted.map(({ value, label }) => new Option(label, value)));
    this.#to.value = wanted.some(({ value }) => value === chosen) ? chosen : 'all';
  }

  #drawTyping(call: Call | undefined): void {
    const names = [...(call?.chat.typing ?? [])].map((id) => call?.roster.people.get(id)?.name).filter(Boolean);
    this.#typing.textContent = names.length ? `${names.slice(0, 3).join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…` : '';
  }

  #item(call: Call, message: ChatMessage): HTMLElement {
    const item = document.createElement('li');
    const self = message.participantId === call.roster.selfId;
    item.classList.toggle('own', self);
    item.classList.toggle('announcement', message.type === 'announcement');
    const head = document.createElement('p');
    head.className = 'head';
    const time = new Date(message.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    head.textContent = `${self ? 'You' : message.name}${receiver(call, message)} · ${time}`;
    const body = document.createElement('p');
    body.className = 'body';
    body.textContent = message.deleted ? 'deleted' : message.message; // as text, whatever it looks like
    body.classList.toggle('deleted', message.deleted === true);
    item.append(head, body);
    if (self && !message.deleted) {
      const remove = document.createElement('button');
      remove.type = 'button';
      remove.textContent = 'Delete';
      remove.addEventListener('click', () => call.chat.remove(message.messageId).catch(this.failed));
      item.append(remove);
    }
    return item;
  }
}

function receiver(call: Call, { to }: ChatMessage): string {
  if (to === 'all') return '';
  if (to === 'host') return ' to the hosts';
  return to === call.roster.selfId ? ' to you' : ` to ${call.roster.people.get(to)?.name ?? 'one'}`;
}
