// A transport that is kept alive: an ICE restart where its path breaks, another transport where that does not help.
import type { types } from 'mediasoup-client';
import { isUnreachable, RequestError } from './failure';
import type { Signalling } from './signalling';

const kRestartMs = 5_000; // a restart that works takes some round trips
const kMaxReplacements = 2; // in a row; a firewall does not go away by trying

export interface KeptTransportObserver {
  /** Another transport stands in for the one that failed; what was sent or received over that one is gone. */
  replaced(): Promise<void>;
  /** The path is broken and being repaired, or whole again. */
  repairing(active: boolean): void;
  /** Given up. */
  failed(error: unknown): void;
}

export class KeptTransport {
  #transport?: types.Transport;
  #replacements = 0;
  #repairing = false;
  #closed = false;

  constructor(
    private readonly signalling: Signalling,
    private readonly make: () => Promise<types.Transport>,
    private readonly observer: KeptTransportObserver,
  ) {
    signalling.on('transport:failed', ({ transportId }) => {
      if (transportId === this.#transport?.id) void this.#repair();
    });
  }

  get current(): types.Transport | undefined {
    return this.#transport;
  }

  async open(): Promise<void> {
    const transport = await this.make();
    this.#transport = transport;
    if (this.#closed) return transport.close();
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') this.#replacements = 0;
      if (state === 'failed') void this.#repair();
    });
  }

  /** Signalling has been away. `kept`: what the gateway still has; a path that broke meanwhile could not be repaired. */
  resume(kept: { id: string }[]): void {
    const transport = this.#transport;
    if (!transport) return;
    const whole = transport.connectionState !== 'failed' && transport.connectionState !== 'disconnected';
    if (!whole || !kept.some(({ id }) => id === transport.id)) void this.#repair();
  }

  close(): void {
    this.#closed = true;
    this.#transport?.close();
  }

  async #repair(): Promise<void> {
    if (this.#repairing || this.#closed) return;
    this.#repairing = true;
    this.observer.repairing(true);
    try {
      if (!(await this.#restartIce())) await this.#replace();
      if (!this.#closed) this.observer.repairing(false);
    } catch (error) {
      if (!this.#closed && !isUnreachable(error)) this.observer.failed(error); // where it is lost, resume() tries again
      return;
    } finally {
      this.#repairing = false;
    }
    if (this.#transport?.connectionState === 'failed') void this.#repair(); // the new one, meanwhile
  }

  async #restartIce(): Promise<boolean> {
    const transport = this.#transport!;
    try {
      const { iceParameters } = await this.signalling.request('transport:restart-ice', { transportId: transport.id });
      await transport.restartIce({ iceParameters });
    } catch {
      return false; // the gateway has given it up
    }
    return connects(transport);
  }

  async #replace(): Promise<void> {
    if (this.#closed) return;
    if (++this.#replacements > kMaxReplacements) throw new RequestError('TRANSPORT_FAILED', '');
    const old = this.#transport!;
    old.close();
    await this.signalling.request('transport:close', { transportId: old.id }).catch(() => {}); // perhaps gone already
    await this.open();
    await this.observer.replaced();
  }
}

/** Whether the transport is connected within the time that a restart may take. */
function connects(transport: types.Transport): Promise<boolean> {
  if (transport.connectionState === 'connected') return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (connected: boolean) => {
      clearTimeout(patience);
      transport.off('connectionstatechange', look);
      resolve(connected);
    };
    const look = (state: types.ConnectionState) => {
      if (state === 'connected') settle(true);
    };
    const patience = setTimeout(() => settle(false), kRestartMs);
    transport.on('connectionstatechange', look);
  });
}
