// Transports, producers and consumers of all plugins: lists, and each one with all of its figures.
import { h } from '../lib/dom.mjs';
import { bitrate, count, duration, milliseconds, percent, plural } from '../lib/format.mjs';
import { apiPath, link } from '../lib/routes.mjs';
import { action } from '../parts/action.mjs';
import { badge } from '../parts/badge.mjs';
import { consumerCard, producerCard, transportCard } from '../parts/media_cards.mjs';
import { absence, headline } from '../parts/section.mjs';
import { table } from '../parts/table.mjs';

const kPage = 100;
const kKinds = {
  transports: { title: 'Transports', one: 'transport', card: transportCard },
  producers: { title: 'Producers', one: 'producer', card: producerCard },
  consumers: { title: 'Consumers', one: 'consumer', card: consumerCard },
};
const kindOf = ({ path }) => (path[1] in kKinds ? path[1] : 'transports');

export const media = {
  title: (route) => kKinds[kindOf(route)].title,
  watch: (route) => ({ media: route.path[2] ? apiPath([kindOf(route), route.path[2]]) : apiPath([kindOf(route)], { offset: route.query.offset, limit: kPage }) }),
  sample({ data, history, route, now }) {
    const one = route.path[2] && data.media;
    if (!one) return;
    const id = route.path[2];
    history.add(`consumer/${id}`, one.stats?.bitrateBps, now);
    for (const stream of one.streams ?? []) history.add(`stream/${id}/${stream.ssrc}`, stream.bitrateBps, now);
  },
  render: (context) => (context.route.path[2] ? detail(context) : list(context)),
};

function detail(context) {
  const kind = kindOf(context.route);
  const { title, one, card } = kKinds[kind];
  const id = context.route.path[2];
  const trail = [{ text: title, href: link(['media', kind]) }];
  const { media: answer } = context.data;
  if (!answer || context.errors.media) return [headline({ title: id, trail }), absence(context, 'media', { what: kind, missing: `There is no ${one} of this id: it has been closed.` })];
  return [headline({ title: `One ${one}`, trail, actions: [close(context, kind, id)] }), h('div', { class: 'media-cards', key: id }, card(answer, context))];
}

function list(context) {
  const kind = kindOf(context.route);
  const { title, one } = kKinds[kind];
  const tabs = h('nav', { class: 'tabs', key: 'tabs', 'aria-label': 'Kinds of media objects' },
    Object.entries(kKinds).map(([name, { title: text }]) => h('a', { href: link(['media', name]), key: name, 'aria-current': name === kind ? 'page' : null }, text)));
  const { media: answer } = context.data;
  const rows = answer?.[kind];
  if (!rows) return [headline({ title }), tabs, absence(context, 'media', { what: kind })];
  const total = answer.total ?? rows.length;
  return [
    headline({ title, beside: h('span', { class: 'soft' }, plural(total, one)) }), tabs,
    table({ caption: title, rows, key: ({ id }) => id, columns: columnsFor(kind), empty: `There is no ${one}.` }),
    pages(context, kind, rows.length, total),
  ];
}

function columnsFor(kind) {
  const stats = (one) => one.stats ?? one.streams?.[0] ?? {};
  const total = (one) => (one.streams ? one.streams.reduce((sum, { bitrateBps }) => sum + (bitrateBps ?? 0), 0) : stats(one).bitrateBps);
  const common = [
    { name: 'Loss', numeric: true, cell: (one) => percent(stats(one).fractionLost) },
    { name: 'Round trip', numeric: true, cell: (one) => milliseconds(stats(one).roundTripTimeMs) },
  ];
  const own =
    kind === 'transports'
      ? [
          { name: 'State', cell: (one) => badge(one.state ?? stats(one).state) },
          { name: 'Far end', cell: (one) => stats(one).remoteAddress },
          { name: 'Receiving', numeric: true, cell: (one) => bitrate(stats(one).receivingBps) },
          { name: 'Sending', numeric: true, cell: (one) => bitrate(stats(one).sendingBps) },
        ]
      : [
          { name: 'Codec', cell: (one) => one.mimeType ?? stats(one).mimeType ?? one.kind },
          { name: 'Bitrate', numeric: true, cell: (one) => bitrate(total(one)) },
          { name: 'Score', numeric: true, cell: (one) => count(one.score?.score ?? stats(one).score) },
        ];
  common.push({ name: 'Plugin', cell: ({ plugin }) => plugin }, { name: 'Worker', numeric: true, cell: ({ worker }) => count(worker) }, { name: 'Age', numeric: true, cell: ({ ageMs }) => duration(ageMs) });
  return [{ name: 'Id', head: true, cell: ({ id }) => h('a', { href: link(['media', kind, id]), class: 'mono' }, id) }, ...own, ...common];
}

function pages({ route }, kind, shown, total) {
  const offset = Number(route.query.offset ?? 0) || 0;
  if (total <= kPage && offset === 0) return null;
  const to = (first, text) => h('a', { href: link(['media', kind], { offset: first || '' }), key: text }, text);
  return h('p', { class: 'pages', key: 'pages' }, offset > 0 && to(Math.max(0, offset - kPage), 'Before'),
    h('span', {}, `${count(offset + 1)} to ${count(offset + shown)} of ${count(total)}`), offset + shown < total && to(offset + kPage, 'After'));
}

function close(context, kind, id) {
  const { one } = kKinds[kind];
  return action(context, {
    label: `Close this ${one}`, danger: true, small: false,
    confirm: { title: `Close this ${one}?`, text: 'Its client is told; who uses it loses that media.', yes: 'Close', danger: true },
    request: () => ['DELETE', apiPath([kind, id])],
    done: () => `The ${one} is closed.`,
  });
}
