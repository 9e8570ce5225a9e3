// Copies of the store.
import { bytes, dateTime } from '../lib/format.mjs';
import { action } from './action.mjs';
import { absence, panel } from './section.mjs';
import { table } from './table.mjs';

export function backups(context) {
  const { backups: answer } = context.data;
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

function make(context) {
  return action(context, {
    label: 'Make a copy',
    request: () => ['POST', 'store/backup'],
    done: ({ name }) => `The store was copied to ${name}.`,
  });
}
