// The live stream against a server of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Api } from '../../../../../core/admin/dashboard/lib/api.mjs';
import { backoff, liveAddress, LiveStream } from '../../../../../core/admin/dashboard/lib/live.mjs';

/** Serves each request with the next of `answers`; runs `body` with what was asked, and an Api that asks there. */
async function withServer(answers, body) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    (answers[asked.length - 1] ?? answers.at(-1))(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = { token: 'secret', refusals: 0, refused() { this.refusals += 1; } };
  const { port } = server.address();
  const api = new Api(session, (path, options) => fetch(`http://127.0.0.1:${port}/admin/${path}`, options));
  try {
    await body({ api, asked, session });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const streaming = (...events) => (response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const [event, data] of events) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};
const ending = (...events) => (response) => { streaming(...events)(response); response.end(); };
const refusing = (status, code) => (response) => {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ success: false, error: { code, message: 'no', details: {} } }));
};

/** Opens a stream and gives what it says once `enough` of it says so. */
async function listen(api, watch, enough) {
  const heard = { items: [], states: [] };
  let stream;
  await new Promise((resolve) => {
    const check = () => enough(heard) && resolve();
    stream = new LiveStream(api, watch, {
      onItem: (name, data, error) => { heard.items.push({ name, data, code: error?.code }); check(); },
      onState: (state) => { heard.states.push(state); check(); if (!state.live) setTimeout(() => stream.retry(), 0); },
    });
  });
  stream.close();
  return heard;
}

test('what is watched comes by its name, without the envelope, and a failure as one', async () => {
  const answers = [streaming(['overview', { ready: true }], ['rooms/a?tenant=x', { success: true, data: { size: 2 } }],
    ['recordings', { success: false, error: { code: 'NOT_FOUND', message: 'no' } }])];
  await withServer(answers, async ({ api, asked }) => {
    const watch = { all: 'overview', room: 'rooms/a?tenant=x', made: 'recordings' };
    const { items } = await listen(api, watch, (heard) => heard.items.length === 3);
    assert.deepEqual(items, [
      { name: 'all', data: { ready: true }, code: undefined },
      { name: 'room', data: { size: 2 }, code: undefined },
      { name: 'made', data: null, code: 'NOT_FOUND' },
    ]);
    assert.equal(asked[0].authorization, 'Bearer secret');
    assert.equal(asked[0].url, `/admin/v1/${liveAddress(Object.values(watch))}`);
  });
});

test('a stream that ends is opened again, and its state told', async () => {
  await withServer([ending(['overview', 1]), streaming(['overview', 2])], async ({ api, asked }) => {
    const { states } = await listen(api, { all: 'overview' }, (heard) => heard.items.length === 2);
    assert.equal(asked.length, 2);
    assert.deepEqual(states.map(({ live }) => live), [true, false, true]);
    assert.equal(states[1].reason.code, 'ENDED');
  });
});

test('a token that is not taken is told to the session', async () => {
  await withServer([refusing(401, 'UNAUTHORIZED')], async ({ api, session }) => {
    const { states } = await listen(api, { all: 'overview' }, (heard) => heard.states.length === 1);
    assert.equal(session.refusals, 1);
    assert.equal(states[0].reason.code, 'UNAUTHORIZED');
  });
});

test('an item may hold commas, ampersands and equal signs', () => {
  const query = new URL(`http://x/${liveAddress(['overview', 'log/lines?text=a,b&level=info'])}`).searchParams.get('watch');
  assert.deepEqual(query.split(',').map(decodeURIComponent), ['overview', 'log/lines?text=a,b&level=info']);
});

test('each try waits longer, up to a bound', () => {
  const waits = [0, 1, 2, 3, 20].map((attempt) => backoff(attempt, 0.5));
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 15000]);
});
