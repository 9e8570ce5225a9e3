// Every plugin that was found: whether it runs and why not, what it offers, and what it costs the control thread.
import { h } from '../lib/dom.mjs';
import { bytes, count, milliseconds, plural, words } from '../lib/format.mjs';
import { mergePatch } from '../lib/merge_patch.mjs';
import { action } from '../parts/action.mjs';
import { badge } from '../parts/badge.mjs';
import { facts, meter } from '../parts/figures.mjs';
import { absence, headline } from '../parts/section.mjs';
import { finds, searchField } from '../parts/search.mjs';

/** Where the bar of callback times ends: what takes longer than this holds everybody up. */
const kFullMs = 50;

export const plugins = {
  title: () => 'Plugins',
  watch: () => ({ plugins: 'plugins' }),
  render(context) {
    const all = context.data.plugins?.plugins;
    if (!all) return [headline({ title: 'Plugins' }), absence(context, 'plugins', { what: 'plugins' })];
    const running = all.filter(({ state }) => state === 'running').length;
    const found = all.filter(({ name, events = [], routes = [] }) => finds(context.route.query.q, name, ...events, ...routes.map(({ pattern }) => pattern)));
    return [
      headline({ title: 'Plugins', beside: h('span', { class: 'soft' }, `${plural(running, 'plugin')} of ${count(all.length)} running`) }),
      h('div', { class: 'tools', key: 'tools' }, searchField(context, { label: 'Search by name, event or route' })),
      h('div', { class: 'plugins', key: 'plugins' }, found.map((plugin) => one(context, plugin))),
    ];
  },
};

function one(context, plugin) {
  const { name, state, version, whyNotLoaded, optional, optionsChanged } = plugin;
  const id = `plugin-${name}`;
  return h(
    'section',
    { class: 'panel plugin', key: name, 'aria-labelledby': id },
    h('div', { class: 'panel-head' }, h('h2', { id }, name, ' ', badge(state), version && h('span', { class: 'soft version' }, version), optionsChanged && badge('options changed', { tone: 'warn' })),
      h('span', { class: 'actions' }, changes(context, plugin))),
    whyNotLoaded && h('p', { class: 'problem' }, whyNotLoaded, optional && h('span', { class: 'soft' }, ' (optional: the gateway runs without it)')),
    state === 'running' && cost(plugin),
    h('div', { class: 'folds' }, folds(plugin)),
  );
}

function cost({ name, callbacks = {}, taps, jobs }) {
  const { calls, slow, exceptions, p50Ms, meanMs, p99Ms, worstMs } = callbacks;
  const bar = (label, ms) => [label, meter({ label: `Callback time of ${name}, ${label}`, share: (ms ?? 0) / kFullMs, text: milliseconds(ms), high: 0.5 })];
  return h('div', { class: 'plugin-cost' },
    h('div', {}, h('h3', {}, 'Callback time'), facts([p50Ms === undefined ? bar('mean', meanMs) : bar('p50', p50Ms), p99Ms === undefined ? ['', null] : bar('p99', p99Ms), bar('worst', worstMs)])),
    h('div', {}, h('h3', {}, 'Callbacks'), facts([['calls', count(calls)], ['slow', count(slow)], ['exceptions', exceptions > 0 ? badge('error', { text: count(exceptions) }) : '0'], ['jobs', jobs > 0 && count(jobs)]])),
    taps && taps.count > 0 && h('div', {}, h('h3', {}, 'Sinks'), facts([
      ['taps', count(taps.count)],
      ['queue', meter({ label: `Queue of the sinks of ${name}`, share: taps.queueBytes > 0 ? taps.queuedBytes / taps.queueBytes : 0, text: `${bytes(taps.queuedBytes)} of ${bytes(taps.queueBytes)}` })],
      ['dropped', count(taps.dropped)],
    ])),
  );
}

function folds({ file, provides = [], requires = [], uses = [], events = [], routes = [], options }) {
  const services = [...provides.map((name) => ['provides', name]), ...requires.map((name) => ['requires', name]), ...uses.map((name) => ['uses', name])];
  return [
    fold('Services', services.map(([how, name]) => h('li', { key: how + name }, h('span', { class: 'soft' }, `${how} `), h('code', {}, name)))),
    fold('Events', events.map((name) => h('li', { key: name }, h('code', {}, name)))),
    fold('Routes', routes.map(({ listener, method, pattern }) => h('li', { key: listener + method + pattern }, h('code', {}, `${method} ${pattern}`), h('span', { class: 'soft' }, ` ${listener}`)))),
    options && fold('Options in force', [h('li', { key: 'options' }, h('pre', { tabindex: 0, 'aria-label': 'Options in force' }, JSON.stringify(options, null, 2)))], Object.keys(options).length),
    file && h('p', { class: 'soft file', key: 'file' }, h('code', {}, file)),
  ];
}

function fold(title, items, amount = items.length) {
  if (items.length === 0) return null;
  return h('details', { key: title }, h('summary', {}, `${title} `, h('span', { class: 'soft' }, count(amount))), h('ul', { class: 'plain-list' }, items));
}

function changes(context, plugin) {
  const { name, state } = plugin;
  if (state === 'not_configured') return [];
  return state === 'running' ? [configure(context, plugin), reload(context, name), stop(context, name)] : [start(context, name)];
}

const verb = (name, what) => ['POST', `plugins/${encodeURIComponent(name)}/${what}`];

function start(context, name) {
  return action(context, { label: 'Start', name: `Start ${name}`, key: 'start', request: () => verb(name, 'start'), done: (change) => outcome(name, change) });
}

function stop(context, name) {
  return action(context, {
    label: 'Stop', name: `Stop ${name}`, key: 'stop', danger: true,
    confirm: { title: `Stop ${name}?`, text: 'What it holds in memory is lost, and those that require it stop, too.', yes: 'Stop', danger: true },
    request: () => verb(name, 'stop'),
    done: (change) => outcome(name, change),
  });
}

/** What became of it and of those that hang on it. */
function outcome(name, { plugins: changed = [] }) {
  if (changed.length === 0) return `${name}: done.`;
  return changed.map((one) => `${one.name}: ${words(one.state)}${one.whyNotLoaded ? ` (${one.whyNotLoaded})` : ''}`).join(', ');
}

function reload(context, name) {
  return action(context, {
    label: 'Reload', name: `Reload ${name}`, key: 'reload',
    confirm: { title: `Reload ${name}?`, text: 'The plugin is stopped, its library is opened anew, and it starts with the options in force. What it holds in memory is lost; plugins that need it start again, too.', yes: 'Reload' },
    request: () => verb(name, 'reload'),
    done: (change) => outcome(name, change),
  });
}

function configure(context, { name, options }) {
  if (!options) return null;
  return action(context, {
    label: 'Options', name: `Change the options of ${name}`, key: 'options',
    confirm: { title: `Options of ${name}`, text: 'They hold until the next reload of the configuration. What reads *** is secret, and stays as it is.', yes: 'Apply',
      fields: [{ name: 'options', label: 'Options, as JSON', type: 'textarea', value: JSON.stringify(options, null, 2) }] },
    request: ({ options: text }) => ['PATCH', `plugins/${encodeURIComponent(name)}/options`, mergePatch(options, parsed(text)) ?? {}],
    done: () => `${name} has its new options.`,
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${error.message}`);
  }
}
