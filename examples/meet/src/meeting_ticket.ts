// The way into a meeting of the REST API: its room and a token for it, by POST /api/meeting/{id}/join.
import { RequestError } from './failure';

const kMarginMs = 30_000; // a token that ends while we connect is of no use

interface Ticket {
  roomId: string;
  token: string;
  /** As the meeting is called. */
  title: string;
  endsAt: number;
}

interface JoinAnswer {
  data?: { room_id: string; access_token: string; expires_at: string; meeting_info: { name: string } };
  error?: { code: string; message: string; details?: Record<string, unknown> };
}

export class MeetingTicket {
  #ticket?: Ticket;

  /** @param token Who asks; a guest has none. */
  constructor(
    private readonly gateway: string | undefined,
    private readonly meetingId: string,
    private readonly token: string | undefined,
    private readonly name: string,
    private readonly password: string,
  ) {}

  /** The present one, or another where that has run out. Rejects with the gateway's refusal. */
  async current(): Promise<Ticket> {
    if (this.#isGood()) return this.#ticket!;
    const answer = await this.#ask();
    if (!answer.data) {
      const { code, message, details } = answer.error ?? { code: 'INTERNAL', message: 'the meeting could not be joined' };
      throw new RequestError(code, message, details);
    }
    const { room_id: roomId, access_token: token, expires_at: end, meeting_info: info } = answer.data;
    this.#ticket = { roomId, token, title: info.name, endsAt: Date.parse(end) };
    return this.#ticket;
  }

  /** What is shown when connecting. Where there is no new ticket the old one is shown, so that the gateway says why not. */
  async identity(): Promise<string | undefined> {
    return this.current().then(
      ({ token }) => token,
      () => this.#ticket?.token ?? this.token,
    );
  }

  #isGood(): boolean {
    return this.#ticket !== undefined && Date.now() < this.#ticket.endsAt - kMarginMs;
  }

  async #ask(): Promise<JoinAnswer> {
    const url = new URL(`/api/meeting/${encodeURIComponent(this.meetingId)}/join`, this.gateway ?? location.origin);
    const body = { participant_name: this.name, ...(this.password ? { meeting_password: this.password } : {}) };
    const headers = { 'Content-Type': 'application/json', ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}) };
    try {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as JoinAnswer;
    } catch {
      throw new RequestError('UNREACHABLE', '');
    }
  }
}
