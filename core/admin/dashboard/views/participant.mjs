// One participant, with every figure that there is of its transports, producers and consumers.
import { h } from '../lib/dom.mjs';
import { bitrate, dateTime, kUnknown, milliseconds, percent } from '../lib/format.mjs';
import { figuresOf, gradeOf } from '../lib/participant.mjs';
import { apiPath, link } from '../lib/routes.mjs';
import { labelOf } from '../lib/stat_names.mjs';
import { badge } from '../parts/badge.mjs';
import { facts, tile, tiles } from '../parts/figures.mjs';
import { consumerCard, producerCard, transportCard } from '../parts/media_cards.mjs';
import { participantActions } from '../parts/participant_actions.mjs';
import { absence, headline, panel } from '../parts/section.mjs';

const whereOf = ({ path, query }) => ({ roomId: path[1], tenant: query.tenant ?? '' });

export const participant = {
  title: ({ path }) => `Participant ${path[2]}`,
  watch: ({ path, query }) => ({ participant: apiPath(['rooms', path[1], 'participants', path[2]], { tenant: query.tenant }) }),
  sample({ data, history, route, now }) {
    const one = found(data);
    if (!one) return;
    const { roomId, tenant } = whereOf(route);
    const figures = figuresOf(one);
    for (const name of ['sendsBps', 'receivesBps', 'loss', 'roundTripMs']) history.add(`${tenant}/${roomId}/${one.participantId}/${name}`, figures[name], now);
    for (const consumer of one.consumers ?? []) history.add(`consumer/${consumer.id}`, consumer.stats?.bitrateBps, now);
    for (const producer of one.producers ?? []) {
      for (const stream of producer.streams ?? []) history.add(`stream/${producer.producerId}/${stream.ssrc}`, stream.bitrateBps, now);
    }
  },
  render(context) {
    const where = whereOf(context.route);
    const trail = [{ text: 'Rooms', href: '#/rooms' }, { text: where.roomId, href: link(['rooms', where.roomId], { tenant: where.tenant }) }];
    const one = found(context.data);
    if (!one || context.errors.participant) {
      return [headline({ title: context.route.path[2], trail }),
        absence(context, 'participant', { what: 'participants', missing: 'This participant is not in the room: it has left, or the room has ended.' })];
    }
    return [
      headline({ title: one.name || one.participantId, trail, beside: quality(one), actions: participantActions(context, where, one) }),
      about(one),
      figures(context, where, one),
      panel({ title: 'Transports', id: 'transports', wide: true }, cards(one.transports, transportCard, context, 'No transport yet.')),
      panel({ title: 'Producers', id: 'producers', wide: true }, cards(one.producers, producerCard, context, 'Sends nothing.')),
      panel({ title: 'Consumers', id: 'consumers', wide: true }, cards(one.consumers, consumerCard, context, 'Receives nothing.')),
    ];
  },
};

const found = ({ participant: answer }) => answer?.participant ?? answer;

const quality = (one) => (gradeOf(one) ? badge(gradeOf(one)) : null);

function about({ participantId, userId, role, joinedAt, muted, guest, away, device = {} }) {
  return facts([
    ['Id', h('code', {}, participantId)],
    ['User', userId && h('code', {}, userId)],
    ['Role', role],
    ['Guest', guest && 'yes'],
    ['Joined', joinedAt && dateTime(joinedAt)],
    ['Away', away && 'the connection is lost'],
    ['Muted', mutedOf(muted)],
    ...Object.entries(device).map(([name, value]) => [labelOf(name), typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  ]);
}

function mutedOf(muted) {
  if (Array.isArray(muted)) return muted.join(', ');
  if (typeof muted === 'object' && muted !== null) return Object.keys(muted).filter((kind) => muted[kind]).join(', ');
  return muted === true && 'yes';
}

function figures({ history, now }, { roomId, tenant }, one) {
  const { sendsBps, receivesBps, loss, roundTripMs, score } = figuresOf(one);
  const series = (name, format, floor) => ({ ...history.chart(`${tenant}/${roomId}/${one.participantId}/${name}`, now), format, floor });
  return tiles(
    tile({ label: 'Sends', value: bitrate(sendsBps), series: series('sendsBps', bitrate, 5e4) }),
    tile({ label: 'Receives', value: bitrate(receivesBps), series: series('receivesBps', bitrate, 5e4) }),
    tile({ label: 'Loss', value: percent(loss), series: series('loss', percent, 0.05) }),
    tile({ label: 'Round trip', value: milliseconds(roundTripMs), series: series('roundTripMs', milliseconds, 20) }),
    tile({ label: 'Lowest score', value: score === undefined ? kUnknown : `${score} of 10` }),
  );
}

function cards(all, card, context, empty) {
  if (!all || all.length === 0) return h('p', { class: 'empty' }, empty);
  return h('div', { class: 'media-cards' }, all.map((one) => card(one, context)));
}
