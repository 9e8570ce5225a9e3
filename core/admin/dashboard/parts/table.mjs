// Tables that become cards where there is no room for columns. Roles are named, as such a display takes them away.
import { h } from '../lib/dom.mjs';

/**
 * @param columns `[{name, cell(row), numeric, wide, whole, head}]`; `head` marks the cell that names the row, `whole` one of a single line.
 * @param rows `key(row)` tells them apart from one update to the next.
 */
export function table({ caption, columns, rows, key, empty = 'Nothing here now.', plain = false }) {
  if (rows.length === 0) return h('p', { class: 'empty', key: caption }, empty);
  return h(
    'div',
    { class: 'table-box', key: caption },
    h(
      'table',
      { role: 'table', class: plain ? 'plain' : 'cards' },
      h('caption', { class: 'unseen' }, caption),
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map(headCell))),
      h('tbody', { role: 'rowgroup' }, rows.map((row) => bodyRow(row, columns, key))),
    ),
  );
}

const headCell = ({ name, numeric, hidden }) =>
  h('th', { role: 'columnheader', scope: 'col', key: name, class: numeric ? 'numeric' : null }, hidden ? h('span', { class: 'unseen' }, name) : name);

function bodyRow(row, columns, key) {
  return h('tr', { role: 'row', key: key(row) }, columns.map((column) => bodyCell(row, column)));
}

function bodyCell(row, { name, cell, numeric, head, wide, whole }) {
  const kind = [numeric && 'numeric', head && 'head', wide && 'wide', whole && 'whole'].filter(Boolean).join(' ') || null;
  const props = { key: name, class: kind, 'data-label': name };
  const content = cell(row);
  if (head) return h('th', { ...props, role: 'rowheader', scope: 'row' }, content);
  // One box beside the label of a card, however many parts it has.
  return h('td', { ...props, role: 'cell' }, Array.isArray(content) && content.some(Boolean) ? h('span', {}, content) : content);
}
