// A plain WebSocket client against /ws.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openWebSocket, startServer, within } from "./support.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const open = (query = "", headers = {}) => openWebSocket(`${server.ws}/ws${query}`, headers);
const send = (socket, frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
const receive = async (socket) => JSON.parse(await socket.text());

test("an event with an id is answered with that id", async () => {
  const socket = await open();
  send(socket, { id: 1, event: "echo", data: { message: "hi" } });
  assert.deepEqual(await receive(socket), { id: 1, ok: true, data: { message: "hi" } });
  send(socket, { id: "x-2", event: "fail" });
  assert.deepEqual(await receive(socket), {
    id: "x-2",
    ok: false,
    error: { code: "PERMISSION_DENIED", message: "hosts only", details: { requiredRole: "host" } },
  });
});

test("an event without an id is answered by events", async () => {
  const socket = await open();
  send(socket, { event: "echo", data: [1] });
  assert.deepEqual(await receive(socket), { event: "echo", data: [1] });
  send(socket, { event: "no:such" });
  assert.deepEqual(await receive(socket), {
    event: "error",
    data: { event: "no:such", code: "UNKNOWN_EVENT", message: "unknown event", details: {} },
  });
});

test("the token and the other parameters of the query arrive", async () => {
  const ask = async (socket) => {
    send(socket, { id: 1, event: "whoami" });
    return (await receive(socket)).data;
  };
  const byQuery = await ask(await open("?token=t1&profile=kcs"));
  assert.equal(byQuery.token, "t1");
  assert.deepEqual(byQuery.auth, { profile: "kcs" });
  assert.equal(byQuery.door, "websocket");
  assert.equal((await ask(await open("", { Authorization: "Bearer t2" }))).token, "t2");
  assert.equal((await ask(await open("", { "User-Agent": "tool/1" }))).userAgent, "tool/1");
});

test("a bad token is refused with its code", async () => {
  const socket = await open("?token=bad");
  assert.equal((await receive(socket)).data.code, "UNAUTHORIZED");
  assert.deepEqual(await within(5000, socket.closed, "close"), { code: 1008, reason: "UNAUTHORIZED" });
});

test("a frame that cannot be read is an error, and the connection lives", async () => {
  const socket = await open();
  for (const frame of ["{", "[]", '"text"', "{}", '{"event":5}', "[".repeat(1000), '{"event":"disconnect"}']) {
    send(socket, frame);
    const answer = await receive(socket);
    assert.equal(answer.event, "error", frame);
    assert.equal(answer.data.code, "INVALID_PAYLOAD", frame);
  }
  send(socket, { id: 1, event: "echo" });
  assert.equal((await receive(socket)).ok, true);
});

test("who sends nothing but rubbish is closed with 1008", async () => {
  const socket = await open();
  for (let i = 0; i < 200; ++i) send(socket, "rubbish");
  assert.equal((await within(5000, socket.closed, "close")).code, 1008);
});

test("a flood is slowed with RATE_LIMITED", async () => {
  const socket = await open();
  const limited = [];
  // The bucket refills meanwhile, on a slow machine more than on a quick one.
  for (let round = 0; round < 200 && limited.length === 0; ++round) {
    for (let i = 0; i < 50; ++i) send(socket, { id: i, event: "echo" });
    for (let i = 0; i < 50; ++i) {
      const answer = await receive(socket);
      if (!answer.ok) limited.push(answer.error);
    }
  }
  assert.ok(limited.length > 0);
  for (const error of limited) {
    assert.equal(error.code, "RATE_LIMITED");
    assert.ok(error.details.retryAfterMs > 0);
  }
});

test("a message over the bound closes with 1009", async () => {
  const socket = await open();
  send(socket, { event: "echo", data: "x".repeat(2 << 20) });
  assert.equal((await within(5000, socket.closed, "close")).code, 1009);
});

test("a kicked client is closed with the code and the reason", async () => {
  const socket = await open();
  send(socket, { event: "kick" });
  assert.deepEqual(await within(5000, socket.closed, "close"), { code: 1000, reason: "kicked" });
});

test("a broadcast reaches every client", async () => {
  const sockets = await Promise.all([open(), open(), open()]);
  for (const socket of sockets) {
    send(socket, { id: 0, event: "echo" });
    await receive(socket);
  }
  send(sockets[0], { event: "broadcast", data: 7 });
  for (const socket of sockets) assert.deepEqual(await receive(socket), { event: "news", data: 7 });
});

test("each end is reported once", async () => {
  const socket = await open();
  const watcher = await open();
  send(watcher, { id: 1, event: "echo" });
  await receive(watcher);
  send(socket, { id: 1, event: "echo" });
  await receive(socket);
  const log = async () => {
    send(watcher, { id: 2, event: "log" });
    return (await receive(watcher)).data.filter((line) => line.startsWith("disconnect")).length;
  };
  const before = await log();
  socket.close();
  await within(5000, (async () => { while ((await log()) === before); })(), "the report");
  assert.equal(await log(), before + 1);
});

