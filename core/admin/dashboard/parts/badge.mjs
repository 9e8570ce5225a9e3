// States as words with a colour; never the colour alone.
import { h } from '../lib/dom.mjs';
import { words } from '../lib/format.mjs';

const kTones = {
  good: ['running', 'connected', 'live', 'ready', 'ok', 'capturing', 'completed', 'excellent', 'good', 'produced'],
  warn: ['connecting', 'created', 'disconnected', 'warning', 'fair', 'stopped', 'stopping', 'producing', 'starting', 'paused', 'waiting', 'reconnecting', 'draining'],
  bad: ['failed', 'not_loaded', 'error', 'critical', 'poor', 'degraded', 'lost'],
};

export function toneOf(state) {
  const name = String(state).toLowerCase();
  return Object.keys(kTones).find((tone) => kTones[tone].includes(name)) ?? 'plain';
}

export function badge(state, { text = words(state), tone = toneOf(state), title } = {}) {
  return h('span', { class: `badge ${tone}`, title }, text);
}
