// A gateway with the shipped older names, and clients that keep all that they hear.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { within } from "../signalling/support.mjs";

// Its packages are installed there once.
const { io } = createRequire(new URL("../signalling/package.json", import.meta.url))("socket.io-client");

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const waitMs = 20_000; // a test that passes never waits so long

/** Whether the build has the plugin. */
export function hasPlugin(name) {
  return existsSync(resolve(dirname(process.env.SLUICE_BINARY), "../lib/sluice/plugins", `${name}.so`));
}

export async function startGateway({ defaultProfile = "", plugins = ["videoroom"] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-aliases-"));
  const config = {
    include: [join(root, "configs/aliases/kcs.yaml")],
    http: { threads: 1, public: { address: "127.0.0.1", port: 0 }, admin: { port: 0 } },
    media: { workers: 1, ice: { base_port: 0, listen_addresses: ["127.0.0.1"] } },
    store: { path: "sluice.db" },
    signalling: { default_profile: defaultProfile },
    plugins: Object.fromEntries(plugins.map((name) => [name, {}])),
  };
  writeFileSync(join(folder, "sluice.yaml"), JSON.stringify(config)); // JSON is YAML
  const child = spawn(process.env.SLUICE_BINARY, ["--config", "sluice.yaml"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const exited = new Promise((done) => child.once("exit", (code, signal) => done(code ?? signal)));
  const port = new Promise((found, failed) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const match = line.match(/page and clients: http:\/\/[^:]+:(\d+)\//);
      if (match) found(Number(match[1]));
    });
    exited.then((status) => failed(new Error(`the gateway ended with ${status}\n${log.join("\n")}`)));
  });
  const clients = [];
  const url = `http://127.0.0.1:${await within(60_000, port, "the gateway")}`;
  return {
    url,
    connect(auth, path = "/") {
      const client = new Client(io(url + path, { forceNew: true, reconnection: false, auth }));
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.socket.disconnect();
      child.kill("SIGTERM");
      const second = setTimeout(() => child.kill("SIGTERM"), 500); // it need not wait for who is still in a room
      const status = await within(waitMs, exited, "the end of the gateway");
      clearTimeout(second);
      rmSync(folder, { recursive: true });
      if (status !== 0) throw new Error(`the gateway ended with ${status}\n${log.join("\n")}`);
    },
  };
}

export class Client {
  constructor(socket) {
    this.socket = socket;
    this.heard = [];
    this.waiting = [];
    socket.onAny((event, data) => {
      this.heard.push({ event, data });
      this.waiting = this.waiting.filter((look) => !look());
    });
  }

  emit(event, data) {
    this.socket.emit(event, data);
  }

  /** The acknowledgement: `{ok, data}` or `{ok, error}`. */
  ask(event, data) {
    return within(waitMs, new Promise((answer) => this.socket.emit(event, data, answer)), `answer to ${event}`);
  }

  /** The data of the first such event, also of one that has come already; it counts once. */
  event(name, fits = () => true) {
    return within(
      waitMs,
      new Promise((found) => {
        const look = () => {
          const at = this.heard.findIndex((one) => !one.taken && one.event === name && fits(one.data));
          if (at < 0) return false;
          this.heard[at].taken = true;
          found(this.heard[at].data);
          return true;
        };
        if (!look()) this.waiting.push(look);
      }),
      name,
    );
  }

  /** The names of all events so far. */
  names() {
    return new Set(this.heard.map(({ event }) => event));
  }
}
