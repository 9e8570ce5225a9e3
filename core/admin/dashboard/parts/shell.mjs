// What stands around every view: name, state of the updates, theme, and the way to the other views.
import { h } from '../lib/dom.mjs';
import { sentence } from '../lib/format.mjs';

export const kViews = [
  ['overview', 'Overview'],
  ['rooms', 'Rooms'],
  ['clients', 'Clients'],
  ['media', 'Media'],
  ['workers', 'Workers'],
  ['plugins', 'Plugins'],
  ['recordings', 'Recordings and streams'],
  ['logs', 'Logs'],
  ['access', 'Access'],
];

export function topBar({ gateway, live, theme, menuOpen, onTheme, onMenu }) {
  return [
    h('button', { type: 'button', class: 'menu-button', key: 'menu', 'aria-expanded': String(menuOpen), 'aria-controls': 'side', on: { click: onMenu } }, 'Menu'),
    h('a', { class: 'brand', href: '#/overview', key: 'brand' }, h('img', { src: 'icon.svg', alt: '', width: 24, height: 24 }), h('span', {}, gateway?.name ?? 'sluice')),
    h('span', { class: 'spring', key: 'spring' }),
    liveMark(live),
    h('label', { class: 'theme', key: 'theme' }, h('span', {}, 'Theme'),
      h('select', { value: theme, on: { change: (event) => onTheme(event.target.value) } },
        h('option', { value: 'system' }, 'Auto'), h('option', { value: 'light' }, 'Light'), h('option', { value: 'dark' }, 'Dark'))),
  ];
}

function liveMark({ live, known }) {
  const [tone, text] = live ? ['good', 'Live'] : known ? ['bad', 'Not live'] : ['plain', 'Connecting'];
  return h('span', { class: `live ${tone}`, key: 'live', id: 'live' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), text);
}

export function sideBar(current) {
  return h('ul', {}, kViews.map(([name, text]) => h('li', { key: name }, h('a', { href: `#/${name}`, 'aria-current': name === current ? 'page' : null }, text))));
}

/** Above the view, where updates do not come. */
export function notLive({ live, known, reason }, { onRetry, onToken }) {
  if (live || !known) return null;
  if (reason?.status === 401) return banner('The gateway shows nothing to those it does not know.', 'Use a token', onToken);
  return banner(`${sentence(reason?.message)} What you see may be old; the page tries again by itself.`, 'Try now', onRetry);
}

function banner(text, button, onClick) {
  return h('div', { class: 'banner', key: 'banner' }, h('p', {}, h('strong', {}, 'Not live. '), text), h('button', { type: 'button', class: 'small', on: { click: onClick } }, button));
}

/** Buttons that are off refer to it. */
export function readOnlyNote(reason) {
  return reason && h('p', { class: 'soft', id: 'read-only', key: 'read-only' }, `${reason} What would change something is switched off.`);
}

/** What came of the last action: seen here, and read out by the announcer. */
export function toast(message, onClose) {
  if (!message) return null;
  return h('div', { class: `toast ${message.tone}`, key: 'toast' }, h('p', {}, message.text), h('button', { type: 'button', class: 'small', on: { click: onClose } }, 'Dismiss'));
}
