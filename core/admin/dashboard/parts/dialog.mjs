// Questions that must be answered first. <dialog> keeps the focus inside, closes with Escape, and gives the focus back.
import { h, patch } from '../lib/dom.mjs';

/**
 * Asks, and resolves with the fields' values, or null for no.
 * @param fields `[{name, label, type, value, required, options, hint, autocomplete}]`; type `checkbox`, `select`, `textarea`
 *   or an input's.
 */
export function ask({ title, text, yes = 'OK', no = 'Cancel', danger = false, fields = [] }) {
  const dialog = document.createElement('dialog');
  document.getElementById('dialogs').append(dialog);
  patch(dialog, [
    h('form', { method: 'dialog' },
      h('h2', { id: 'dialog-title' }, title),
      [text].flat().filter(Boolean).map((line) => h('p', {}, line)),
      fields.map(field),
      h('div', { class: 'dialog-buttons' },
        no && h('button', { type: 'submit', value: 'no', formnovalidate: true, key: 'no' }, no),
        h('button', { type: 'submit', value: 'yes', class: danger ? 'danger' : 'primary', key: 'yes' }, yes))),
  ]);
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes' ? valuesOf(dialog.querySelector('form')) : null);
      dialog.remove();
    });
    dialog.addEventListener('keydown', answerWithEnter);
    dialog.showModal();
    const first = dialog.querySelector('input, select, textarea') ?? dialog.querySelector('button');
    first.focus();
    if (first.localName === 'textarea') first.setSelectionRange(0, 0); // what it begins with, not its end
  });
}

// Enter in a field would press the first button, which says no.
function answerWithEnter(event) {
  if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return;
  event.preventDefault();
  const form = event.currentTarget.querySelector('form');
  form.requestSubmit(form.querySelector('button[value=yes]'));
}

function field({ name, label, type = 'text', value = '', options = [], suggestions = [], hint, ...more }) {
  const id = `field-${name}`;
  const list = suggestions.length > 0 ? `${id}-list` : null;
  const common = { id, name, list, ...more, 'aria-describedby': hint ? `${id}-hint` : null };
  const control = controlOf(type, { common, value, options });
  return h('div', { class: type === 'checkbox' ? 'field check' : 'field' }, h('label', { for: id }, label), control,
    list && h('datalist', { id: list }, suggestions.map((one) => h('option', { value: one, key: one }))),
    hint && h('p', { class: 'hint', id: `${id}-hint` }, hint));
}

function controlOf(type, { common, value, options }) {
  if (type === 'select') return h('select', { ...common, value: value || options[0][0] }, options.map(([key, text]) => h('option', { value: key, key }, text)));
  if (type === 'textarea') return h('textarea', { ...common, value, rows: 14, spellcheck: 'false' });
  if (type === 'checkbox') return h('input', { ...common, type, checked: Boolean(value) });
  return h('input', { ...common, type, value });
}

function valuesOf(form) {
  const controls = [...form.elements].filter(({ name }) => name);
  return Object.fromEntries(controls.map((one) => [one.name, one.type === 'checkbox' ? one.checked : one.value]));
}
