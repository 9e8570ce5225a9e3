// Everything at one look: is it well, who is here, what does it cost, what went wrong lately.
import { h } from '../lib/dom.mjs';
import { bitrate, bytes, count, dateTime, duration, kUnknown, percent, plural } from '../lib/format.mjs';
import { link } from '../lib/routes.mjs';
import { badge } from '../parts/badge.mjs';
import { meter, tile, tiles } from '../parts/figures.mjs';
import { gatewayActions } from '../parts/gateway_actions.mjs';
import { logLines } from '../parts/log_lines.mjs';
import { absence, headline, panel } from '../parts/section.mjs';
import { table } from '../parts/table.mjs';
import { recordingsNow, streamsNow } from '../parts/running_media.mjs';

const kRooms = 200;
const kShownRooms = 5;

export const overview = {
  title: () => 'Overview',
  watch: () => ({
    rooms: `rooms?limit=${kRooms}`,
    recordings: 'recordings',
    streams: 'livestream/streams',
    warnings: 'log/lines?level=warning&limit=8',
  }),
  sample({ data, history, rates, now }) {
    const { overview: all, rooms } = data;
    if (all) sampleGateway(all, history, rates, now);
    history.add('rooms', rooms?.total, now);
    history.add('participants', rooms?.participants, now);
  },
  merge: { warnings: (before, incoming) => ({ lines: [...(before?.lines ?? []), ...(incoming.lines ?? [])].slice(-8) }) },
  render(context) {
    return [headline({ title: 'Overview', actions: gatewayActions(context) }), health(context), figures(context), columns(context), warnings(context)];
  },
};

function sampleGateway({ process = {}, uptimeMs, bitrate: rate = {}, clients }, history, rates, now) {
  history.add('cpu', cpuOf(process, rates, uptimeMs), now);
  history.add('memory', process.memoryBytes, now);
  history.add('files', process.openFiles, now);
  history.add('threads', process.threads, now);
  history.add('receiving', rate.receivingBps, now);
  history.add('sending', rate.sendingBps, now);
  history.add('clients', clients, now);
}

/** The share of all cores that is in use, out of the counter of CPU seconds; by the gateway's clock, as it says both at once. */
function cpuOf({ cpuSeconds, cpuCores = 1 }, rates, uptimeMs) {
  const cores = rates.of('cpuSeconds', cpuSeconds, uptimeMs);
  return cores === undefined ? undefined : cores / cpuCores;
}

function health(context) {
  const { overview: all } = context.data;
  if (!all) return absence(context, 'overview', { what: 'overview' });
  const reasons = all.reasons ?? [];
  return h(
    'section',
    { class: `health ${all.ready ? 'good' : 'bad'}`, key: 'health', 'aria-label': 'Health' },
    h('p', { class: 'health-word' }, badge(all.ready ? 'ready' : 'failed', { text: all.ready ? 'Ready' : 'Not ready' }),
      h('strong', {}, all.name ?? 'sluice'), h('span', { class: 'soft' }, `version ${all.version ?? kUnknown}`), h('span', { class: 'soft' }, `up ${duration(all.uptimeMs)}`)),
    reasons.length > 0 && h('ul', { class: 'reasons' }, reasons.map((reason) => h('li', {}, reason))),
  );
}

const amount = (value) => (Array.isArray(value) ? value.length : (value ?? 0));

function figures({ data, history, now }) {
  const { overview: all, rooms } = data;
  if (!all) return null;
  const process = all.process ?? {};
  const series = (name, format, floor) => ({ ...history.chart(name, now), format, floor });
  const cpu = history.of('cpu', now).at(-1)?.value;
  return tiles(
    tile({ label: 'Clients', value: count(all.clients), series: series('clients', count, 4), href: '#/clients' }),
    tile({ label: 'Rooms', value: count(rooms?.total), series: rooms && series('rooms', count, 4), href: '#/rooms' }),
    tile({ label: 'Participants', value: count(rooms?.participants), series: rooms && series('participants', count, 4) }),
    tile({ label: 'Receiving', value: bitrate(all.bitrate?.receivingBps), series: series('receiving', bitrate, 1e5) }),
    tile({ label: 'Sending', value: bitrate(all.bitrate?.sendingBps), series: series('sending', bitrate, 1e5) }),
    tile({ label: 'CPU', value: percent(cpu), note: process.cpuCores && `of ${plural(process.cpuCores, 'core')}`, series: series('cpu', percent, 0.1) }),
    tile({ label: 'Memory', value: bytes(process.memoryBytes), series: series('memory', bytes) }),
    tile({ label: 'Open files', value: count(process.openFiles), note: process.maxOpenFiles && `of ${count(process.maxOpenFiles)}`, series: series('files', count, 20) }),
    tile({ label: 'Plugins', value: count(amount(all.plugins?.running)), href: '#/plugins', note: amount(all.plugins?.notLoaded) > 0 ? `${count(amount(all.plugins.notLoaded))} not loaded` : 'running' }),
    tile({ label: 'Threads', value: count(process.threads), series: series('threads', count, 8) }),
  );
}

function columns(context) {
  return h('div', { class: 'columns', key: 'columns' }, h('div', { class: 'column', key: 'left' }, rooms(context)), h('div', { class: 'column', key: 'right' }, workers(context), running(context)));
}

function rooms(context) {
  const { rooms: all } = context.data;
  const more = h('a', { href: '#/rooms' }, 'All rooms');
  if (!all) return panel({ title: 'Largest rooms', id: 'rooms', more }, absence(context, 'rooms', { plugin: 'videoroom', what: 'rooms' }));
  const largest = [...all.rooms].sort((a, b) => b.size - a.size).slice(0, kShownRooms);
  return panel({ title: 'Largest rooms', id: 'rooms', more }, table({
    caption: 'The largest rooms', rows: largest, key: (room) => `${room.tenant}/${room.roomId}`, empty: 'No room is open.', plain: true,
    columns: [
      { name: 'Room', head: true, cell: (room) => h('a', { href: link(['rooms', room.roomId], { tenant: room.tenant }) }, room.name || room.roomId) },
      { name: 'People', numeric: true, cell: ({ size }) => count(size) },
      { name: 'Producers', numeric: true, cell: ({ producers }) => count(producers) },
    ],
  }));
}

function workers({ data }) {
  const all = data.overview?.workers;
  if (!all) return null;
  return panel({ title: 'Workers', id: 'workers', more: h('a', { href: '#/workers' }, 'Details') },
    h('ul', { class: 'bars' }, all.map((worker) => h('li', { key: worker.index },
      h('span', { class: 'bar-name' }, `Worker ${worker.index}`), meter({ label: `Load of worker ${worker.index}`, share: worker.load, text: percent(worker.load) })))));
}

function running(context) {
  return panel({ title: 'Recordings and streams', id: 'running', more: h('a', { href: '#/recordings' }, 'Details') }, recordingsNow(context, { brief: true }), streamsNow(context, { brief: true }));
}

function warnings(context) {
  const { warnings: latest } = context.data;
  const more = h('a', { href: '#/logs?level=warning' }, 'Log');
  return panel({ title: 'Latest warnings', id: 'warnings', more, wide: true },
    latest ? logLines([...latest.lines].reverse(), { empty: 'No warning. Good.', time: dateTime }) : absence(context, 'warnings', { what: 'log lines' }));
}
