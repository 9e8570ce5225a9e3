// Lines of the log: when, how bad, who, what, and the fields behind it.
import { h } from '../lib/dom.mjs';
import { timeOfDay } from '../lib/format.mjs';
import { badge } from './badge.mjs';

const kTones = { trace: 'plain', debug: 'plain', info: 'plain', warning: 'warn', error: 'bad' };

export function logLines(lines, { empty = 'No line yet.', time = timeOfDay } = {}) {
  if (lines.length === 0) return h('p', { class: 'empty' }, empty);
  return h('ol', { class: 'log' }, lines.map((line) => oneLine(line, time)));
}

function oneLine({ seq, time, level, component, message, fields }, show) {
  return h(
    'li',
    { class: `log-line ${level}`, key: `${seq} ${time}` },
    h('time', { class: 'log-time', datetime: time, title: time }, show(time)),
    badge(level, { tone: kTones[level] ?? 'plain' }),
    h('span', { class: 'log-component' }, component),
    h('span', { class: 'log-message' }, message, Object.entries(fields ?? {}).map(([name, value]) => [' ', h('span', { class: 'log-field', key: name }, h('b', {}, `${name}=`), inShort(value))])),
  );
}

function inShort(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
