// Copies of the store.
import { h } from '../lib/dom.mjs';
import { bytes, dateTime, sentence } from '../lib/format.mjs';
import { action } from './action.mjs';
import { absence, panel } from './section.mjs';
import { table } from './table.mjs';

export function backups(context) {
  const { backups: answer } = context.data;
  if (context.errors.backups?.code === 'CONFLICT') return panel({ title: 'Copies of the store', id: 'backups' }, unconfigured(context.errors.backups));
  const body = !answer ? absence(context, 'backups', { what: 'copies of the store' }) : table({
    caption: 'Copies of the store', rows: answer.backups, key: ({ name }) => name, empty: 'There is none yet.',
    columns: [
      { name: 'File', head: true, cell: ({ name }) => name },
      { name: 'Begun', cell: ({ begunAt }) => dateTime(begunAt) },
      { name: 'Size', numeric: true, cell: ({ bytes: size }) => bytes(size) },
    ],
  });
  return panel({ title: 'Copies of the store', id: 'backups', more: answer && make(context) }, body);
}

/** Nothing is wrong: nobody has said where copies go. */
const unconfigured = ({ message }) => h('p', { class: 'empty' }, sentence(message));

function make(context) {
  return action(context, {
    label: 'Make a copy',
    request: () => ['POST', 'store/backup'],
    done: ({ name }) => `The store was copied to ${name}.`,
  });
}
