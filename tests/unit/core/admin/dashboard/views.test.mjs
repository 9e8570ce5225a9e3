// What the views say of what the API answers; descriptions of elements need no browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../../../../core/admin/dashboard/lib/api.mjs';
import { textOf } from '../../../../../core/admin/dashboard/lib/dom.mjs';
import { History, Rates } from '../../../../../core/admin/dashboard/lib/history.mjs';
import { parseRoute } from '../../../../../core/admin/dashboard/lib/routes.mjs';
import { inWords, sparkline } from '../../../../../core/admin/dashboard/parts/sparkline.mjs';
import { viewOf } from '../../../../../core/admin/dashboard/views/views.mjs';

const kViews = ['overview', 'rooms', 'rooms/lobby', 'rooms/lobby/p1', 'clients', 'media', 'media/producers', 'media/transports/t1', 'workers', 'plugins', 'recordings', 'logs', 'access'];

function show(address, { data = {}, errors = {}, whyReadOnly = null } = {}) {
  const route = parseRoute(`#/${address}`);
  const view = viewOf(route);
  const history = new History();
  view.sample?.({ data, history, rates: new Rates(), route, now: 1000 });
  const context = { route, data, errors, history, now: 1000, local: {}, session: {}, whyReadOnly };
  return { tree: view.render(context), watch: view.watch(route) };
}

/** All elements of a description, from the outermost. */
function* elements(node) {
  for (const one of [node].flat(Infinity)) {
    if (!one || typeof one !== 'object') continue;
    yield one;
    yield* elements(one.children);
  }
}

test('every view says that it waits, and then what is missing', () => {
  for (const address of kViews) {
    const { tree, watch } = show(address);
    assert.equal([...elements(tree)].filter(({ tag }) => tag === 'h1').length, 1, address);
    const errors = Object.fromEntries(Object.keys(watch).map((name) => [name, new ApiError(404, 'NOT_FOUND', 'there is no such route')]));
    assert.ok(textOf(show(address, { errors }).tree).length > 10, address);
    const broken = Object.fromEntries(Object.keys(watch).map((name) => [name, new ApiError(500, 'INTERNAL_ERROR', 'it broke')]));
    if (address !== 'access') assert.match(textOf(show(address, { errors: broken }).tree), /It broke\.|Waiting/, address);
  }
});

test('a plugin that is not loaded is named, one that runs is not blamed', () => {
  const errors = { rooms: new ApiError(404, 'NOT_FOUND', 'there is no such route') };
  assert.match(textOf(show('rooms', { errors }).tree), /The plugin videoroom is not loaded, so there are no rooms/);
  const gone = { room: new ApiError(404, 'ROOM_NOT_FOUND', 'there is no such room') };
  assert.match(textOf(show('rooms/lobby', { errors: gone }).tree), /There is no room lobby/);
});

const kRoom = {
  roomId: 'lobby', name: '<b>The lobby</b>', size: 1, maxParticipants: 20, tenant: '', producers: 1, dominantSpeaker: 'p1',
  participants: [{
    participantId: 'p1', name: '<img src=x onerror=alert(1)>', role: 'host',
    transports: [{ id: 't1', state: 'connected', stats: { receivingBps: 1_200_000, sendingBps: 0, roundTripTimeMs: 31, fractionLost: 0.01 } }],
    producers: [{ producerId: 'q1', kind: 'video', source: 'webcam', streams: [{ ssrc: 1, bitrateBps: 1_000_000, score: 10, fractionLost: 0 }] }],
    consumers: [],
  }],
};

test('a room shows its participants and their figures; names are text', () => {
  const { tree, watch } = show('rooms/lobby?tenant=x', { data: { room: kRoom } });
  const text = textOf(tree);
  for (const part of ['<b>The lobby</b>', '<img src=x onerror=alert(1)>', 'host · webcam', 'excellent', '1.20 Mbit/s', '1.0 %', '31.0 ms']) assert.ok(text.includes(part), part);
  assert.equal(watch.room, 'rooms/lobby?tenant=x&limit=50');
});

test('what changes something is disabled for who may only read, with the reason', () => {
  const buttons = (whyReadOnly) => [...elements(show('rooms/lobby', { data: { room: kRoom }, whyReadOnly }).tree)].filter(({ tag }) => tag === 'button');
  assert.deepEqual(buttons(null).map(({ props }) => props.disabled), [false, false, false]);
  for (const { props } of buttons('Your token may only read.')) {
    assert.equal(props.disabled, true);
    assert.equal(props.title, 'Your token may only read.');
  }
});

test('a plugin shows what it offers and costs, and why it is not loaded', () => {
  const callbacks = { calls: 1204, slow: 1, exceptions: 0, meanMs: 0.08, p50Ms: 0.04, p99Ms: 1.7, worstMs: 61.2 };
  const plugins = [
    { name: 'videoroom', state: 'running', version: '1', provides: ['sluice.rooms/1'], events: ['room:join'], callbacks, options: { secret: '***' }, taps: { count: 1, queuedBytes: 512, queueBytes: 1024, dropped: 3 } },
    { name: 'whip', state: 'not_loaded', whyNotLoaded: 'built for another ABI', callbacks: {} },
  ];
  const text = textOf(show('plugins', { data: { plugins: { plugins } } }).tree);
  for (const part of ['1 plugin of 2 running', '61.2 ms', '1.7 ms', '512 B of 1.00 KiB', 'sluice.rooms/1', 'room:join', '***', 'built for another ABI', 'not loaded']) assert.ok(text.includes(part), part);
});

test('a sparkline has its figures in words, and no line over a gap', () => {
  const samples = [{ at: 0, value: 1 }, { at: 1000, value: 3 }, { at: 20_000, value: 2 }];
  assert.equal(inWords('Loss', samples, (value) => `${value} %`), 'Loss: now 2 %, between 1 % and 3 % in the last two minutes');
  assert.equal(inWords('Loss', []), 'Loss: nothing yet');
  const [, line] = sparkline({ label: 'Loss', samples, now: 20_000 }).children;
  assert.equal(line.props.d.match(/M/g).length, 2);
  assert.ok(!line.props.d.includes('NaN'));
});

test('a name from the address that no view has leads to the overview', () => {
  for (const address of ['', 'nothing', '__proto__', 'constructor']) assert.equal(viewOf(parseRoute(`#/${address}`)).title(), 'Overview');
});

test('an object of an answer is never taken for an element', () => {
  const disguised = { tag: 'script', props: {}, children: ['alert(1)'] };
  const room = { ...kRoom, name: disguised, dominantSpeaker: { participantId: 'p1', since: 1 } };
  const { tree } = show('rooms/lobby', { data: { room } });
  assert.ok([...elements(tree)].every(({ tag }) => tag !== 'script'));
  assert.ok(textOf(tree).includes('"script"'));
});
