// The end of the log as it grows, and how much of it is written.
import { h } from '../lib/dom.mjs';
import { apiPath } from '../lib/routes.mjs';
import { appended } from '../lib/log_tail.mjs';
import { action } from '../parts/action.mjs';
import { logLines } from '../parts/log_lines.mjs';
import { absence, headline } from '../parts/section.mjs';
import { choiceField, searchField } from '../parts/search.mjs';

const kLevels = ['trace', 'debug', 'info', 'warning', 'error'];
const kFirst = 200;

export const logs = {
  title: () => 'Logs',
  watch: ({ query: { level, component, text } }) => ({ lines: apiPath(['log', 'lines'], { limit: kFirst, level, component, text }), levels: 'log' }),
  merge: { lines: (before, incoming) => appended(before, incoming) },
  render(context) {
    const { lines } = context.local.paused ?? context.data;
    const paused = Boolean(context.local.paused);
    return [
      headline({ title: 'Logs', beside: paused && h('span', { class: 'badge warn' }, 'paused'), actions: [pause(context, paused), levels(context)] }),
      h('div', { class: 'tools', key: 'tools' },
        choiceField(context, { name: 'level', label: 'From level', options: [['', 'any'], ...kLevels.map((level) => [level, level])] }),
        searchField(context, { name: 'component', label: 'Component', suggestions: context.data.levels?.components }),
        searchField(context, { name: 'text', label: 'Text' })),
      levelsInForce(context),
      lines
        ? h('div', { class: 'log-box', key: 'log', tabindex: 0, role: 'region', 'aria-label': 'Log, the newest line first' },
            logLines([...lines.lines].reverse(), { empty: 'No line is like that.' }))
        : absence(context, 'lines', { what: 'log lines' }),
    ];
  },
};

function pause(context, paused) {
  const toggle = () => context.setLocal({ paused: paused ? null : { lines: context.data.lines } });
  return h('button', { type: 'button', key: 'pause', 'aria-pressed': String(paused), disabled: !context.data.lines, on: { click: toggle } }, paused ? 'Go on' : 'Pause');
}

function levelsInForce({ data }) {
  if (!data.levels) return null;
  const own = Object.entries(data.levels.levels ?? {}).map(([component, level]) => `${component}: ${level}`);
  return h('p', { class: 'soft', key: 'levels' }, `Written from level ${data.levels.level}${own.length > 0 ? `; ${own.join(', ')}` : ''}.`);
}

function levels(context) {
  const now = context.data.levels;
  if (!now) return null;
  const options = kLevels.map((level) => [level, level]);
  return action(context, {
    label: 'Set levels', small: false,
    confirm: {
      title: 'What is written to the log',
      text: 'It holds until the next change, a reload of the configuration, or a restart.',
      yes: 'Set',
      fields: [
        { name: 'component', label: 'Component', hint: 'Empty: all that have no level of their own.', maxlength: 64, suggestions: now.components },
        { name: 'level', label: 'Level', type: 'select', value: now.level, options: [...options, ['off', 'off'], ['', 'the same as all (for a component)']] },
      ],
    },
    request: ({ component, level }) => ['PATCH', 'log', component ? { levels: { [component]: level || null } } : { level: level || now.level }],
    done: () => 'The log levels are set.',
  });
}
