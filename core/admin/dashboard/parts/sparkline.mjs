// A small chart of the last two minutes; its figures are in its text alternative, too.
import { h } from '../lib/dom.mjs';
import { kHistoryMs } from '../lib/history.mjs';

const kWidth = 120;
const kHeight = 28;
const kInset = 2;
/** Between two samples that lie further apart there is no line: nobody knows what was. */
const kGapMs = 5_000;

/**
 * @param samples `[{at, value}]`, the eldest first.
 * @param format Of a value, for the text.
 * @param floor What the top of the chart stands for at least, so that noise does not look like a mountain.
 */
export function sparkline({ label, samples, now, spanMs = kHistoryMs, format = String, floor = 0 }) {
  const highest = Math.max(floor, ...samples.map(({ value }) => value)) || 1;
  const pieces = split(samples).map((piece) => piece.map((sample) => place(sample, now, spanMs, highest)));
  return h(
    'svg',
    { class: 'spark', viewBox: `0 0 ${kWidth} ${kHeight}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': inWords(label, samples, format) },
    h('path', { key: 'area', class: 'spark-area', d: pieces.map(area).join('') }),
    h('path', { key: 'line', class: 'spark-line', d: pieces.map(line).join('') }),
  );
}

/** A figure, and a chart of how it came to that. */
export function trend({ value, format, ...chart }) {
  return h('span', { class: 'trend' }, sparkline({ ...chart, format }), h('span', { class: 'trend-value' }, format(value)));
}

export function inWords(label, samples, format = String) {
  if (samples.length === 0) return `${label}: nothing yet`;
  const values = samples.map(({ value }) => value);
  return `${label}: now ${format(values.at(-1))}, between ${format(Math.min(...values))} and ${format(Math.max(...values))} in the last two minutes`;
}

function split(samples) {
  const pieces = [];
  for (const sample of samples) {
    const current = pieces.at(-1);
    if (current && sample.at - current.at(-1).at <= kGapMs) current.push(sample);
    else pieces.push([sample]);
  }
  return pieces;
}

function place({ at, value }, now, spanMs, highest) {
  const x = kWidth * (1 - (now - at) / spanMs);
  const y = kHeight - kInset - (Math.max(0, value) / highest) * (kHeight - 2 * kInset);
  return [x.toFixed(1), y.toFixed(1)];
}

const points = (piece) => piece.map(([x, y]) => `${x} ${y}`).join('L');
// One sample is a short dash, or it would not be seen.
const line = (piece) => (piece.length > 1 ? `M${points(piece)}` : `M${points(piece)}h-1`);
const area = (piece) => `M${piece[0][0]} ${kHeight}L${points(piece)}L${piece.at(-1)[0]} ${kHeight}Z`;
