// Who uses the page: the bearer token, kept for this tab only, and what it may do.

const kKey = 'sluice.admin.token';

export class Session {
  #storage;
  #onRefused;
  #role = null;
  #me = null;

  /** @param storage As sessionStorage; null where the browser refuses it. @param onRefused The token is needed, or not taken. */
  constructor(storage, onRefused) {
    this.#storage = storage;
    this.#onRefused = onRefused;
    this.#token = storage?.getItem(kKey) ?? '';
  }

  #token = '';

  get token() {
    return this.#token;
  }

  set token(token) {
    this.#token = token;
    this.#role = null;
    this.#me = null;
    if (token) this.#storage?.setItem(kKey, token);
    else this.#storage?.removeItem(kKey);
  }

  /** The gateway answered 401 to `token`, which is not shown again; one that has been replaced meanwhile is of no interest. */
  refused(token) {
    if (token !== this.#token) return;
    this.token = '';
    this.#onRefused(token !== '');
  }

  /** What the API says of the caller: `{name, role}`; null while it is not known. */
  set me(me) {
    this.#me = me;
    this.#role = me?.role ?? null;
  }

  get me() {
    return this.#me;
  }

  /** Why buttons that change something are off; nothing where they are not. */
  get whyReadOnly() {
    return this.#role === 'read' ? 'Your token may only read.' : null;
  }
}
