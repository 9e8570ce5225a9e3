// The admin API: one request, its answer without the envelope, and failures as ApiError.

/** Relative to /admin/, so that it holds behind a proxy that puts a path before it. */
const kBase = 'v1/';
const kTimeoutMs = 15_000;

/** `status` 0: no answer came. `code` is the API's, as in docs/errors.md. */
export class ApiError extends Error {
  constructor(status, code, message, details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** Whether there is nothing of this name: no such route, or no such thing. */
  get isMissing() {
    return this.status === 404 || /(^|_)NOT_FOUND$/.test(this.code);
  }
}

/** What an answer holds: of a plugin's `{success, data}` the data, of the gateway's own all of it. Throws ApiError. */
export function unwrap(body, status = 200) {
  if (body?.success === false || status >= 400) {
    const { code = `HTTP_${status}`, message = `The gateway answered ${status}.`, details } = body?.error ?? {};
    throw new ApiError(status, code, message, details);
  }
  return body?.success === true && 'data' in body ? body.data : body;
}

export class Api {
  #session;
  #fetch;

  /** @param session Has `token`, and is told by `refused()` that it is not taken. */
  constructor(session, fetchFunction = (...all) => fetch(...all)) {
    this.#session = session;
    this.#fetch = fetchFunction;
  }

  get(path) {
    return this.send('GET', path);
  }

  /** Sends one request and gives what its answer holds. */
  async send(method, path, body) {
    const response = await this.request(method, path, { body, signal: AbortSignal.timeout(kTimeoutMs) });
    const text = await response.text();
    return unwrap(parse(text, response), response.status);
  }

  /** The bare response, for streams. Throws ApiError where none comes, or the token is not taken. */
  async request(method, path, { body, signal } = {}) {
    const { token } = this.#session;
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const payload = body === undefined ? undefined : JSON.stringify(body);
    let response;
    try {
      response = await this.#fetch(kBase + path, { method, headers, body: payload, signal, cache: 'no-store' });
    } catch (error) {
      throw new ApiError(0, 'NO_ANSWER', signal?.aborted ? 'The gateway did not answer in time.' : 'The gateway does not answer.');
    }
    if (response.status === 401) this.#session.refused(token);
    return response;
  }
}

function parse(text, response) {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return {};
    throw new ApiError(response.status, 'BAD_ANSWER', 'The gateway answered something that is no JSON.');
  }
}
