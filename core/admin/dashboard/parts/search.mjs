// Fields that narrow what is shown. What they hold stands in the address.
import { h } from '../lib/dom.mjs';

/** @param suggestions What it may be completed to. */
export function searchField(context, { name = 'q', label, suggestions = [] }) {
  const list = suggestions.length > 0 ? `list-${name}` : null;
  return h('label', { class: 'search', key: `search-${name}` }, h('span', { class: 'unseen' }, label),
    h('input', { type: 'search', name, placeholder: label, autocomplete: 'off', list, value: context.route.query[name] ?? '',
      on: { input: (event) => context.setQuery({ [name]: event.target.value }) } }),
    list && h('datalist', { id: list }, suggestions.map((value) => h('option', { value, key: value }))));
}

export function choiceField(context, { name, label, options, fallback = '' }) {
  return h('label', { class: 'choice', key: `choice-${name}` }, h('span', {}, label),
    h('select', { name, value: context.route.query[name] ?? fallback, on: { change: (event) => context.setQuery({ [name]: event.target.value }) } },
      options.map(([value, text]) => h('option', { value, key: value }, text))));
}

/** Whether one of the texts holds what is looked for. */
export function finds(query, ...texts) {
  const wanted = (query ?? '').trim().toLowerCase();
  return wanted === '' || texts.some((text) => String(text ?? '').toLowerCase().includes(wanted));
}
