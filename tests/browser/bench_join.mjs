// Time from room:join to the first picture of someone who is there already: median of 20 joins.
//   SLUICE_BIN=build/release/bin/sluice node tests/browser/bench_join.mjs [runs]
import { launchBrowser } from './support/browser.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';
import { MeetPage } from './support/meet_page.mjs';

const runs = Number(process.argv[2] ?? 20);
const room = 'bench';
const gateway = await Gateway.start();
const browser = await launchBrowser();
try {
  const host = await (await MeetPage.open(browser, gateway, { name: 'Host', room })).inCall();
  const times = [];
  for (let run = 0; run < runs; ++run) {
    const guest = await (await MeetPage.open(browser, gateway, { name: `Guest ${run}`, room })).inCall();
    times.push(await eventually('the first frame', () => guest.probe('joinToFirstFrameMs'), (ms) => ms !== null));
    await guest.leave();
    await guest.close();
    await host.sees('Host');
  }
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
  console.log(`room:join to first frame, ${runs} runs: median ${at(0.5)} ms, p90 ${at(0.9)} ms, `
    + `fastest ${at(0)} ms, slowest ${at(1)} ms`);
} finally {
  await browser.close();
  await gateway.stop();
}
