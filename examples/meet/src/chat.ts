// What is said in writing: the newest messages, and who is typing.
import type { ChatMessage } from './protocol';
import type { Signalling } from './signalling';

const kPage = 50;
const kMostKept = 500; // the page is no archive: history can be read again
const kTypingMs = 2_000; // the gateway forgets after three seconds

export class Chat {
  /** Oldest first. */
  messages: ChatMessage[] = [];
  readonly typing = new Set<string>();
  hasMore = false;
  #toldTypingAt = 0;

  constructor(
    private readonly signalling: Signalling,
    private readonly onChanged: () => void,
  ) {
    signalling.on('chat:message', (message) => this.#add([message]));
    signalling.on('chat:edited', ({ messageId, message }) => this.#change(messageId, { message }));
    signalling.on('chat:deleted', ({ messageId }) => this.#change(messageId, { message: '', deleted: true }));
    signalling.on('chat:typing', ({ participantId, typing }) => {
      if (typing) this.typing.add(participantId);
      else this.typing.delete(participantId);
      onChanged();
    });
  }

  /** The page before the oldest one that is known. */
  async load(): Promise<void> {
    const before = this.messages[0]?.number;
    const page = await this.signalling.request('chat:history', { ...(before ? { before } : {}), limit: kPage });
    this.hasMore = page.hasMore;
    this.#add(page.messages);
  }

  async send(message: string, to: string): Promise<void> {
    this.#toldTypingAt = 0;
    await this.signalling.request('chat:send', { message, type: 'text', to });
  }

  async remove(messageId: string): Promise<void> {
    await this.signalling.request('chat:delete', { messageId });
  }

  /** Called at each key; tells the others now and then. */
  type(): void {
    const now = performance.now();
    if (now - this.#toldTypingAt < kTypingMs) return;
    this.#toldTypingAt = now;
    this.signalling.request('chat:typing', { typing: true }).catch(() => {}); // nobody's loss
  }

  #change(messageId: string, change: Partial<ChatMessage>): void {
    this.messages = this.messages.map((one) => (one.messageId === messageId ? { ...one, ...change } : one));
    this.onChanged();
  }

  #add(more: ChatMessage[]): void {
    const byId = new Map([...this.messages, ...more].map((message) => [message.messageId, message]));
    this.messages = [...byId.values()].sort((a, b) => a.number - b.number).slice(-kMostKept);
    for (const { participantId } of more) this.typing.delete(participantId);
    this.onChanged();
  }
}
