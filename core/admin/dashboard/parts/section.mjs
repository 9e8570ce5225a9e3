// The frame of what a view shows: a headline, panels, and what is said where there is nothing to show.
import { h } from '../lib/dom.mjs';
import { sentence } from '../lib/format.mjs';
import { badge } from './badge.mjs';

/** @param trail `[{text, href}]` above the headline. @param actions Buttons beside it. */
export function headline({ title, trail = [], beside, actions = [] }) {
  return h(
    'div',
    { class: 'headline', key: 'headline' },
    trail.length > 0 &&
      h('nav', { class: 'trail', 'aria-label': 'Where this is', key: 'trail' }, trail.map(({ text, href }) => h('a', { href }, text))),
    h('div', { class: 'headline-row', key: 'row' }, h('h1', { tabindex: -1, id: 'title' }, title), beside, h('div', { class: 'actions' }, actions)),
  );
}

export function panel({ title, id, more, wide = false }, ...children) {
  return h(
    'section',
    { class: wide ? 'panel wide' : 'panel', key: id, 'aria-labelledby': id },
    h('div', { class: 'panel-head' }, h('h2', { id }, title), more),
    children,
  );
}

/**
 * What stands in the place of data that did not come.
 * @param plugin Whose route it is: where there is none, it does not run.
 * @param what In the plural, as `rooms`.
 */
export function absence(context, name, { plugin, what, missing }) {
  const error = context.errors[name];
  if (!error) return h('p', { class: 'empty', key: `absent-${name}`, 'aria-busy': 'true' }, 'Waiting for the gateway.');
  // A plugin that runs says which thing is missing; that there is no such route is the gateway's answer.
  if (plugin !== undefined && error.code === 'NOT_FOUND') {
    return h('p', { class: 'empty', key: `absent-${name}` }, `The plugin ${plugin} is not loaded, so there are no ${what}. `, h('a', { href: '#/plugins' }, 'Plugins'));
  }
  if (error.isMissing) return h('p', { class: 'empty', key: `absent-${name}` }, missing ?? `This gateway has no ${what}.`);
  return h('p', { class: 'problem', key: `absent-${name}` }, badge('error', { text: error.code }), ` ${sentence(error.message)}`);
}
