// The chat beside the pictures: what was said, who is typing, and a line to answer.
import type { Call } from './call';
import { messageItem } from './message_item';
import type { ChatMessage } from './protocol';

type Shown = Map<string, { item: HTMLElement; as: string }>;

const kMostReceivers = 200;
const kAtEndPx = 40;

export class ChatPanel {
  readonly #list: HTMLElement;
  readonly #typing: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #text: HTMLInputElement;
  readonly #to: HTMLSelectElement;
  readonly #more: HTMLButtonElement;
  /** What stands in the list, by message. Items that stay are left alone: a screen reader would read them again. */
  #shown: Shown = new Map();
  #newest = -1;

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
    this.#text.addEventListener('input', () => this.call()?.chat.type(this.#to.value));
    this.#more.addEventListener('click', () => this.call()?.chat.load().catch(this.failed));
  }

  /** The panel has come into view. */
  opened(): void {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#text.focus();
  }

  refresh(): void {
    const call = this.call();
    this.#form.hidden = !(call?.roster.may('chat') ?? false);
    this.#drawReceivers(call);
    this.#drawTyping(call);
    this.#more.hidden = !(call?.chat.hasMore ?? false);
    const atEnd = this.#list.scrollTop + this.#list.clientHeight >= this.#list.scrollHeight - kAtEndPx;
    this.#drawMessages(call);
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
    const newest = call?.chat.messages.at(-1);
    if (newest && newest.number > this.#newest && newest.participantId !== call?.roster.selfId) this.arrived();
    this.#newest = newest?.number ?? -1;
  }

  #drawMessages(call: Call | undefined): void {
    const before = this.#shown;
    this.#shown = new Map();
    let place = this.#list.firstElementChild;
    for (const message of call?.chat.messages ?? []) {
      const item = this.#itemOf(call!, message, before);
      if (item === place) place = place.nextElementSibling;
      else this.#list.insertBefore(item, place);
    }
    while (place) {
      const gone = place;
      place = place.nextElementSibling;
      gone.remove();
    }
  }

  #itemOf(call: Call, message: ChatMessage, before: Shown): HTMLElement {
    const as = JSON.stringify([message, call.roster.may('chatModerate')]);
    const known = before.get(message.messageId);
    const item = known?.as === as ? known.item : messageItem(call, message, this.failed);
    this.#shown.set(message.messageId, { item, as });
    return item;
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
    const single = call?.roster.may('chatPrivate') ? [...call.roster.people.values()].slice(0, kMostReceivers) : [];
    const others = single.filter((one) => one.participantId !== call?.roster.selfId);
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
    const text = names.length ? `${names.slice(0, 3).join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…` : '';
    if (this.#typing.textContent !== text) this.#typing.textContent = text; // a live region is read when it is set
  }
}
