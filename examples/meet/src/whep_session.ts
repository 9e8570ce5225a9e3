// One WHEP session (draft-ietf-wish-whep): an offer goes out, an answer comes back, and the URL in it ends the session.
import { WatchError } from './player';

const kTries = 3;

const refusals: Record<number, string> = {
  401: 'This gateway admits no guests: "Live now" needs an invitation with a token. Low latency and Steady need none.',
  403: 'You were not let in. Low latency and Steady need no seat in the meeting.',
  404: 'This gateway does not offer "Live now", or the room is gone.',
  408: 'Nobody let you in.',
};

export class WhepSession {
  readonly connection: RTCPeerConnection;
  #location = '';
  #closed = false;

  private constructor(private readonly headers: Record<string, string>) {
    this.connection = new RTCPeerConnection();
  }

  /** @param slots So many pictures and voices are received at most: the gateway fills the sections by itself. */
  static async open(address: string, token: string | undefined, slots: number): Promise<WhepSession> {
    const session = new WhepSession(token ? { Authorization: `Bearer ${token}` } : {});
    try {
      await session.#negotiate(address, slots);
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /** Also when the page goes away. */
  close(): void {
    this.#closed = true;
    this.connection.close();
    if (!this.#location) return;
    void fetch(this.#location, { method: 'DELETE', headers: this.headers, keepalive: true }).catch(() => {});
    this.#location = '';
  }

  async #negotiate(address: string, slots: number): Promise<void> {
    const { connection } = this;
    for (let slot = 0; slot < slots; ++slot) {
      for (const kind of ['video', 'audio']) connection.addTransceiver(kind, { direction: 'recvonly' });
    }
    const offer = await connection.createOffer();
    const answer = await this.#post(address, offer.sdp ?? '');
    this.#location = new URL(answer.headers.get('Location') ?? '', address).href;
    const sdp = await answer.text();
    if (this.#closed) return this.close();
    // Before the offer is applied, which is when candidates are gathered: with the servers that the answer names.
    connection.setConfiguration({ iceServers: iceServersOf(answer.headers.get('Link') ?? '') });
    await connection.setLocalDescription(offer);
    await connection.setRemoteDescription({ type: 'answer', sdp });
  }

  async #post(address: string, body: string): Promise<Response> {
    for (let attempt = 1; ; ++attempt) {
      const headers = { ...this.headers, 'Content-Type': 'application/sdp' };
      const answer = await fetch(address, { method: 'POST', headers, body });
      if (answer.status === 201) return answer;
      if (answer.status !== 503 || attempt === kTries) {
        throw new WatchError(refusals[answer.status] ?? `The gateway cannot play this room now (${answer.status}).`);
      }
      const seconds = Number(answer.headers.get('Retry-After')) || 5;
      await new Promise((done) => setTimeout(done, Math.min(seconds, 30) * 1000));
    }
  }
}

/** RFC 9725 section 4.6: `<turn:host>; rel="ice-server"; username="..."; credential="..."`. */
export function iceServersOf(link: string): RTCIceServer[] {
  return [...link.matchAll(/<([^>]*)>((?:\s*;\s*[\w-]+="(?:[^"\\]|\\.)*")*)/g)].flatMap(([, urls = '', rest = '']) => {
    const fields = new Map(
      [...rest.matchAll(/([\w-]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', text = '']) => [name, text.replace(/\\(.)/g, '$1')]),
    );
    if (fields.get('rel') !== 'ice-server') return [];
    const [username, credential] = [fields.get('username'), fields.get('credential')];
    return [{ urls, ...(username !== undefined && { username }), ...(credential !== undefined && { credential }) }];
  });
}
