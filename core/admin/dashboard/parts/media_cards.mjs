// A transport, producer or consumer with all of its figures, as webrtc-internals has them for the other end.
import { h } from '../lib/dom.mjs';
import { bitrate, timeOfDay } from '../lib/format.mjs';
import { figurePairs, labelOf, valueOf } from '../lib/stat_names.mjs';
import { badge } from './badge.mjs';
import { facts } from './figures.mjs';
import { sparkline } from './sparkline.mjs';

function card({ key, title, state, about = [], chart }, ...figures) {
  return h('article', { class: 'media-card', key, 'aria-label': title },
    h('h3', {}, title, ' ', state), chart, facts(about), figures);
}

const chartOf = ({ history, now }, name, label) => h('div', { class: 'chart', key: name }, sparkline({ label, ...history.chart(name, now), format: bitrate, floor: 3e4 }));

const id = (text) => h('code', { class: 'id' }, text);

/** What stands beside the statistics, whatever its name, but for those that the card shows otherwise. */
const restOf = (object, ...shown) =>
  Object.entries(object).filter(([name, value]) => !shown.includes(name) && value !== null && typeof value !== 'object').map(([name, value]) => [labelOf(name), /Id$/.test(name) ? id(value) : valueOf(name, value)]);

export function transportCard(transport) {
  const { id: key, direction, state, stats } = transport;
  const { state: current, ...figures } = stats ?? {};
  return card({ key, title: direction ? `Transport, ${direction}` : 'Transport', state: badge(state ?? current), about: [['id', id(key)], ...restOf(transport, 'id', 'direction', 'state', 'stats')] },
    h('h4', {}, 'Figures'), stats ? facts(figurePairs(figures)) : unanswered(),
    part('ICE', transport.ice), part('DTLS', transport.dtls), part('Dropped packets', transport.dropped), history(transport.states));
}

function part(title, figures) {
  return figures && Object.keys(figures).length > 0 && [h('h4', { key: title }, title), facts(figurePairs(figures))];
}

function history(states) {
  if (!states?.length) return null;
  return [h('h4', { key: 'states' }, 'States'), h('ol', { class: 'states' }, states.map(({ at, state, reason }) =>
    h('li', { key: `${at}${state}` }, h('span', { class: 'soft' }, `${timeOfDay(at)} `), badge(state), reason && ` ${reason}`)))];
}

export function producerCard(producer, context) {
  const key = producer.producerId ?? producer.id;
  const { kind = 'media', source, streams } = producer;
  return card({ key, title: source ? `${source}, ${kind}` : kind, state: producer.paused && badge('paused'), about: [['id', id(key)], ...restOf(producer, 'producerId', 'id', 'kind', 'source', 'streams')] },
    (streams ?? []).length === 0 ? h('p', { class: 'empty' }, 'No packet has come.') : streams.map((stream) => streamOf(stream, key, context)));
}

function streamOf(stream, producerId, context) {
  return h('div', { class: 'stream', key: stream.ssrc }, h('h4', {}, stream.rid ? `Encoding ${stream.rid}` : 'Stream'),
    chartOf(context, `stream/${producerId}/${stream.ssrc}`, 'Bitrate'), facts(figurePairs(stream)));
}

export function consumerCard(consumer, context) {
  const { id: key, kind = 'media', stats, producerId, preferredLayers, score } = consumer;
  const about = [['id', id(key)], ['of producer', producerId && id(producerId)], ...restOf(consumer, 'id', 'kind', 'stats', 'producerId', 'score'),
    ['preferred layers', preferredLayers && valueOf('', preferredLayers)], ['scores', score && valueOf('', score)]];
  return card({ key, title: `Consumer, ${kind}`, state: consumer.paused && badge('paused'), about, chart: chartOf(context, `consumer/${key}`, 'Bitrate') },
    h('h4', {}, 'Figures'), stats ? facts(figurePairs(stats)) : unanswered());
}

const unanswered = () => h('p', { class: 'empty' }, 'The worker has not told in time.');
