// The operators of the admin API, and their tokens.
import { h } from '../lib/dom.mjs';
import { count, dateTime } from '../lib/format.mjs';
import { apiPath, link } from '../lib/routes.mjs';
import { action } from './action.mjs';
import { badge } from './badge.mjs';
import { ask } from './dialog.mjs';
import { absence, panel } from './section.mjs';
import { table } from './table.mjs';

const kDay = 24 * 3600;
const kLives = [['', 'until it is taken back'], [kDay, 'one day'], [30 * kDay, '30 days'], [365 * kDay, 'one year']];

export function operators(context) {
  const { operators: answer } = context.data;
  const body = !answer ? absence(context, 'operators', { what: 'operators' }) : table({
    caption: 'Operators', rows: answer.operators, key: ({ name }) => name, empty: 'Nobody but who the configuration names.',
    columns: [
      { name: 'Name', head: true, cell: ({ name }) => name },
      { name: 'Role', cell: ({ role }) => badge(role) },
      { name: 'Tokens', numeric: true, cell: ({ name, tokens: amount }) => h('a', { href: link(['access'], { operator: name }), 'aria-label': `Tokens of ${name}` }, count(amount)) },
      { name: 'Last seen', cell: ({ lastSeenAt }) => dateTime(lastSeenAt) },
      { name: 'Actions', hidden: true, cell: (one) => h('span', { class: 'actions' }, newToken(context, one), remove(context, one)) },
    ],
  });
  return panel({ title: 'Operators', id: 'operators', more: add(context) }, body);
}

export function tokens(context) {
  const { operator } = context.route.query;
  if (!operator) return null;
  const { tokens: answer } = context.data;
  const body = !answer ? absence(context, 'tokens', { what: 'tokens', missing: 'There is no such operator.' }) : table({
    caption: `Tokens of ${operator}`, rows: answer.tokens, key: ({ id }) => id, empty: 'There is none.',
    columns: [
      { name: 'Token', head: true, cell: ({ id, note }) => [note || 'without a note', h('span', { class: 'id' }, id)] },
      { name: 'Made', cell: ({ createdAt }) => dateTime(createdAt) },
      { name: 'Ends', cell: ({ expiresAt }) => (expiresAt ? dateTime(expiresAt) : 'when it is taken back') },
      { name: 'Last seen', cell: ({ lastSeenAt }) => dateTime(lastSeenAt) },
      { name: 'Actions', hidden: true, cell: (one) => takeBack(context, operator, one) },
    ],
  });
  return panel({ title: `Tokens of ${operator}`, id: 'tokens' }, body);
}

function add(context) {
  return action(context, {
    label: 'Add an operator',
    confirm: {
      title: 'A new operator', yes: 'Add',
      fields: [
        { name: 'name', label: 'Name', required: true, maxlength: 64, hint: 'Letters, digits and . _ @ -' },
        { name: 'role', label: 'Role', type: 'select', options: [['read', 'read: looks'], ['write', 'write: looks and changes']] },
      ],
    },
    request: ({ name, role }) => ['POST', 'operators', { name, role }],
    done: ({ name }) => `${name} may use the admin API once there is a token.`,
  });
}

function newToken(context, { name }) {
  return action(context, {
    label: 'New token', name: `New token for ${name}`,
    confirm: {
      title: `A new token for ${name}`, yes: 'Make it',
      fields: [{ name: 'note', label: 'What it is for', maxlength: 200 }, { name: 'life', label: 'It holds', type: 'select', options: kLives }],
    },
    request: ({ note, life }) => ['POST', apiPath(['operators', name, 'tokens']), { note, ...(life && { expiresInSeconds: Number(life) }) }],
    shown: ({ token }) => ask({
      title: `The token of ${name}`, text: 'It is shown this once, and kept nowhere.', yes: 'I have it', no: null,
      fields: [{ name: 'token', label: 'Token', value: token, readonly: true }],
    }),
  });
}

function takeBack(context, operator, { id, note }) {
  return action(context, {
    label: 'Take back', name: `Take back ${note || id}`, danger: true,
    confirm: { title: 'Take this token back?', text: 'Who shows it is refused from now on.', yes: 'Take it back', danger: true },
    request: () => ['DELETE', apiPath(['operators', operator, 'tokens', id])],
    done: () => 'The token holds no longer.',
  });
}

function remove(context, { name }) {
  return action(context, {
    label: 'Remove', name: `Remove ${name}`, danger: true,
    confirm: { title: `Remove ${name}?`, text: 'Every token of this operator is refused from now on.', yes: 'Remove', danger: true },
    request: () => ['DELETE', apiPath(['operators', name])],
    done: () => `${name} is removed.`,
  });
}
