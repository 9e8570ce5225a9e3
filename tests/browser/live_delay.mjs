// How old the picture of a live stream is where it is seen: the publisher's camera shows the time, and each viewer reads it.
// Prints a table and JSON.
//   SLUICE_BIN=build/release/bin/sluice node tests/browser/live_delay.mjs [seconds of each measurement]
import { setTimeout as pause } from 'node:timers/promises';
import { launchBrowser } from './support/browser.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';
import { MeetPage } from './support/meet_page.mjs';
import { RtmpReader, RtmpServer } from './support/rtmp_server.mjs';
import { goLive } from './support/streams.mjs';
import { ageOf, clockCamera, kCode, readShown } from './support/time_code.mjs';
import { WatchPage } from './support/watch_page.mjs';

const kSeconds = Number(process.argv[2] ?? 20);
const kSettleMs = 10_000; // players find their distance from the end
const kRoom = 'delay';
const kPlugins = ['videoroom', 'livestream', 'whip'];
const kWanted = { rtmp: 1500, ll: 3000, hls: 8000, whep: 300 }; // ms
const kNames = { rtmp: 'RTMP, at the server', ll: 'low-latency HLS', hls: 'plain HLS', whep: 'WHEP' };

const livestream = { rtmp: { private_targets: true } };
const server = await RtmpServer.start();
const gateway = await Gateway.start({ plugins: kPlugins, livestream });
const browser = await launchBrowser();
const delays = {};
try {
  const init = clockCamera(30);
  const host = await (await MeetPage.open(browser, gateway, { name: 'Host', room: kRoom, query: { layers: 0 }, init })).inCall();
  await eventually('the host sends', async () => (await host.probe('outbound')).some(({ source, frames }) => source === 'webcam' && frames > 30));
  const start = await measureRtmp(host);
  for (const mode of ['ll', 'hls', 'whep']) delays[mode] = await measureViewer(mode);
  print(start);
} finally {
  await browser.close();
  await gateway.stop();
  await server.stop();
}

/** Goes live, and reads what arrives at the server from the first frame on. */
async function measureRtmp(host) {
  const reader = new RtmpReader(`${server.url}/delay`, kCode); // waits for the publication
  const asked = await goLive(host, { servers: [{ url: server.url, key: 'delay' }] });
  const published = await eventually('the server is published to', () => server.published[0]);
  const first = await eventually('a frame arrives at the server', () => reader.frames[0]);
  await pause(kSettleMs);
  const from = reader.frames.length;
  await pause(kSeconds * 1000);
  delays.rtmp = summarise(reader.frames.slice(from));
  await reader.stop();
  return { toPublicationMs: published - asked, toFirstFrameReadMs: first.at - asked };
}

async function measureViewer(mode) {
  const viewer = await WatchPage.open(browser, gateway, { name: mode, room: kRoom, query: { mode } });
  await viewer.plays(mode);
  await pause(kSettleMs);
  const shown = await viewer.picture().evaluate(readShown, [kCode, kSeconds]);
  const told = await viewer.probe('delay');
  await viewer.close();
  return { ...summarise(shown), told: told === null ? null : Math.round(told * 1000) };
}

function summarise(frames) {
  const ages = frames.map(({ at, blocks }) => ageOf(blocks, at)).filter((age) => age !== null).sort((a, b) => a - b);
  const at = (share) => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))];
  return { median: at(0.5), p95: at(0.95), frames: frames.length, unreadable: frames.length - ages.length };
}

function print(start) {
  console.log('| seen by | median ms | p95 ms | wanted ms | the page says, ms | frames | unreadable |\n|---|---|---|---|---|---|---|');
  for (const [way, { median, p95, told = '', frames, unreadable }] of Object.entries(delays)) {
    console.log(`| ${kNames[way]} | ${median} | ${p95} | ${kWanted[way]} | ${told ?? ''} | ${frames} | ${unreadable} |`);
  }
  console.log(`\nFrom stream:start to the publication at the server ${start.toPublicationMs} ms, to its first frame read there ${start.toFirstFrameReadMs} ms.`);
  console.log(JSON.stringify({ seconds: kSeconds, start, delays }));
}
