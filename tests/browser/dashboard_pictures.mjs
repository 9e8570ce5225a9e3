// The pictures of docs/dashboard.md: `node dashboard_pictures.mjs ../../docs/images`. They take the time of their charts.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from './support/browser.mjs';
import { DashboardPage, kPhone } from './support/dashboard_page.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';
import { MeetPage } from './support/meet_page.mjs';

const kRoom = 'standup';
const kPeople = ['Anna', 'Ben'];
/** Points of a line before it looks like a chart: one each second. */
const kPoints = 40;
const kPatienceMs = 240_000;
const kPictures = [
  ['overview', 'overview', { viewport: { width: 1280, height: 860 } }],
  ['room', `rooms/${kRoom}`, { viewport: { width: 1280, height: 580 } }],
  ['room-dark', `rooms/${kRoom}`, { viewport: { width: 1280, height: 580 }, colorScheme: 'dark' }],
  ['phone', `rooms/${kRoom}`, { viewport: kPhone }],
];

const folder = process.argv[2];
if (!folder) throw new Error('Name the folder that the pictures are to lie in.');
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const gateway = await Gateway.start();
try {
  for (const name of kPeople) await (await MeetPage.open(browser, gateway, { room: kRoom, name })).inCall();
  const dashboards = await Promise.all(kPictures.map(([, view, look]) => DashboardPage.open(browser, gateway, { view, ...look })));
  for (const [index, { page }] of dashboards.entries()) {
    const [name] = kPictures[index];
    const shortest = () => page.locator('.spark-line').evaluateAll((lines) => Math.min(...lines.map((line) => line.getAttribute('d').split('L').length)));
    await eventually(`the charts of ${name} are there`, shortest, (points) => Number.isFinite(points) && points >= kPoints, kPatienceMs);
    await page.bringToFront();
    await page.screenshot({ path: join(folder, `dashboard-${name}.png`), timeout: kPatienceMs });
    console.log(`dashboard-${name}.png`);
  }
} finally {
  await browser.close();
  await gateway.stop();
}
