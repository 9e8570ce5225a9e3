// The page's small parts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, unwrap } from '../../../../../core/admin/dashboard/lib/api.mjs';
import { bitrate, bytes, duration, milliseconds, percent } from '../../../../../core/admin/dashboard/lib/format.mjs';
import { History, kHistoryMs, Rates } from '../../../../../core/admin/dashboard/lib/history.mjs';
import { appended } from '../../../../../core/admin/dashboard/lib/log_tail.mjs';
import { mergePatch } from '../../../../../core/admin/dashboard/lib/merge_patch.mjs';
import { figuresOf, gradeOf } from '../../../../../core/admin/dashboard/lib/participant.mjs';
import { apiPath, link, parseRoute } from '../../../../../core/admin/dashboard/lib/routes.mjs';
import { Session } from '../../../../../core/admin/dashboard/lib/session.mjs';
import { labelOf, valueOf } from '../../../../../core/admin/dashboard/lib/stat_names.mjs';

test('figures read as people write them, and what is not known is a dash', () => {
  assert.equal(bitrate(1_234_000), '1.23 Mbit/s');
  assert.equal(bitrate(0), '0 bit/s');
  assert.equal(bytes(190 * 1024 * 1024), '190 MiB');
  assert.equal(percent(0.004), '0.4 %');
  assert.equal(percent(0.5), '50 %');
  assert.equal(milliseconds(0.08), '0.08 ms');
  assert.equal(milliseconds(61_200), '61.2 s');
  assert.equal(duration(3 * 86_400_000 + 4 * 3_600_000), '3 d 4 h');
  assert.equal(duration(900), '0 s');
  for (const format of [bitrate, bytes, percent, milliseconds, duration]) assert.equal(format(undefined), '–');
});

test('addresses hold any name, there and back', () => {
  const room = 'a/b?c#d & <e>';
  assert.deepEqual(parseRoute(link(['rooms', room], { tenant: 'x&y', offset: '' })), { path: ['rooms', room], query: { tenant: 'x&y' } });
  assert.equal(apiPath(['rooms', 'a/b'], { tenant: '' }), 'rooms/a%2Fb');
  assert.deepEqual(parseRoute('#/rooms/%E0%A4%A'), { path: ['rooms', '%E0%A4%A'], query: {} });
  assert.deepEqual(parseRoute(''), { path: [], query: {} });
});

test('an envelope is taken off, and a failure thrown with its code', () => {
  assert.deepEqual(unwrap({ success: true, data: { a: 1 } }), { a: 1 });
  assert.deepEqual(unwrap({ level: 'info' }), { level: 'info' });
  assert.throws(() => unwrap({ success: false, error: { code: 'ROOM_NOT_FOUND', message: 'no' } }), (error) => error instanceof ApiError && error.isMissing);
  assert.throws(() => unwrap({}, 503), { code: 'HTTP_503' });
});

test('a history keeps two minutes of what is a number', () => {
  const history = new History();
  for (let at = 0; at <= kHistoryMs + 10_000; at += 1000) history.add('cpu', at, at);
  history.add('cpu', undefined, kHistoryMs + 10_001);
  history.add('cpu', NaN, kHistoryMs + 10_002);
  const samples = history.of('cpu', kHistoryMs + 10_000);
  assert.equal(samples[0].at, 10_000);
  assert.equal(samples.length, 121);
  assert.deepEqual(history.of('nothing', 0), []);
});

test('a rate comes of a counter, and not where it begins anew', () => {
  const rates = new Rates();
  assert.equal(rates.of('cpu', 10, 1000), undefined);
  assert.equal(rates.of('cpu', 11, 3000), 0.5);
  assert.equal(rates.of('cpu', 11, 3000), 0.5);
  assert.equal(rates.of('cpu', 2, 4000), undefined);
});

test('lines of the log go on where the last ones ended; those of a new gateway stand alone', () => {
  const line = (seq) => ({ seq });
  const first = appended(undefined, { lines: [line(1), line(2)] });
  assert.deepEqual(appended(first, { lines: [line(2), line(3)] }).lines.map(({ seq }) => seq), [1, 2, 3]);
  assert.deepEqual(appended(first, { lines: [line(3)] }, 2).lines.map(({ seq }) => seq), [2, 3]);
  assert.deepEqual(appended(first, { lines: [line(1)] }).lines.map(({ seq }) => seq), [1]);
  assert.deepEqual(appended(first, { lines: [] }).lines.length, 2);
});

test('a participant is as good as the worst of what flows', () => {
  const stream = (score, bitrateBps) => ({ score, bitrateBps, fractionLost: 0.02 });
  const participant = {
    transports: [{ stats: { receivingBps: 1000, sendingBps: 10, roundTripTimeMs: 40, fractionLost: 0 } }, { stats: { receivingBps: 1, sendingBps: 2000 } }, {}],
    producers: [{ streams: [stream(9, 900), stream(0, 0)] }, {}],
    consumers: [{ paused: true, score: { score: 1 }, stats: { bitrateBps: 5 } }, { score: { score: 7 }, stats: { bitrateBps: 5 } }],
  };
  assert.deepEqual(figuresOf(participant), { sendsBps: 1001, receivesBps: 2010, loss: 0.02, roundTripMs: 40, score: 7 });
  assert.equal(gradeOf(participant), 'good');
  assert.equal(gradeOf({}), null);
  assert.equal(gradeOf({ ...participant, quality: 'poor' }), 'poor');
});

test('figures that this page does not know have a name and a value all the same', () => {
  assert.equal(labelOf('availableOutgoingBps'), 'available outgoing');
  assert.equal(labelOf('framesPerSecond'), 'frames per second');
  assert.equal(valueOf('targetLayer', { spatial: 1, temporal: 2 }), 'spatial 1, temporal 2');
  assert.equal(valueOf('ssrc', 3_000_000_000), '3000000000');
  assert.equal(valueOf('availableOutgoingBps', null), '–');
});

test('the token is kept in the tab until it is refused; a refusal of an old one is of no interest', () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  const told = [];
  const session = new Session(storage, (wrong) => told.push(wrong));
  session.refused('');
  session.token = 'a';
  session.refused('');
  assert.equal(new Session(storage, () => {}).token, 'a');
  session.refused('a');
  session.refused('a');
  assert.deepEqual(told, [false, true]);
  assert.equal(new Session(storage, () => {}).token, '');
  session.me = { name: 'eve', role: 'read' };
  assert.match(session.whyReadOnly, /only read/);
  session.token = '';
  assert.equal(session.whyReadOnly, null);
  assert.equal(kept.size, 0);
});

test('a change of options is what differs, and what is gone is null', () => {
  const before = { a: 1, secret: '***', nested: { b: 2, c: [1, 2] }, gone: true };
  assert.deepEqual(mergePatch(before, { a: 1, secret: '***', nested: { b: 3, c: [1, 2] }, more: {} }), { nested: { b: 3 }, gone: null, more: {} });
  assert.deepEqual(mergePatch(before, { ...before, nested: { b: 2, c: [1] } }), { nested: { c: [1] } });
  assert.equal(mergePatch(before, structuredClone(before)), undefined);
});
