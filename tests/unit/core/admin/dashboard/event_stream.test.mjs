import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStreamParser, kMaxEventBytes } from '../../../../../core/admin/dashboard/lib/event_stream.mjs';

const kStream = ': hello\n\nevent: overview\ndata: {"a":1}\n\nevent: log/lines\r\ndata: one\r\ndata: two\r\n\r\ndata:bare\r\r';
const kEvents = [
  { event: 'overview', data: '{"a":1}' },
  { event: 'log/lines', data: 'one\ntwo' },
  { event: 'message', data: 'bare' },
];

test('events are found wherever the stream is cut', () => {
  for (let size = 1; size <= kStream.length; size += 1) {
    const parser = new EventStreamParser();
    const events = [];
    for (let at = 0; at < kStream.length; at += size) events.push(...parser.feed(kStream.slice(at, at + size)));
    events.push(...parser.feed('\n')); // the last \r might have been half of \r\n
    assert.deepEqual(events, kEvents, `in pieces of ${size}`);
  }
});

test('an event without data is none, and its name does not stay for the next', () => {
  assert.deepEqual(new EventStreamParser().feed('event: x\n\ndata: y\n\n'), [{ event: 'message', data: 'y' }]);
});

test('an event without end is refused', () => {
  const parser = new EventStreamParser();
  const piece = `data: ${'x'.repeat(1 << 20)}\n`;
  assert.throws(() => {
    for (let fed = 0; fed <= kMaxEventBytes; fed += piece.length) parser.feed(piece);
  }, /no end/);
});
