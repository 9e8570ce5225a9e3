// One browser and one gateway per test file, a room per test, and evidence of what went wrong.
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { Gateway } from './gateway.mjs';
import { MeetPage } from './meet_page.mjs';
import { WatchPage } from './watch_page.mjs';

const kEvidence = process.env.SLUICE_EVIDENCE ?? join(tmpdir(), 'sluice-browser-evidence');
const kTestMs = Number(process.env.SLUICE_TEST_MS ?? 180_000); // more for a long run

let browser;
let shared;

/** Call once per file, before the tests. */
export function useMeetings() {
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await shared?.stop();
  });
}

/**
 * @param body Gets `room` (its own), `enter(name, options)` which opens a page and waits until it is in the call,
 *   `open(name, options)` which only opens it, `watch(name, options)` which opens a watch page, and `gateway()`, the one
 *   shared by the file's tests. A test that harms its gateway starts another one with `gateway(options)`.
 */
export function meetingTest(name, body) {
  test(name, { timeout: kTestMs }, async (context) => {
    const pages = [];
    const own = [];
    const room = `room-${Math.random().toString(36).slice(2, 8)}`;
    const gateway = async (options) => {
      if (!options) return (shared ??= await Gateway.start());
      const started = await Gateway.start(options);
      own.push(started);
      return started;
    };
    const openAs = async (Page, person, options) => {
      const at = options.gateway ?? own.at(-1) ?? (await gateway());
      const page = await Page.open(browser, at, { room, ...options, name: person });
      pages.push(page);
      return page;
    };
    const open = (person, options = {}) => openAs(MeetPage, person, options);
    const watch = (person, options = {}) => openAs(WatchPage, person, options);
    const enter = async (person, options) => (await open(person, options)).inCall();
    try {
      await body({ room, gateway, open, enter, watch, context });
    } catch (error) {
      error.message += `\nevidence: ${await keepEvidence(name, pages, [...own, shared])}`;
      throw error;
    } finally {
      await Promise.all(pages.map((page) => page.close().catch(() => {})));
      await Promise.all(own.map((started) => started.stop()));
    }
  });
}

/** Screenshot and console of each page, and the gateway's log. Returns the folder. */
async function keepEvidence(name, pages, gateways) {
  const folder = join(kEvidence, name.replace(/\W+/g, '_'));
  await mkdir(folder, { recursive: true });
  for (const { name: person, page, console } of pages) {
    await page.screenshot({ path: join(folder, `${person}.png`) }).catch(() => {});
    await writeFile(join(folder, `${person}.log`), console.join('\n'));
  }
  const logs = gateways.filter(Boolean).map(({ log }) => log);
  await writeFile(join(folder, 'gateway.log'), logs.join('\n----\n'));
  return folder;
}
