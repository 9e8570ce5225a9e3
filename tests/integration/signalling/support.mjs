// Starts the test server, and turns events into promises.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import WebSocket from "ws";

export async function startServer(...options) {
  const child = spawn(process.env.SLUICE_SIGNALLING_SERVER, options.map(String), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const port = Number(line);
  return {
    url: `http://127.0.0.1:${port}`,
    ws: `ws://127.0.0.1:${port}`,
    async stop() {
      const exited = once(child, "exit");
      child.stdin.end();
      const [code, signal] = await exited;
      if (code !== 0) throw new Error(`the server ended with ${code ?? signal}`);
    },
  };
}

export function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The first argument of the next `event`. */
export function next(emitter, event, ms = 5000) {
  return within(ms, new Promise((resolve) => emitter.once(event, resolve)), event);
}

/** Emits with an ack; the ack's one argument. */
export function ask(socket, event, data) {
  return socket.timeout(5000).emitWithAck(event, ...(data === undefined ? [] : [data]));
}

export async function openWebSocket(url, headers = {}) {
  const socket = new WebSocket(url, { headers });
  const frames = [];
  const waiting = [];
  socket.on("message", (bytes) => {
    const frame = bytes.toString();
    waiting.length > 0 ? waiting.shift()(frame) : frames.push(frame);
  });
  socket.text = () =>
    frames.length > 0
      ? Promise.resolve(frames.shift())
      : within(5000, new Promise((resolve) => waiting.push(resolve)), "a frame");
  socket.closed = new Promise((resolve) => socket.on("close", (code, reason) => resolve({ code, reason: `${reason}` })));
  socket.on("error", () => {});
  await within(5000, once(socket, "open"), "open");
  return socket;
}
