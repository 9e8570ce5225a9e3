// Tests of two pages, a publisher and a receiver, with a bad network before one of them; and their figures.
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BadLink } from './bad_link.mjs';
import { launchBrowser } from './browser.mjs';
import { Gateway } from './gateway.mjs';
import { bundleForPage } from './page_bundle.mjs';

const kTestMs = 180_000;
const kEvidence = process.env.SLUICE_EVIDENCE ?? join(tmpdir(), 'sluice-browser-evidence');
const kPageScript = "export { RoomClient } from './room_client.js';";
const kTraceMs = 250;

let browser;
let gateway;
let script;

/** Call once per file, before the tests. */
export function useBadNetworks() {
  before(async () => {
    browser = await launchBrowser();
    gateway = await Gateway.start();
    script = await bundleForPage(kPageScript);
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });
}

/**
 * @param body Gets `enter(name, {send, recv})`, which joins the test's room with links of these settings before its
 *   transports, and `figures(values)`, which keeps what has been measured: a line of the test's output, and a line of
 *   JSON in the file that SLUICE_FIGURES names.
 */
export function networkTest(name, body) {
  test(name, { timeout: kTestMs }, async (context) => {
    const room = `room-${Math.random().toString(36).slice(2, 8)}`;
    const people = [];
    const enter = async (person, settings = {}) => {
      const entered = await Participant.enter({ room, name: person, settings });
      people.push(entered);
      return entered;
    };
    const measured = {};
    const trace = followRoom(room);
    const figures = (values) => Object.assign(measured, values);
    try {
      await body({ enter, figures });
      await keepFigures({ case: name, passed: true, ...measured });
    } catch (error) {
      await keepFigures({ case: name, passed: false, ...measured });
      error.message += `\nfigures: ${JSON.stringify(measured)}\nevidence: ${await keepEvidence(name, people, trace)}`;
      throw error;
    } finally {
      context.diagnostic(`${name}: ${JSON.stringify(measured)}`);
      trace.stop();
      await Promise.all(people.map((person) => person.close()));
    }
  });
}

async function keepFigures(figures) {
  if (process.env.SLUICE_FIGURES) await appendFile(process.env.SLUICE_FIGURES, `${JSON.stringify(figures)}\n`);
}

/** One page with a RoomClient, `window.client`. */
class Participant {
  links = {};
  console = [];

  static async enter({ room, name, settings }) {
    const one = new Participant();
    one.name = name;
    const context = await browser.newContext({ bypassCSP: true });
    one.page = await context.newPage();
    one.page.on('console', (message) => one.console.push(`${message.type()}: ${message.text()}`));
    one.page.on('pageerror', (error) => one.console.push(`uncaught: ${error.stack}`));
    await one.page.exposeFunction('portOfLink', async (direction, port) => {
      if (!settings[direction]) return null;
      one.links[direction] = await BadLink.start(port, settings[direction]);
      return one.links[direction].port;
    });
    await one.page.goto(`${gateway.url}/?mic=0&cam=0`); // for its origin; nothing of the page is used
    await one.page.addScriptTag({ content: script });
    await one.page.evaluate(
      async (options) => (window.client = await window.libraries.RoomClient.join(options)) && undefined,
      { room, name },
    );
    return one;
  }

  /** Calls a method of the page's RoomClient. */
  call(method, ...args) {
    return this.page.evaluate(([name, values]) => window.client[name](...values), [method, args]);
  }

  /** Statistics of `fields`, summed up over the streams of that kind. */
  async sum(type, kind, ...fields) {
    const all = await this.call('stats', type, kind);
    return Object.fromEntries(fields.map((field) => [field, all.reduce((sum, one) => sum + (one[field] ?? 0), 0)]));
  }

  /** What FrameWatch has seen since restartWatch(). */
  frames() {
    return this.page.evaluate(() => window.client.watch.summary);
  }

  restartWatch() {
    return this.page.evaluate(() => window.client.watch.restart());
  }

  layers() {
    return this.page.evaluate(() => window.client.layers);
  }

  async close() {
    await this.page.context().close().catch(() => {});
    await Promise.all(Object.values(this.links).map((link) => link.stop()));
  }
}

/** The gateway's view of the room, some times a second: the evidence of a test that fails. */
function followRoom(room) {
  const lines = [];
  const look = async () => {
    const report = await fetch(`${gateway.adminUrl}/admin/v1/rooms/${room}`).then((answer) => answer.json(), () => null);
    if (report?.data) lines.push(JSON.stringify({ at: Date.now(), participants: report.data.participants }));
  };
  const timer = setInterval(look, kTraceMs);
  return { lines, stop: () => clearInterval(timer) };
}

async function keepEvidence(name, people, trace) {
  const folder = join(kEvidence, name.replace(/\W+/g, '_'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'room.jsonl'), trace.lines.join('\n'));
  await writeFile(join(folder, 'gateway.log'), gateway.log);
  for (const { name: person, page, console } of people) {
    await writeFile(join(folder, `${person}.log`), console.join('\n'));
    const stats = await page.evaluate(statsOfEverything).catch((error) => String(error));
    await writeFile(join(folder, `${person}.json`), JSON.stringify(stats, null, 1));
  }
  return folder;
}

/** In the page. */
async function statsOfEverything() {
  const { client } = window;
  const types = ['inbound-rtp', 'outbound-rtp', 'remote-inbound-rtp', 'candidate-pair', 'codec'];
  const found = { layers: client.layers };
  for (const type of types) found[type] = [...(await client.stats(type, 'video')), ...(await client.stats(type, 'audio'))];
  return found;
}
