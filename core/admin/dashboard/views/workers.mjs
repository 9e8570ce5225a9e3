// The media workers: one thread each, one port each.
import { h } from '../lib/dom.mjs';
import { bitrate, count, percent } from '../lib/format.mjs';
import { absence, headline } from '../parts/section.mjs';
import { trend } from '../parts/sparkline.mjs';
import { table } from '../parts/table.mjs';

const seriesOf = ({ index }, figure) => `worker/${index}/${figure}`;

export const workers = {
  title: () => 'Workers',
  watch: () => ({ workers: 'workers' }),
  sample({ data, history, now }) {
    for (const worker of data.workers?.workers ?? []) {
      for (const figure of ['load', 'receivingBps', 'sendingBps']) history.add(seriesOf(worker, figure), worker[figure], now);
    }
  },
  render(context) {
    const { workers: answer } = context.data;
    if (!answer) return [headline({ title: 'Workers' }), absence(context, 'workers', { what: 'figures of workers' })];
    return [
      headline({ title: 'Workers', beside: h('span', { class: 'soft' }, 'each told of itself within the last two seconds') }),
      table({ caption: 'Media workers', rows: answer.workers, key: ({ index }) => index, columns: columns(context), empty: 'There is no media worker.' }),
    ];
  },
};

function columns({ history, now }) {
  const chart = (label, figure, format, floor) => (worker) =>
    trend({ label: `${label} of worker ${worker.index}`, value: worker[figure], ...history.chart(seriesOf(worker, figure), now), format, floor });
  return [
    { name: 'Worker', head: true, cell: ({ index }) => `Worker ${index}` },
    { name: 'Load', numeric: true, cell: chart('Load', 'load', percent, 0.2) },
    { name: 'Receiving', numeric: true, cell: chart('Bitrate received', 'receivingBps', bitrate, 5e4) },
    { name: 'Sending', numeric: true, cell: chart('Bitrate sent', 'sendingBps', bitrate, 5e4) },
    { name: 'Transports', numeric: true, cell: ({ transports }) => count(transports) },
    { name: 'Producers', numeric: true, cell: ({ producers }) => count(producers) },
    { name: 'Consumers', numeric: true, cell: ({ consumers }) => count(consumers) },
    { name: 'Taps', numeric: true, cell: ({ taps }) => count(taps) },
    { name: 'Queue', numeric: true, cell: ({ queuedPackets }) => count(queuedPackets) },
    { name: 'Dropped', numeric: true, cell: ({ packetsDropped }) => count(packetsDropped) },
  ];
}
