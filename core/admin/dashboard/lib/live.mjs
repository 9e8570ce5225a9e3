// What a view watches, from one stream of /admin/v1/live, again and again until it is closed.
import { ApiError, unwrap } from './api.mjs';
import { EventStreamParser } from './event_stream.mjs';

const kFirstDelayMs = 500;
const kMaxDelayMs = 15_000;
/** The server sends something, if only a comment, every 15 s. */
const kSilenceMs = 40_000;

/** Each item is encoded twice: once to hold commas and the like, once as the value of the query. */
export function liveAddress(items) {
  return `live?watch=${encodeURIComponent(items.map(encodeURIComponent).join(','))}`;
}

/** Waits longer each time, and never exactly as long as the other pages that lost the same gateway. */
export function backoff(attempt, random = Math.random()) {
  return Math.min(kMaxDelayMs, kFirstDelayMs * 2 ** attempt) * (0.75 + random / 2);
}

export class LiveStream {
  #api;
  #onItem;
  #onState;
  #names = new Map(); // of an item, as it stands in events
  #abort = null;
  #attempt = 0;
  #timer = null;
  #closed = false;
  #running = false;

  /**
   * @param watch `{name: item}`, as `{room: 'rooms/lobby?tenant=x'}`.
   * @param onItem Gets `(name, data, error)`: the answer without its envelope, or null and an ApiError.
   * @param onState Gets `({live, reason, retryMs})`.
   */
  constructor(api, watch, { onItem, onState }) {
    this.#api = api;
    this.#onItem = onItem;
    this.#onState = onState;
    for (const [name, item] of Object.entries(watch)) this.#names.set(item, name);
    this.#run();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  /** Tries now instead of later. */
  retry() {
    if (this.#closed || this.#running) return;
    clearTimeout(this.#timer);
    this.#run();
  }

  async #run() {
    this.#running = true;
    this.#abort = new AbortController();
    let reason;
    try {
      reason = await this.#read(this.#abort);
    } catch (error) {
      reason = error instanceof ApiError ? error : new ApiError(0, 'CUT', 'The connection was cut.');
    }
    this.#running = false;
    if (this.#closed) return;
    // The same token again would be refused again, and count as an attack.
    if (reason?.status === 401) return this.#onState({ live: false, reason });
    const retryMs = backoff(this.#attempt);
    this.#attempt += 1;
    this.#onState({ live: false, reason, retryMs });
    this.#timer = setTimeout(() => this.#run(), retryMs);
  }

  async #read(abort) {
    const response = await this.#api.request('GET', liveAddress([...this.#names.keys()]), { signal: abort.signal });
    if (!response.ok) unwrap(await response.json().catch(() => ({})), response.status);
    const parser = new EventStreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await withPatience(reader, abort);
      if (done) return new ApiError(0, 'ENDED', 'The gateway ended the live updates.');
      this.#attempt = 0;
      if (this.#closed) return null;
      this.#onState({ live: true });
      for (const { event, data } of parser.feed(value)) this.#take(event, data);
    }
  }

  #take(event, data) {
    const name = this.#names.get(event) ?? this.#names.get(decoded(event));
    if (name === undefined) return;
    try {
      this.#onItem(name, unwrap(JSON.parse(data)), null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#onItem(name, null, error);
    }
  }
}

async function withPatience(reader, abort) {
  const patience = setTimeout(() => abort.abort(), kSilenceMs);
  try {
    return await reader.read();
  } finally {
    clearTimeout(patience);
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
