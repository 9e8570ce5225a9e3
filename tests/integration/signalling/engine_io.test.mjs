// The Engine.IO door byte by byte, in the cases of the protocol's own test suite.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { openWebSocket, startServer, within } from "./support.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const polling = (query) => `${server.url}/socket.io/?EIO=4&transport=polling${query ?? ""}`;
const webSocket = (query) => `${server.ws}/socket.io/?EIO=4&transport=websocket${query ?? ""}`;
const get = (sid) => fetch(polling(`&sid=${sid}`));
const post = (sid, body) => fetch(polling(`&sid=${sid}`), { method: "POST", body });

async function openSession() {
  const response = await fetch(polling());
  assert.equal(response.status, 200);
  return JSON.parse((await response.text()).slice(1)).sid;
}

/** The HTTP status that refuses a WebSocket. */
function refusal(url) {
  const socket = new WebSocket(url);
  socket.on("error", () => {});
  return within(5000, new Promise((resolve) => socket.on("unexpected-response", (_, answer) => resolve(answer.statusCode))), "a refusal");
}

test("the handshake tells intervals, bounds and upgrades", async () => {
  const response = await fetch(polling());
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("cache-control"), "no-store");
  const text = await response.text();
  assert.equal(text[0], "0");
  const { sid, ...rest } = JSON.parse(text.slice(1));
  assert.match(sid, /^[\w-]{20,}$/);
  assert.deepEqual(rest, { upgrades: ["websocket"], pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 });
});

test("what is wrong with a request is said in the words of the reference server", async () => {
  const base = `${server.url}/socket.io/`;
  const cases = [
    ["GET", "", 0, "Transport unknown"],
    ["GET", "?EIO=4&transport=abc", 0, "Transport unknown"],
    ["GET", "?EIO=4&transport=polling&sid=abc", 1, "Session ID unknown"],
    ["POST", "?EIO=4&transport=polling&sid=abc", 1, "Session ID unknown"],
    ["POST", "?EIO=4&transport=polling", 2, "Bad handshake method"],
    ["GET", "?EIO=4&transport=websocket", 3, "Bad request"],
    ["GET", "?transport=polling", 5, "Unsupported protocol version"],
    ["GET", "?EIO=3&transport=polling", 5, "Unsupported protocol version"],
  ];
  for (const [method, query, code, message] of cases) {
    const response = await fetch(base + query, { method });
    assert.equal(response.status, 400, query);
    assert.deepEqual(await response.json(), { code, message });
  }
});

test("a WebSocket of another version, or of an unknown session, is refused", async () => {
  assert.equal(await refusal(`${server.ws}/socket.io/?EIO=3&transport=websocket`), 400);
  assert.equal(await refusal(`${server.ws}/socket.io/?EIO=4&transport=abc`), 400);
  assert.equal(await refusal(webSocket("&sid=abc")), 400);
});

test("a page of a listed origin may use it, with a preflight", async () => {
  const preflight = await fetch(polling(), {
    method: "OPTIONS",
    headers: {
      Origin: "https://app.example.org",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type",
    },
  });
  assert.ok(preflight.ok);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "https://app.example.org");
  assert.match(preflight.headers.get("access-control-allow-methods"), /POST/);
});

test("Socket.IO works by hand over polling", async () => {
  const sid = await openSession();
  assert.equal(await (await post(sid, "40")).text(), "ok");
  assert.match(await (await get(sid)).text(), /^40\{"sid":"[\w-]+"\}$/);
  assert.equal(await (await post(sid, '420["echo",1]\x1e421["echo",2]')).text(), "ok");
  let text = "";
  while (!text.includes("431[")) text += await (await get(sid)).text();
  assert.match(text, /430\[\{"ok":true,"data":1\}\]\x1e?431\[\{"ok":true,"data":2\}\]/);
});

test("a malformed POST ends the session", async () => {
  const sid = await openSession();
  assert.equal((await post(sid, "abc")).status, 400);
  assert.equal((await get(sid)).status, 400);
});

test("two GETs at once end the session", async () => {
  const sid = await openSession();
  const statuses = [];
  const answers = await Promise.all([get(sid), get(sid)]);
  for (const answer of answers) statuses.push(answer.status);
  assert.deepEqual(statuses.sort(), [200, 400]);
  const first = answers.find((answer) => answer.status === 200);
  assert.equal(await first.text(), "1");
  assert.equal((await get(sid)).status, 400);
});

test("a client that closes gets its GET back", async () => {
  const sid = await openSession();
  const waiting = get(sid);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await post(sid, "1");
  assert.equal(await (await waiting).text(), "6");
  assert.equal((await get(sid)).status, 400);
});

test("a GET whose connection breaks ends the session", async () => {
  const sid = await openSession();
  const abort = new AbortController();
  const waiting = fetch(polling(`&sid=${sid}`), { signal: abort.signal }).catch(() => "aborted");
  await new Promise((resolve) => setTimeout(resolve, 50));
  abort.abort();
  assert.equal(await waiting, "aborted");
  const ended = async () => {
    while ((await post(sid, "6")).status === 200) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await within(5000, ended(), "the end of the session");
});

test("an upgraded session answers no HTTP and no second WebSocket", async () => {
  const sid = await openSession();
  const socket = await openWebSocket(webSocket(`&sid=${sid}`));
  socket.send("2probe");
  assert.equal(await socket.text(), "3probe");
  socket.send("5");
  socket.send("40");
  assert.match(await socket.text(), /^40\{/);

  assert.equal((await get(sid)).status, 400);
  assert.equal((await post(sid, "4a")).status, 400);
  const second = await openWebSocket(webSocket(`&sid=${sid}`));
  assert.equal((await within(5000, second.closed, "close")).code, 1008);

  socket.send('427["echo","still here"]');
  assert.equal(await socket.text(), '437[{"ok":true,"data":"still here"}]');
  socket.close();
});

for (const frame of ["abc", "", "2", "4abc", "42{}", "42[]", '42/meeting,["x"]', '42["early"]']) {
  test(`a WebSocket that sends ${JSON.stringify(frame)} is closed`, async () => {
    const socket = await openWebSocket(webSocket());
    assert.match(await socket.text(), /^0\{/);
    socket.send(frame);
    await within(5000, socket.closed, "close");
  });
}

test("no sid is given twice", async () => {
  const sids = await Promise.all(Array.from({ length: 50 }, openSession));
  assert.equal(new Set(sids).size, 50);
});
