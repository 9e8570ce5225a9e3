// Fields that narrow what is shown. What they hold stands in the address.
import { h } from '../lib/dom.mjs';

export function searchField(context, { name = 'q', label, placeholder = '' }) {
  return h('label', { class: 'search', key: `search-${name}` }, h('span', { class: 'unseen' }, label),
    h('input', { type: 'search', name, placeholder: placeholder || label, autocomplete: 'off', value: context.route.query[name] ?? '',
      on: { input: (event) => context.setQuery({ [name]: event.target.value }) } }));
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
