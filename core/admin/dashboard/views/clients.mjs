// The signalling connections.
import { h } from '../lib/dom.mjs';
import { count, duration, plural, words } from '../lib/format.mjs';
import { apiPath } from '../lib/routes.mjs';
import { action } from '../parts/action.mjs';
import { absence, headline } from '../parts/section.mjs';
import { finds, searchField } from '../parts/search.mjs';
import { table } from '../parts/table.mjs';

const kLimit = 200;

export const clients = {
  title: () => 'Clients',
  watch: () => ({ clients: `clients?limit=${kLimit}` }),
  render(context) {
    const { clients: answer } = context.data;
    if (!answer) return [headline({ title: 'Clients' }), absence(context, 'clients', { what: 'list of clients' })];
    const all = answer.clients ?? [];
    const total = answer.total ?? all.length;
    const found = all.filter((one) => finds(context.route.query.q, ...Object.values(one).filter((value) => typeof value === 'string')));
    return [
      headline({ title: 'Clients', beside: h('span', { class: 'soft' }, plural(total, 'signalling connection')) }),
      h('div', { class: 'tools', key: 'tools' }, searchField(context, { label: 'Search' })),
      table({ caption: 'Clients', rows: found, key: ({ id }) => id, columns: columns(context, found), empty: total === 0 ? 'Nobody is connected.' : 'Nobody is like that.' }),
      total > all.length && h('p', { class: 'soft', key: 'more' }, `The first ${count(all.length)} of ${count(total)}.`),
    ];
  },
};

function columns(context, found) {
  const some = (name) => found.some((one) => one[name]);
  return [
    { name: 'Who', head: true, cell: who },
    some('tenant') && { name: 'Tenant', cell: ({ tenant }) => tenant },
    { name: 'By', cell: ({ door, profile }) => [words(door), profile && h('span', { class: 'soft' }, ` as ${profile}`)] },
    { name: 'From', cell: ({ remoteAddress }) => remoteAddress },
    { name: 'Program', wide: true, cell: ({ userAgent }) => h('span', { class: 'soft brief', title: userAgent }, userAgent) },
    { name: 'Connected for', numeric: true, cell: ({ connectedAt }) => duration(Date.now() - connectedAt) },
    { name: 'Actions', hidden: true, cell: (one) => disconnect(context, one) },
  ].filter(Boolean);
}

const who = ({ id, name, userId, guest }) => [name || userId || 'nobody', h('span', { class: 'id' }, [guest && 'guest', `client ${id}`].filter(Boolean).join(' · '))];

function disconnect(context, { id }) {
  return action(context, {
    label: 'Disconnect', name: `Disconnect ${id}`, danger: true,
    confirm: { title: 'Disconnect this client?', text: `Client ${id} loses its signalling connection, and may come back.`, yes: 'Disconnect', danger: true },
    request: () => ['DELETE', apiPath(['clients', id])],
    done: () => 'The client is disconnected.',
  });
}
