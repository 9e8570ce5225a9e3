// A gateway of our own: started with a configuration on free ports, ended with the test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.mjs';
import { freePort } from './free_port.mjs';
import { gatewayConfig } from './gateway_config.mjs';

const kStartMs = 20_000;
const kStopMs = 10_000;

export class Gateway {
  #process;
  #folder;
  #exited;
  log = '';

  /** Starts SLUICE_BIN and returns once it serves the page. `options`: see gatewayConfig(). */
  static async start(options = {}) {
    const gateway = new Gateway();
    await gateway.#start(options);
    return gateway;
  }

  async #start(options) {
    if (!process.env.SLUICE_BIN) throw new Error('SLUICE_BIN must name the gateway to test');
    const port = await freePort();
    const adminPort = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.adminUrl = `http://127.0.0.1:${adminPort}`;
    this.#folder = await mkdtemp(join(tmpdir(), 'sluice-browser-'));
    await writeFile(this.#config, gatewayConfig({ port, adminPort, store: join(this.#folder, 'store.db'), ...options }));
    await this.#run();
  }

  get #config() {
    return join(this.#folder, 'sluice.yaml');
  }

  async #run() {
    this.#process = spawn(process.env.SLUICE_BIN, ['--config', this.#config], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#process, 'exit');
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.on('data', (text) => (this.log += text));
    }
    try {
      await eventually('the gateway serves the page', () => this.#serves(), Boolean, kStartMs);
    } catch (error) {
      await this.stop();
      throw new Error(`${error.message}\n${this.log}`);
    }
  }

  /** SIGTERM, and SIGKILL for one that does not follow. Resolves when the process is gone. */
  async stop() {
    if (this.running) {
      this.#process.kill('SIGTERM');
      const patience = setTimeout(() => this.#process.kill('SIGKILL'), kStopMs);
      await this.#exited;
      clearTimeout(patience);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** As a crash would end it. */
  async kill() {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** The same configuration again, after kill(). */
  restart() {
    return this.#run();
  }

  get running() {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get pid() {
    return this.#process.pid;
  }

  async #serves() {
    if (!this.running) throw new Error(`the gateway ended with ${this.#process.exitCode}`);
    try {
      return (await fetch(this.url)).ok;
    } catch {
      return false; // not listening yet
    }
  }
}
