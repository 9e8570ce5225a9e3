// Server-sent events out of a stream of text, as the HTML standard parses them: fetch() gives no EventSource, and
// EventSource takes no Authorization header.

/** A server that never ends an event must not fill the page's memory. */
export const kMaxEventBytes = 8 * 1024 * 1024;

export class EventStreamParser {
  #rest = '';
  #event = '';
  #data = [];
  #bytes = 0;

  /** Takes the next piece of text, wherever it was cut. Gives the events that it completes: `{event, data}`. */
  feed(text) {
    const events = [];
    this.#rest += text;
    this.#bytes += text.length;
    if (this.#bytes > kMaxEventBytes) throw new Error('an event of the live stream has no end');
    // A \r at the end may be the first half of \r\n.
    for (let end; (end = this.#rest.search(/\r\n|\n|\r(?!$)/)) >= 0; ) {
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + (this.#rest.startsWith('\r\n', end) ? 2 : 1));
      const complete = this.#line(line);
      if (complete) events.push(complete);
    }
    return events;
  }

  #line(line) {
    if (line === '') return this.#dispatch();
    if (line.startsWith(':')) return null; // a comment: the connection is alive
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.#event = value;
    if (name === 'data') this.#data.push(value);
    return null;
  }

  #dispatch() {
    const complete = this.#data.length > 0 ? { event: this.#event || 'message', data: this.#data.join('\n') } : null;
    this.#event = '';
    this.#data = [];
    this.#bytes = this.#rest.length;
    return complete;
  }
}
