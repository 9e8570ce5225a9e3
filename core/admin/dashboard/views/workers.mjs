// The media workers: one thread each, one port each.
import { h } from '../lib/dom.mjs';
import { bitrate, count, percent } from '../lib/format.mjs';
import { meter } from '../parts/figures.mjs';
import { absence, headline } from '../parts/section.mjs';
import { sparkline } from '../parts/sparkline.mjs';
import { table } from '../parts/table.mjs';

export const workers = {
  title: () => 'Workers',
  watch: () => ({ workers: 'workers' }),
  sample({ data, history, rates, now }) {
    for (const { index, load, receivingBps, sendingBps, packetsDropped } of data.workers?.workers ?? []) {
      history.add(`worker/${index}/load`, load, now);
      history.add(`worker/${index}/bitrate`, receivingBps + sendingBps, now);
      history.add(`worker/${index}/drops`, rates.of(`worker/${index}/dropped`, packetsDropped, now), now);
    }
  },
  render(context) {
    const { workers: answer } = context.data;
    if (!answer) return [headline({ title: 'Workers' }), absence(context, 'workers', { what: 'figures of workers' })];
    return [
      headline({ title: 'Workers', beside: h('span', { class: 'soft' }, 'as they were asked last, some two seconds ago') }),
      table({ caption: 'Media workers', rows: answer.workers, key: ({ index }) => index, columns: columns(context), empty: 'There is no media worker.' }),
    ];
  },
};

function columns({ history, now }) {
  const chart = (label, figure, format, floor) => ({ index }) =>
    sparkline({ label: `${label} of worker ${index}`, ...history.chart(`worker/${index}/${figure}`, now), format, floor });
  return [
    { name: 'Worker', head: true, cell: ({ index }) => `Worker ${index}` },
    { name: 'Load', cell: (one) => h('span', { class: 'stack' }, meter({ label: `Load of worker ${one.index}`, share: one.load }), chart('Load', 'load', percent, 0.2)(one)) },
    { name: 'Receiving', numeric: true, cell: ({ receivingBps }) => bitrate(receivingBps) },
    { name: 'Sending', numeric: true, cell: ({ sendingBps }) => bitrate(sendingBps) },
    { name: 'Transports', numeric: true, cell: ({ transports }) => count(transports) },
    { name: 'Producers', numeric: true, cell: ({ producers }) => count(producers) },
    { name: 'Consumers', numeric: true, cell: ({ consumers }) => count(consumers) },
    { name: 'Taps', numeric: true, cell: ({ taps }) => count(taps) },
    { name: 'Queue', numeric: true, cell: ({ queuedPackets }) => count(queuedPackets) },
    { name: 'Dropped', numeric: true, cell: ({ packetsDropped }) => count(packetsDropped) },
  ];
}
