// Requests and events over socket.io-client, which keeps its default options: polling first, then WebSocket.
import { io, type Socket } from 'socket.io-client';
import { RequestError } from './failure';
import type { Requests, ServerEvents } from './protocol';

const kAckTimeoutMs = 10_000;

type Ack = { ok: true; data?: unknown } | { ok: false; error?: Partial<RequestErrorShape> };
type RequestErrorShape = { code: string; message: string; details: Record<string, unknown> };
type Refusal = Error & { data?: Partial<RequestErrorShape> };

export class Signalling {
  readonly #socket: Socket;
  readonly #handlers: [event: string, handler: (data: unknown) => void][] = [];

  /**
   * @param url Origin of the gateway; undefined means the origin that served the page.
   * @param token Asked for before each connection; must not reject.
   */
  constructor(
    private readonly url: string | undefined,
    token: () => Promise<string | undefined>,
  ) {
    const auth = (show: (data: object) => void) => void token().then((text) => show(text ? { token: text } : {}));
    const options = { autoConnect: false, forceNew: true, auth };
    this.#socket = url ? io(url, options) : io(options);
  }

  /** Resolves once connected; rejects at the first refusal, so that the person learns why. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        this.#socket.off('connect', connected).off('connect_error', refused);
        outcome();
      };
      const connected = () => settle(resolve);
      const refused = (error: Error) => {
        this.#socket.disconnect();
        settle(() => reject(refusalOf(error)));
      };
      this.#socket.on('connect', connected).on('connect_error', refused).connect();
    });
  }

  /**
   * Sends one event; resolves with the ack's data, rejects with a RequestError. Nothing waits for a lost connection to
   * come back: the gateway would get it before it knows again who we are.
   */
  async request<E extends keyof Requests>(event: E, data: Requests[E]['data']): Promise<Requests[E]['result']> {
    if (!this.#socket.connected) throw new RequestError('UNREACHABLE', '');
    let ack: Ack;
    try {
      ack = (await this.#socket.timeout(kAckTimeoutMs).emitWithAck(event, data)) as Ack;
    } catch {
      if (!this.#socket.connected) throw new RequestError('UNREACHABLE', '');
      throw new RequestError('TIMEOUT', `no answer to ${event}`);
    }
    if (ack?.ok) return ack.data as Requests[E]['result'];
    throw errorOf(ack?.error, `${event} was refused`);
  }

  on<E extends keyof ServerEvents>(event: E, handler: (data: ServerEvents[E]) => void): void {
    this.#handlers.push([event, handler as (data: unknown) => void]);
    this.#socket.on(event as string, handler as (data: unknown) => void);
  }

  /** An address of the gateway, from a path that it has told. */
  addressOf(path: string): string {
    return new URL(path, this.url ?? location.origin).href;
  }

  /** Takes back every on(): the call that asked for the events is over, the connection may serve another one. */
  forgetEvents(): void {
    for (const [event, handler] of this.#handlers.splice(0)) this.#socket.off(event, handler);
  }

  /** The connection broke. `final`: the gateway sent us away and socket.io will not try again. */
  onLost(handler: (final: boolean) => void): void {
    this.#socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') handler(reason === 'io server disconnect');
    });
  }

  /** The connection stands again after onLost. Register after connect(). */
  onBack(handler: () => void): void {
    this.#socket.on('connect', handler);
  }

  /** Tries at once instead of waiting for socket.io's next attempt. */
  retryNow(): void {
    if (!this.#socket.connected) this.#socket.disconnect().connect();
  }

  close(): void {
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }
}

function errorOf(error: Partial<RequestErrorShape> | undefined, fallback: string): RequestError {
  return new RequestError(error?.code ?? 'INTERNAL', error?.message ?? fallback, error?.details ?? {});
}

/** A refusal by the gateway carries `data`; without it the connection itself failed. */
function refusalOf(error: Refusal): RequestError {
  return error.data?.code ? errorOf(error.data, error.message) : new RequestError('UNREACHABLE', error.message);
}
