// Errors as people read them.

/** An answer "no" from the gateway: its code, its message and the machine-readable particulars. */
export class RequestError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/** The connection is lost, which the page tells anyway, and what was asked for is put right when it is back. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'UNREACHABLE';
}

const sentences: Record<string, string> = {
  UNKNOWN_EVENT: 'This gateway does not offer that.',
  FEATURE_NOT_LOADED: 'This gateway does not offer that.',
  ROOM_NOT_FOUND: 'There is no room of this name.',
  ROOM_FULL: 'The room is full.',
  ROOM_CLOSED: 'The room is closed.',
  UNAUTHORIZED: 'You need a valid invitation to enter here.',
  TOKEN_EXPIRED: 'Your invitation has expired.',
  PERMISSION_DENIED: 'You are not allowed to do that.',
  ADMISSION_DENIED: 'You were not let in.',
  ALREADY_IN_ROOM: 'This page is in a room already.',
  DRAINING: 'The gateway is about to restart. Try again in a moment.',
  RATE_LIMITED: 'Too many attempts. Wait a moment and try again.',
  TIMEOUT: 'The gateway did not answer in time.',
  UNREACHABLE: 'The gateway cannot be reached.',
  TRANSPORT_FAILED: 'The media connection failed. A firewall may block it.',
};

const kNoRooms = 'This gateway has no meetings: its videoroom plugin is not loaded.';

/** A refusal to let us in: a gateway that does not know what joining is has no rooms at all. */
export function refusedJoin(error: unknown): unknown {
  const codes = ['UNKNOWN_EVENT', 'FEATURE_NOT_LOADED'];
  return error instanceof RequestError && codes.includes(error.code) ? new Error(kNoRooms) : error;
}

const endings: Record<string, string> = {
  closed: 'The room was closed.',
  closed_by_admin: 'The room was closed by an administrator.',
  shutdown: 'The gateway is going down. Try again in a moment.',
  removed: 'You were removed from the room.',
};

/** Why a stay is over: a reason that the gateway knows, or the words of a person. */
export function describeEnd(reason: string | undefined, fallback: 'closed' | 'removed'): string {
  const known = endings[reason ?? fallback];
  return known ?? `${endings[fallback]} (${reason})`;
}

const stops: Record<string, string> = {
  empty: 'The live stream has ended: nobody was in the room.',
  draining: 'The live stream has ended: the gateway is about to stop.',
  forbidden: 'The live stream has ended: this meeting may not be streamed any more.',
  program_failed: 'The live stream has failed: its program broke off again and again.',
};

/** Why a live stream is over. */
export function describeStop(reason: string): string {
  return stops[reason] ?? 'The live stream has ended.';
}

/** One sentence for the person, with the gateway's own words where they add something. */
export function describe(error: unknown): string {
  if (error instanceof RequestError) {
    const sentence = sentences[error.code];
    if (!sentence) return `${error.message} (${error.code})`;
    return error.message && error.message !== error.code ? `${sentence} (${error.message})` : sentence;
  }
  return error instanceof Error ? error.message : String(error);
}
