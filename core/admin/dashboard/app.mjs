// Brings the parts together: the address chooses a view, the view what is watched, and what comes in is drawn.
import { Api } from './lib/api.mjs';
import { h, patch } from './lib/dom.mjs';
import { History, Rates } from './lib/history.mjs';
import { LiveStream } from './lib/live.mjs';
import { link, parseRoute } from './lib/routes.mjs';
import { Session } from './lib/session.mjs';
import { setTheme, themeOf } from './lib/theme.mjs';
import { headline } from './parts/section.mjs';
import { kViews, notLive, readOnlyNote, sideBar, toast, topBar } from './parts/shell.mjs';
import { askForToken } from './parts/token_dialog.mjs';
import { viewOf } from './views/views.mjs';

/** What every view shows something of. */
const kAlways = { overview: 'overview' };
const kSampleMs = 1000;
const kTypingMs = 300;
const kToastMs = 8000;

class App {
  #session = new Session(storageOf('sessionStorage'), (wrong) => this.#askForToken(wrong));
  #api = new Api(this.#session);
  #history = new History();
  #rates = new Rates();
  #route = null;
  #view = null;
  #stream = null;
  #data = {};
  #errors = {};
  #local = {};
  #live = { live: false, known: false };
  #message = null;
  #menuOpen = false;
  #asking = false;
  #drawing = false;
  #typing = null;
  #toastTimer = null;

  start() {
    setTheme(themeOf(storageOf('localStorage')), storageOf('localStorage'), document.documentElement);
    addEventListener('hashchange', () => this.#navigate());
    addEventListener('online', () => this.#stream?.retry());
    document.querySelector('.skip').addEventListener('click', (event) => {
      event.preventDefault(); // the address is the view's
      document.getElementById('content').focus();
    });
    setInterval(() => this.#sample(), kSampleMs);
    this.#navigate();
  }

  #navigate() {
    const first = this.#route === null;
    const before = this.#route?.path.join('/');
    this.#route = parseRoute(location.hash);
    this.#view = viewOf(this.#route);
    this.#menuOpen = false;
    const moved = before !== this.#route.path.join('/');
    if (moved) this.#local = {};
    document.title = `${this.#view.title(this.#route)} – Sluice`;
    this.#watch();
    this.#draw();
    if (moved && !first) document.getElementById('title')?.focus();
  }

  #watch() {
    this.#stream?.close();
    const { overview } = this.#data; // the same for every view
    this.#data = overview ? { overview } : {};
    this.#errors = {};
    const watch = { ...kAlways, ...this.#view.watch(this.#route) };
    this.#stream = new LiveStream(this.#api, watch, {
      onItem: (name, data, error) => this.#take(name, data, error),
      onState: (state) => this.#setLive(state),
    });
  }

  #take(name, data, error) {
    if (error) {
      this.#errors[name] = error;
      delete this.#data[name];
    } else {
      delete this.#errors[name];
      const merge = this.#view.merge?.[name];
      this.#data[name] = merge ? merge(this.#data[name], data) : data;
    }
    this.#drawSoon();
  }

  #setLive({ live, reason }) {
    const changed = live !== this.#live.live || !this.#live.known;
    this.#live = { live, reason, known: true };
    if (!changed) return;
    if (live) this.#learnMe();
    if (!live) this.#announce('Not live: the updates have stopped.');
    this.#drawSoon();
  }

  /** A figure that has not changed is not sent again, but it is one more point of its chart. */
  #sample() {
    if (!this.#live.live) return;
    const now = Date.now();
    const known = { data: this.#data, history: this.#history, rates: this.#rates, route: this.#route, now };
    this.#view.sample?.(known);
    this.#draw();
  }

  #drawSoon() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => this.#draw());
  }

  #draw() {
    this.#drawing = false;
    const context = this.#context();
    patch(document.getElementById('top'), topBar({
      gateway: this.#data.overview, live: this.#live, theme: themeOf(storageOf('localStorage')), menuOpen: this.#menuOpen,
      onTheme: (theme) => { setTheme(theme, storageOf('localStorage'), document.documentElement); this.#draw(); },
      onMenu: () => { this.#menuOpen = !this.#menuOpen; this.#draw(); },
    }));
    document.getElementById('side').classList.toggle('open', this.#menuOpen);
    patch(document.getElementById('side'), sideBar(kViews.some(([name]) => name === this.#route.path[0]) ? this.#route.path[0] : 'overview'));
    const main = document.getElementById('content');
    main.classList.toggle('old', this.#live.known && !this.#live.live);
    const banner = notLive(this.#live, { onRetry: () => this.#stream.retry(), onToken: () => this.#askForToken(false) });
    patch(main, [banner, this.#render(context), readOnlyNote(context.whyReadOnly), toast(this.#message, () => this.#tell(null))]);
  }

  /** An answer of another shape than the view knows must not take the page with it. */
  #render(context) {
    if (this.#live.reason?.status === 401) return headline({ title: this.#view.title(this.#route) });
    try {
      return this.#view.render(context);
    } catch (error) {
      console.error(error);
      return h('p', { class: 'problem', key: 'broken' }, `This view cannot show what the gateway answered: ${error.message}`);
    }
  }

  #context() {
    return {
      api: this.#api, session: this.#session, route: this.#route, data: this.#data, errors: this.#errors, local: this.#local,
      history: this.#history, now: Date.now(), whyReadOnly: this.#session.whyReadOnly,
      tell: (text, tone = 'good') => this.#tell({ text, tone }),
      setQuery: (query) => this.#setQuery(query),
      setLocal: (local) => { Object.assign(this.#local, local); this.#draw(); },
      changeToken: () => this.#askForToken(false),
      forgetToken: () => this.#useToken(''),
    };
  }

  /** Once the typing is over; the address is replaced, so that "back" leads to the view before. */
  #setQuery(query) {
    clearTimeout(this.#typing);
    const path = this.#route.path;
    this.#typing = setTimeout(() => {
      if (path !== this.#route.path) return;
      location.replace(link(path, { ...this.#route.query, offset: '', ...query }));
    }, kTypingMs);
  }

  #tell(message) {
    clearTimeout(this.#toastTimer);
    this.#message = message;
    if (message) {
      this.#announce(message.text);
      this.#toastTimer = setTimeout(() => this.#tell(null), kToastMs);
    }
    this.#draw();
  }

  #announce(text) {
    document.getElementById('announcer').textContent = text;
  }

  /** What the caller may do; asked for by itself, as what is watched is the same for everybody. */
  async #learnMe() {
    const { token } = this.#session;
    const me = await this.#api.get('me').catch(() => null);
    if (token === this.#session.token) this.#session.me = me;
    this.#drawSoon();
  }

  async #askForToken(wrong) {
    if (this.#asking) return;
    this.#asking = true;
    const token = await askForToken({ wrong });
    this.#asking = false;
    if (token !== null) this.#useToken(token);
  }

  #useToken(token) {
    this.#session.token = token;
    this.#data = {};
    this.#live = { live: false, known: false };
    this.#watch();
    this.#draw();
  }
}

function storageOf(name) {
  try {
    return window[name];
  } catch {
    return null; // the browser keeps nothing for this page
  }
}

new App().start();
