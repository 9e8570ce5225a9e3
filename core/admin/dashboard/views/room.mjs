// One room: who is in it, and how their media gets through.
import { h } from '../lib/dom.mjs';
import { bitrate, count, dateTime, milliseconds, percent, plural } from '../lib/format.mjs';
import { figuresOf, gradeOf } from '../lib/participant.mjs';
import { apiPath, link } from '../lib/routes.mjs';
import { action } from '../parts/action.mjs';
import { badge } from '../parts/badge.mjs';
import { facts } from '../parts/figures.mjs';
import { participantActions } from '../parts/participant_actions.mjs';
import { absence, headline, panel } from '../parts/section.mjs';
import { trend } from '../parts/sparkline.mjs';
import { table } from '../parts/table.mjs';

const kPage = 50;
/** Where each of them receives so much that the answer for fifty is too large to be watched. */
const kSmallPage = 8;

const pageOf = ({ query }) => Math.min(kPage, Number(query.limit) || kPage);

const whereOf = ({ path, query }) => ({ roomId: path[1], tenant: query.tenant ?? '' });
const seriesOf = ({ roomId, tenant }, { participantId }, figure) => `${tenant}/${roomId}/${participantId}/${figure}`;

export const room = {
  title: ({ path }) => `Room ${path[1]}`,
  watch({ path, query }) {
    return { room: apiPath(['rooms', path[1]], { tenant: query.tenant, offset: query.offset, limit: pageOf({ query }) }) };
  },
  sample({ data, history, route, now }) {
    for (const one of data.room?.participants ?? []) {
      const figures = figuresOf(one);
      for (const figure of ['sendsBps', 'receivesBps', 'loss', 'roundTripMs']) {
        history.add(seriesOf(whereOf(route), one, figure), figures[figure], now);
      }
    }
  },
  render(context) {
    const where = whereOf(context.route);
    const { room: now } = context.data;
    const trail = [{ text: 'Rooms', href: '#/rooms' }];
    if (!now || context.errors.room) {
      const missing = `There is no room ${where.roomId}: it has ended, or never was.`;
      if (context.errors.room?.code === 'LIMIT_EXCEEDED') return [headline({ title: where.roomId, trail }), tooLarge(where)];
      return [headline({ title: where.roomId, trail }), absence(context, 'room', { plugin: 'videoroom', what: 'rooms', missing })];
    }
    return [headline({ title: now.name || now.roomId, trail, actions: [close(context, where, now)] }), about(now), participants(context, where, now)];
  },
};

function tooLarge({ roomId, tenant }) {
  return h('p', { class: 'empty', key: 'too-large' }, 'So many people receive so much here that their figures are too many for one page. ',
    h('a', { href: link(['rooms', roomId], { tenant, limit: kSmallPage }) }, `Show ${kSmallPage} at a time`));
}

function about(now) {
  return facts([
    ['Id', h('code', {}, now.roomId)],
    ['Tenant', now.tenant && h('code', {}, now.tenant)],
    ['People', `${count(now.size)}${now.maxParticipants ? ` of ${count(now.maxParticipants)}` : ''}`],
    ['Producers', count(now.producers)],
    ['Speaks', nameOf(now, now.dominantSpeaker)],
    ['Last-N', lastN(now.lastN)],
    ['Locked', now.locked && 'yes'],
    ['Open since', now.createdAt && dateTime(now.createdAt)],
    ['Recorded', now.recording && badge('recording', { tone: 'bad' })],
    ['Streamed', now.streaming && badge('live')],
  ]);
}

/** @param speaker An id, or an object that has one. */
function nameOf(now, speaker) {
  const id = speaker?.participantId ?? speaker;
  return (now.participants ?? []).find((one) => one.participantId === id)?.name ?? id;
}

const lastN = (limits) => (limits?.audio || limits?.video ? `sound ${limits.audio || 'all'}, picture ${limits.video || 'all'}` : null);

function participants(context, where, now) {
  const all = now.participants ?? [];
  return panel({ title: 'Participants', id: 'participants', wide: true },
    table({ caption: 'Participants', rows: all, key: ({ participantId }) => participantId, empty: 'Nobody is here.', columns: columns(context, where) }),
    pages(context, where, now));
}

function columns(context, where) {
  const chart = (label, figure, format, floor) => (one) => {
    const value = figuresOf(one)[figure];
    const chartOf = context.history.chart(seriesOf(where, one, figure), context.now);
    return trend({ label: `${label} of ${one.name}`, value, ...chartOf, format, floor });
  };
  return [
    { name: 'Name', head: true, cell: (one) => who(where, one) },
    { name: 'Quality', cell: quality },
    { name: 'Sends', numeric: true, cell: chart('Bitrate sent', 'sendsBps', bitrate, 5e4) },
    { name: 'Receives', numeric: true, cell: chart('Bitrate received', 'receivesBps', bitrate, 5e4) },
    { name: 'Loss', numeric: true, cell: chart('Loss', 'loss', percent, 0.05) },
    { name: 'Round trip', numeric: true, cell: chart('Round trip', 'roundTripMs', milliseconds, 20) },
    { name: 'Actions', hidden: true, cell: (one) => h('span', { class: 'actions' }, participantActions(context, where, one)) },
  ];
}

function who({ roomId, tenant }, one) {
  return [
    h('a', { href: link(['rooms', roomId, one.participantId], { tenant }) }, one.name || one.participantId),
    h('span', { class: 'id' }, [one.role, one.away && 'away', sends(one)].filter(Boolean).join(' · ')),
  ];
}

function sends({ producers = [] }) {
  const sources = producers.map(({ source, kind }) => source ?? kind);
  return sources.length > 0 ? [...new Set(sources)].join(', ') : 'sends nothing';
}

function quality(one) {
  const grade = gradeOf(one);
  return grade ? badge(grade) : h('span', { class: 'soft' }, 'no media');
}

function pages({ route }, { roomId, tenant }, { size, participants: shown = [] }) {
  const offset = Number(route.query.offset ?? 0) || 0;
  const page = pageOf(route);
  if (size <= page && offset === 0) return null;
  const to = (first, text) => h('a', { href: link(['rooms', roomId], { tenant, limit: route.query.limit, offset: first || '' }), key: text }, text);
  return h('p', { class: 'pages', key: 'pages' }, offset > 0 && to(Math.max(0, offset - page), 'Before'),
    h('span', {}, `${count(offset + 1)} to ${count(offset + shown.length)} of ${count(size)}`), offset + page < size && to(offset + page, 'After'));
}

function close(context, { roomId, tenant }, { size, name }) {
  return action(context, {
    label: 'Close the room', danger: true, small: false,
    confirm: { title: `Close ${name || roomId}?`, text: `${plural(size, 'participant')} will be sent away.`, yes: 'Close the room', danger: true },
    request: () => ['DELETE', apiPath(['rooms', roomId], { tenant })],
    done: () => `The room ${roomId} is closed.`,
  });
}
