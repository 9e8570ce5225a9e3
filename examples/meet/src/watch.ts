// The watch page: a room's live stream for those who have no seat in the room.
import './styles.css';
import './watch.css';
import { Notice } from './notice';
import { WatchControls } from './watch_controls';
import { readWatchOptions, rememberMode, type WatchMode } from './watch_options';
import { WatchSession, type WatchState } from './watch_session';

const kRefreshMs = 500;

/** `window.__watch`: what tests and curious people read from the console. */
export interface WatchProbe {
  mode(): WatchMode;
  state(): WatchState;
  /** Seconds behind what happens, as far as the page knows; null: not known. */
  delay(): number | null;
}

declare global {
  interface Window {
    __watch: WatchProbe;
  }
}

const sentences: Record<WatchState, string> = {
  waiting: 'The stream has not begun yet. This page waits for it.',
  connecting: 'Connecting…',
  live: '',
  ended: 'The stream has ended.',
  failed: '',
};

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

const options = readWatchOptions(location.search);
const notice = new Notice(element('notice'));
const stage = element('stage');
const video = element<HTMLVideoElement>('program');
const tiles = element('tiles');
const message = element('message');
const controls = new WatchControls(element('controls'), stage, {
  modeChosen: (mode) => {
    rememberMode(mode);
    notice.clear();
    session.watchBy(mode);
  },
});
const session = new WatchSession(options, { video, tiles, changed: refresh, silenced: offerSound });

window.__watch = {
  mode: () => session.mode,
  state: () => session.state,
  delay: () => session.player?.delay ?? null,
};

function refresh(): void {
  const { state, mode, player } = session;
  document.body.dataset['state'] = state;
  video.hidden = mode === 'whep';
  tiles.hidden = !video.hidden;
  const text = session.reason || sentences[state];
  message.hidden = !text;
  if (message.textContent !== text) message.textContent = text;
  element('live-mark').hidden = state !== 'live';
  const delay = player?.delay;
  element('delay').textContent = state === 'live' && delay !== undefined ? `${delay.toFixed(1)} s behind` : '';
  controls.show(player, mode);
}

function offerSound(): void {
  controls.setMuted(true);
  refresh();
  notice.show('info', 'The browser keeps the sound off until you allow it.', {
    label: 'Turn sound on',
    run: () => {
      notice.clear();
      controls.setMuted(false);
      session.player?.setPaused(false);
      refresh();
    },
  });
}

// Sessions of WebRTC end with the page; one that comes from the back-forward cache starts anew.
addEventListener('pagehide', () => session.stop());
addEventListener('pageshow', (event) => event.persisted && location.reload());

element('room-name').textContent = options.room || 'No room';
document.title = options.room ? `${options.room} · live` : 'Live';
if (options.room) {
  session.start();
  setInterval(refresh, kRefreshMs);
} else {
  message.textContent = 'This address names no room: it should end with ?room= and its name.';
}
