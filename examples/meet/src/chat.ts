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
  #toldTypingAt = -Infinity;

  constructor(
    private readonly signalling: Signalling,
    private readonly onChanged: () => void,
  ) {
    signalling.on('chat:message', (message) => this.#add([message]));
    signalling.on('chat:edited', ({ messageId, message, editedAt }) => this.#change(messageId, { message, editedAt }));
    signalling.on('chat:deleted', ({ messageId }) => this.#change(messageId, { message: '', deleted: true }));
    signalling.on('chat:poll', ({ messageId, votes }) => this.#vote(messageId, votes));
    signalling.on('chat:caught-up', ({ hasMore }) => {
      if (hasMore) void this.load(true).catch(() => {}); // the rest is behind "Earlier messages"
    });
    signalling.on('chat:typing', ({ participantId, typing }) => {
      if (typing) this.typing.add(participantId);
      else this.typing.delete(participantId);
      onChanged();
    });
  }

  /** The page before the oldest one that is known; or the newest one, in place of all that is known. */
  async load(anew = false): Promise<void> {
    const before = anew ? undefined : this.messages[0]?.number;
    const page = await this.signalling.request('chat:history', { ...(before ? { before } : {}), limit: kPage });
    if (anew) this.messages = [];
    this.#add(page.messages);
    this.hasMore = page.hasMore && this.messages.length < kMostKept;
    this.onChanged();
  }

  async send(message: string, to: string): Promise<void> {
    this.#toldTypingAt = -Infinity;
    await this.signalling.request('chat:send', { message, type: 'text', to });
  }

  async remove(messageId: string): Promise<void> {
    await this.signalling.request('chat:delete', { messageId });
  }

  async vote(messageId: string, option: number): Promise<void> {
    const { poll } = await this.signalling.request('chat:vote', { messageId, option });
    this.#change(messageId, { poll });
  }

  /** Where the file can be fetched, for some minutes. */
  async fileUrl(fileId: string): Promise<string> {
    const { url } = await this.signalling.request('chat:file', { fileId });
    return this.signalling.addressOf(url);
  }

  /** Called at each key; tells `to` now and then. */
  type(to: string): void {
    const now = performance.now();
    if (now - this.#toldTypingAt < kTypingMs) return;
    this.#toldTypingAt = now;
    this.signalling.request('chat:typing', { typing: true, to }).catch(() => {}); // nobody's loss
  }

  #change(messageId: string, change: Partial<ChatMessage>): void {
    this.messages = this.messages.map((one) => (one.messageId === messageId ? { ...one, ...change } : one));
    this.onChanged();
  }

  #vote(messageId: string, votes: number[]): void {
    const poll = this.messages.find((one) => one.messageId === messageId)?.poll;
    if (poll) this.#change(messageId, { poll: { ...poll, votes } });
  }

  #add(more: ChatMessage[]): void {
    const byId = new Map([...this.messages, ...more].map((message) => [message.messageId, message]));
    this.messages = [...byId.values()].sort((a, b) => a.number - b.number).slice(-kMostKept);
    for (const { participantId } of more) this.typing.delete(participantId);
    this.onChanged();
  }
}
