// Who may do what: oneself, the operators and their tokens, what was done, and copies of the store.
import { h } from '../lib/dom.mjs';
import { dateTime } from '../lib/format.mjs';
import { apiPath } from '../lib/routes.mjs';
import { badge } from '../parts/badge.mjs';
import { facts } from '../parts/figures.mjs';
import { backups } from '../parts/backups.mjs';
import { operators, tokens } from '../parts/operators.mjs';
import { absence, headline, panel } from '../parts/section.mjs';
import { table } from '../parts/table.mjs';

const kRecords = 50;
const kShownBy = { token: 'a token', certificate: 'a client certificate', loopback: 'coming from the same machine' };

export const access = {
  title: () => 'Access',
  watch: ({ query: { operator } }) => ({
    operators: 'operators',
    audit: `audit?limit=${kRecords}`,
    backups: 'store/backups',
    ...(operator && { tokens: apiPath(['operators', operator, 'tokens']) }),
  }),
  render: (context) => [headline({ title: 'Access' }), me(context), operators(context), tokens(context), audit(context), backups(context)],
};

function me({ session, changeToken, forgetToken }) {
  return panel({ title: 'You', id: 'me' },
    facts([
      ['Known as', session.me?.name],
      ['Role', session.me?.role && badge(session.me.role)],
      ['Recognised by', kShownBy[session.me?.by] ?? session.me?.by],
      ['Token', session.token ? 'one is kept in this tab until it is closed' : 'none is kept here'],
    ]),
    h('p', { class: 'actions' },
      h('button', { type: 'button', key: 'change', on: { click: changeToken } }, session.token ? 'Use another token' : 'Use a token'),
      session.token && h('button', { type: 'button', key: 'forget', on: { click: forgetToken } }, 'Forget the token')));
}

function audit(context) {
  const { audit: answer } = context.data;
  const body = !answer ? absence(context, 'audit', { what: 'audit trail' }) : table({
    caption: 'What was done, and who was refused', rows: answer.records, key: ({ seq }) => seq, empty: 'Nobody has changed anything.',
    columns: [
      { name: 'When', head: true, whole: true, cell: ({ time }) => dateTime(time) },
      { name: 'Who', cell: ({ who, address }) => [who || 'nobody known', h('span', { class: 'soft' }, ` ${address}`)] },
      { name: 'What', wide: true, cell: ({ method, path }) => h('code', {}, `${method} ${path}`) },
      { name: 'Answer', numeric: true, cell: ({ status }) => badge(status, { text: String(status), tone: status < 400 ? 'good' : 'warn' }) },
    ],
  });
  return panel({ title: 'Audit', id: 'audit' }, body);
}
