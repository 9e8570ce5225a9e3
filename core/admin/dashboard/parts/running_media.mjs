// Recordings and live streams that run now, as the overview and their own view show them.
import { h } from '../lib/dom.mjs';
import { bitrate, bytes, count, decimal, duration, words } from '../lib/format.mjs';
import { link } from '../lib/routes.mjs';
import { action } from './action.mjs';
import { badge } from './badge.mjs';
import { absence } from './section.mjs';
import { table } from './table.mjs';

const room = ({ room_id: id, tenant }) => h('a', { href: link(['rooms', id], { tenant }) }, id);

export function recordingsNow(context, { brief = false } = {}) {
  const { recordings } = context.data;
  if (!recordings) return absence(context, 'recordings', { plugin: 'recording', what: 'recordings' });
  const detail = [
    { name: 'Written', numeric: true, cell: (one) => bytes(one.bytes) },
    { name: 'Tracks', numeric: true, cell: (one) => count(one.tracks) },
    { name: 'Lost', numeric: true, cell: (one) => `${count(one.dropped_packets)} packets, ${count(one.lost_frames)} frames` },
    { name: 'Trouble', cell: (one) => (one.trouble && one.trouble !== 'none' ? badge('error', { text: words(one.trouble) }) : 'none') },
  ];
  return table({
    caption: 'Recordings that run', rows: recordings.captures ?? [], key: ({ id }) => id, empty: 'No recording runs.', plain: brief,
    columns: [
      { name: 'Room', head: true, cell: room },
      { name: 'Recording', cell: ({ state }) => badge(state) },
      { name: 'Length', numeric: true, cell: (one) => duration(one.recorded_seconds * 1000) },
      ...(brief ? [] : detail),
    ],
  });
}

export function streamsNow(context, { brief = false } = {}) {
  const { streams } = context.data;
  if (!streams) return absence(context, 'streams', { plugin: 'livestream', what: 'live streams' });
  const detail = [
    { name: 'Pictures', numeric: true, cell: ({ program }) => program && `${decimal(program.frames_per_second)}/s, ${count(program.dropped_frames)} dropped` },
    { name: 'Servers', wide: true, cell: ({ targets }) => (targets ?? []).map(server) },
    { name: 'Trouble', cell: ({ problem, program }) => problem ?? (program?.overloaded ? badge('error', { text: 'overloaded' }) : 'none') },
    { name: 'Actions', hidden: true, cell: (one) => one.live && stop(context, one) },
  ];
  return table({
    caption: 'Live streams', rows: streams.streams ?? [], key: ({ stream_id: id }) => id, empty: 'No room is live.', plain: brief,
    columns: [
      { name: 'Room', head: true, cell: room },
      { name: 'Stream', cell: ({ state }) => badge(state) },
      { name: 'Viewers', numeric: true, cell: ({ viewers }) => count(viewers) },
      ...(brief ? [] : detail),
    ],
  });
}

const server = ({ target_id: id, name, state, bits_per_second: bps }) =>
  h('span', { class: 'server', key: id }, name || id, ' ', badge(state), ' ', h('span', { class: 'soft' }, bitrate(bps)));

function stop(context, { stream_id: id, room_id: roomId }) {
  return action(context, {
    label: 'Stop', name: `Stop the stream of ${roomId}`, danger: true,
    confirm: { title: `Stop the stream of ${roomId}?`, text: 'Its viewers see the end of it at once.', yes: 'Stop the stream', danger: true },
    request: () => ['POST', `livestream/streams/${encodeURIComponent(id)}/stop`],
    done: () => `The stream of ${roomId} is stopping.`,
  });
}
