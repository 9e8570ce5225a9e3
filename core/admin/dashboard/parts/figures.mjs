// One figure with its name, and where it helps its last two minutes or its share of a whole.
import { h } from '../lib/dom.mjs';
import { percent } from '../lib/format.mjs';
import { sparkline } from './sparkline.mjs';

export const tiles = (...children) => h('dl', { class: 'tiles' }, children);

/** @param series What sparkline() takes, or nothing. @param note Small, below the figure. @param href Where more is. */
export function tile({ label, value, note, series, href }) {
  return h(
    'div',
    { class: 'tile', key: label },
    h('dt', {}, href ? h('a', { href }, label) : label),
    h('dd', { class: 'figure' }, value),
    note && h('dd', { class: 'note' }, note),
    series && h('dd', { class: 'chart' }, sparkline({ label, ...series })),
  );
}

/** A bar from 0 to 1 with its figure beside it. `high` and `full`: from where on it warns. */
export function meter({ label, share, text = percent(share), high = 0.7, full = 0.9 }) {
  const known = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
  const tone = known >= full ? 'bad' : known >= high ? 'warn' : 'good';
  return h(
    'span',
    { class: 'meter' },
    h(
      'span',
      { class: 'meter-bar', role: 'meter', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(known * 100), 'aria-valuetext': text },
      h('span', { class: `meter-fill ${tone}`, style: { '--share': `${(known * 100).toFixed(1)}%` } }),
    ),
    h('span', { class: 'meter-text' }, text),
  );
}

/** Names and values below each other; values that are nothing are left out. */
export function facts(pairs) {
  const rows = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  return h('dl', { class: 'facts' }, rows.map(([name, value]) => h('div', { key: name }, h('dt', {}, name), h('dd', {}, value))));
}
