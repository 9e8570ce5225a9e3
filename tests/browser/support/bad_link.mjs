// A bad network for one client: tests/emulator's relay in user space, as containers have no `tc netem`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export class BadLink {
  #process;
  #answers;

  /** A relay to the UDP port of a gateway on 127.0.0.1. `settings`: `{down, up}` of tests/emulator/README.md. */
  static async start(port, settings = {}) {
    const link = new BadLink();
    const binary = process.env.SLUICE_LINK ?? join(dirname(process.env.SLUICE_BIN), 'sluice_link');
    const options = ['--listen', '127.0.0.1:0', '--to', `127.0.0.1:${port}`];
    for (const [direction, values] of Object.entries(settings)) options.push(`--${direction}`, JSON.stringify(values));
    link.#process = spawn(binary, options, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(link.#process, 'spawn');
    link.#answers = createInterface({ input: link.#process.stdout })[Symbol.asyncIterator]();
    link.port = (await link.#answer()).port;
    return link;
  }

  /** Changes what is named, `{down: {rate_kbps: 400}}`, from now on. */
  async set(settings) {
    const answer = await this.#ask(settings);
    if (!answer.ok) throw new Error(`sluice_link: ${JSON.stringify(answer)}`);
  }

  counters() {
    return this.#ask({ counters: true });
  }

  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.stdin.end();
    await exited;
  }

  #ask(line) {
    this.#process.stdin.write(`${JSON.stringify(line)}\n`);
    return this.#answer();
  }

  async #answer() {
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('sluice_link has ended');
    return JSON.parse(value);
  }
}
