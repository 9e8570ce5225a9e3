// The rooms that are open.
import { h } from '../lib/dom.mjs';
import { bitrate, count, duration, plural } from '../lib/format.mjs';
import { link } from '../lib/routes.mjs';
import { badge } from '../parts/badge.mjs';
import { absence, headline } from '../parts/section.mjs';
import { finds, searchField } from '../parts/search.mjs';
import { table } from '../parts/table.mjs';

const kLimit = 1000;

export const rooms = {
  title: () => 'Rooms',
  watch: () => ({ rooms: `rooms?limit=${kLimit}` }),
  render(context) {
    const { rooms: all } = context.data;
    if (!all) return [headline({ title: 'Rooms' }), absence(context, 'rooms', { plugin: 'videoroom', what: 'rooms' })];
    const found = all.rooms.filter((room) => finds(context.route.query.q, room.roomId, room.name, room.tenant));
    return [
      headline({ title: 'Rooms', beside: h('span', { class: 'soft' }, `${plural(all.total, 'room')}, ${plural(all.participants, 'participant')}`) }),
      h('div', { class: 'tools', key: 'tools' }, searchField(context, { label: 'Search by name, id or tenant' })),
      table({ caption: 'Rooms', columns: columnsFor(found), rows: found.sort(bySize), key: ({ roomId, tenant }) => `${tenant}/${roomId}`,
        empty: all.total === 0 ? 'No room is open.' : 'No room is called so.' }),
      all.total > all.rooms.length && h('p', { class: 'soft', key: 'more' }, `The first ${count(all.rooms.length)} of ${count(all.total)}.`),
    ];
  },
};

const bySize = (a, b) => b.size - a.size || (a.roomId < b.roomId ? -1 : 1);

function columnsFor(found) {
  const has = (name) => found.some((room) => room[name] !== undefined && room[name] !== '');
  return [
    { name: 'Room', head: true, cell: nameOf },
    has('tenant') && { name: 'Tenant', cell: ({ tenant }) => tenant },
    { name: 'People', numeric: true, cell: ({ size, maxParticipants: most }) => (most ? `${count(size)} of ${count(most)}` : count(size)) },
    { name: 'Producers', numeric: true, cell: ({ producers }) => count(producers) },
    has('receivingBps') && { name: 'Receiving', numeric: true, cell: ({ receivingBps }) => bitrate(receivingBps) },
    has('sendingBps') && { name: 'Sending', numeric: true, cell: ({ sendingBps }) => bitrate(sendingBps) },
    has('createdAt') && { name: 'Open for', numeric: true, cell: ({ createdAt }) => duration(Date.now() - createdAt) },
    found.some((room) => stateOf(room).some(Boolean)) && { name: 'State', cell: stateOf },
  ].filter(Boolean);
}

function stateOf({ locked, recording, streaming, away }) {
  return [locked && badge('locked'), recording && badge('recording', { tone: 'bad' }), streaming && badge('live'), away > 0 && badge('away', { text: `${count(away)} away` })];
}

function nameOf({ roomId, name, tenant }) {
  return [h('a', { href: link(['rooms', roomId], { tenant }) }, name || roomId), name && name !== roomId && h('span', { class: 'id' }, roomId)];
}
