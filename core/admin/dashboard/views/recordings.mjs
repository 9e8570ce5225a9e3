// Recordings and live streams: what runs, and what has been made of it.
import { h } from '../lib/dom.mjs';
import { count, dateTime, duration, percent, plural } from '../lib/format.mjs';
import { badge } from '../parts/badge.mjs';
import { meter } from '../parts/figures.mjs';
import { recordingsNow, streamsNow } from '../parts/running_media.mjs';
import { headline, panel } from '../parts/section.mjs';
import { table } from '../parts/table.mjs';

export const recordings = {
  title: () => 'Recordings and streams',
  watch: () => ({ recordings: 'recordings', streams: 'livestream/streams' }),
  render(context) {
    return [
      headline({ title: 'Recordings and streams' }),
      panel({ title: 'Live streams', id: 'streams', wide: true }, streamsNow(context)),
      panel({ title: 'Recordings that run', id: 'captures', wide: true }, recordingsNow(context)),
      context.data.recordings && made(context.data.recordings),
    ];
  },
};

function made({ recordings: all = [], productions_waiting: waiting = 0, productions_running: running = 0 }) {
  const more = h('span', { class: 'soft' }, `${plural(running, 'production')} running, ${count(waiting)} waiting`);
  return panel({ title: 'Newest recordings', id: 'recordings', more, wide: true }, table({
    caption: 'Newest recordings', rows: all, key: ({ id }) => id, empty: 'Nothing has been recorded.',
    columns: [
      { name: 'Room', head: true, cell: (one) => [one.title || one.room_id, h('span', { class: 'id' }, one.id)] },
      { name: 'Begun', whole: true, cell: (one) => dateTime(one.started_at ?? one.created_at) },
      { name: 'State', cell: ({ state }) => badge(state) },
      { name: 'Progress', cell: progress },
      { name: 'Length', numeric: true, cell: (one) => duration((one.duration_seconds ?? one.duration ?? NaN) * 1000) },
      { name: 'Error', wide: true, cell: ({ error, attempts }) => (error ? `${error} (${plural(attempts, 'attempt')})` : 'none') },
    ],
  }));
}

function progress({ state, progress: done, stage }) {
  if (state !== 'producing' || typeof done !== 'number') return '';
  return meter({ label: 'Production', share: done / 100, text: `${percent(done / 100)}${stage ? `, ${stage}` : ''}`, high: 2, full: 2 });
}
