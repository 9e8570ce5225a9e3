// The unmodified socket.io-client against the Socket.IO door.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { io } from "socket.io-client";
import { ask, next, startServer, within } from "./support.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const opened = [];
function connect(path = "/", options = {}) {
  const socket = io(server.url + path, { forceNew: true, ...options });
  opened.push(socket);
  return socket;
}
after(() => opened.forEach((socket) => socket.disconnect()));

/** A client with default options, and the transports that it has used so far. */
function connectByDefault() {
  const socket = connect();
  const transports = [];
  socket.io.engine.on("open", () => transports.push(socket.io.engine.transport.name));
  const upgraded = next(socket.io.engine, "upgrade").then((transport) => transports.push(transport.name));
  return { socket, transports, upgraded };
}

test("with default options it polls first and then moves to the WebSocket", async () => {
  const { socket, transports, upgraded } = connectByDefault();
  await next(socket, "connect");
  await upgraded;
  assert.deepEqual(transports, ["polling", "websocket"]);
  assert.deepEqual(await ask(socket, "echo", { text: "grüße 🙂" }), { ok: true, data: { text: "grüße 🙂" } });
});

test("events sent while the transport changes arrive once and in order", async () => {
  const { socket, upgraded } = connectByDefault();
  const answers = [];
  for (let i = 0; i < 100; ++i) answers.push(ask(socket, "echo", i));
  await upgraded;
  for (let i = 100; i < 200; ++i) answers.push(ask(socket, "echo", i));
  const data = (await Promise.all(answers)).map((answer) => answer.data);
  assert.deepEqual(data, [...Array(200).keys()]);
});

for (const transports of [["polling"], ["websocket"]]) {
  describe(`with ${transports} alone`, () => {
    test("an ack brings the data", async () => {
      const socket = connect("/", { transports });
      assert.deepEqual(await ask(socket, "echo", [1, "two"]), { ok: true, data: [1, "two"] });
      assert.equal(socket.io.engine.transport.name, transports[0]);
    });

    test("an event without data and without ack is answered by an event", async () => {
      const socket = connect("/", { transports });
      await next(socket, "connect");
      const answer = next(socket, "echo");
      socket.emit("echo");
      assert.equal(await answer, null);
    });

    test("an error arrives by ack, or as the event error", async () => {
      const socket = connect("/", { transports });
      const error = { code: "PERMISSION_DENIED", message: "hosts only", details: { requiredRole: "host" } };
      assert.deepEqual(await ask(socket, "fail", {}), { ok: false, error });
      const event = next(socket, "error");
      socket.emit("fail", {});
      assert.deepEqual(await event, { event: "fail", ...error });
    });

    test("a large payload goes both ways", async () => {
      const socket = connect("/", { transports });
      const text = "ä".repeat(200_000);
      assert.equal((await ask(socket, "echo", text)).data, text);
    });

    test("a kicked client stays away", async () => {
      const socket = connect("/", { transports });
      await next(socket, "connect");
      const left = next(socket, "disconnect");
      socket.emit("kick");
      assert.equal(await left, "io server disconnect");
      assert.equal(socket.active, false);
    });

    test("a client comes back by itself when the gateway restarts", async () => {
      const socket = connect("/", { transports, reconnectionDelay: 50 });
      await next(socket, "connect");
      const first = socket.id;
      const left = next(socket, "disconnect");
      socket.emit("restart");
      assert.equal(await left, "transport close");
      await next(socket, "connect");
      assert.notEqual(socket.id, first);
      assert.deepEqual(await ask(socket, "echo", 1), { ok: true, data: 1 });
    });
  });
}

test("the namespaces share a connection and are told apart", async () => {
  const root = connect("/", { forceNew: false, multiplex: true });
  const meeting = io(`${server.url}/meeting`, { auth: { token: "m", profile: "kcs" } });
  opened.push(meeting);
  assert.equal((await ask(root, "whoami")).data.ns, "/");
  const whoami = (await ask(meeting, "whoami")).data;
  assert.equal(whoami.ns, "/meeting");
  assert.equal(whoami.token, "m");
  assert.deepEqual(whoami.auth, { profile: "kcs" });
  meeting.disconnect();
  assert.equal((await ask(root, "echo", 1)).ok, true);
});

test("a token comes from auth, from the Authorization header or from the query", async () => {
  const token = async (options) => (await ask(connect("/", options), "whoami")).data.token;
  assert.equal(await token({}), null);
  assert.equal(await token({ auth: { token: "a" } }), "a");
  assert.equal(await token({ extraHeaders: { Authorization: "Bearer b" } }), "b");
  assert.equal(await token({ query: { token: "c" } }), "c");
  assert.equal(await token({ auth: { token: "a" }, query: { token: "c" } }), "a");
  assert.equal(await token({ auth: { token: 5 } }), "");
});

test("a refused client learns the code, and may try again with another token", async () => {
  const socket = connect("/", { auth: { token: "expired" } });
  const error = await next(socket, "connect_error");
  assert.equal(error.message, "the token expired");
  assert.deepEqual(error.data, { code: "TOKEN_EXPIRED", details: { at: 5 } });
  assert.equal(socket.connected, false);
  socket.auth = { token: "fresh" };
  socket.connect();
  await next(socket, "connect");
});

test("an unknown namespace is refused", async () => {
  const error = await next(connect("/nowhere"), "connect_error");
  assert.equal(error.message, "Invalid namespace");
});

test("binary data is answered with UNSUPPORTED", async () => {
  const socket = connect("/", { transports: ["polling"] });
  const answer = await ask(socket, "echo", new Uint8Array([1, 2, 3]));
  assert.equal(answer.error.code, "UNSUPPORTED");
  assert.equal((await ask(socket, "echo", 1)).ok, true);
});

test("a broadcast reaches every client on every transport and namespace", async () => {
  const sockets = [
    connect("/", { transports: ["polling"] }),
    connect("/", { transports: ["websocket"] }),
    connect("/meeting"),
  ];
  await Promise.all(sockets.map((socket) => next(socket, "connect")));
  const news = sockets.map((socket) => next(socket, "news"));
  sockets[0].emit("broadcast", { n: 1 });
  assert.deepEqual(await Promise.all(news), [{ n: 1 }, { n: 1 }, { n: 1 }]);
});

test("who leaves is reported with the reason", async () => {
  const watcher = connect();
  const before = (await ask(watcher, "log")).data.length;
  const leaver = connect("/", { transports: ["polling"] });
  await next(leaver, "connect");
  leaver.disconnect();
  const seen = async () => {
    for (;;) {
      const log = (await ask(watcher, "log")).data.slice(before);
      if (log.length >= 2) return log;
    }
  };
  assert.deepEqual(await within(5000, seen(), "the log"), ["connect /", "disconnect client_left"]);
});

describe("heartbeat", () => {
  let fast;
  before(async () => (fast = await startServer(100, 100)));
  after(() => fast.stop());

  for (const transports of [["polling"], ["websocket"]]) {
    test(`a ${transports} client outlives many pings`, async () => {
      const socket = io(fast.url, { forceNew: true, transports, reconnection: false });
      await next(socket, "connect");
      for (let i = 0; i < 5; ++i) await next(socket.io.engine, "ping");
      assert.equal(socket.connected, true);
      assert.equal((await ask(socket, "echo", 1)).ok, true);
      socket.disconnect();
    });
  }
});
