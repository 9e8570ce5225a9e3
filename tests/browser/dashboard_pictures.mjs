// The pictures of docs/dashboard.md: `node dashboard_pictures.mjs ../../docs/images`, or those that are named
// after the folder. They take the time of their charts.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from './support/browser.mjs';
import { DashboardPage, kPhone } from './support/dashboard_page.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';
import { MeetPage } from './support/meet_page.mjs';

const kRoom = 'standup';
const kPeople = ['Anna', 'Ben'];
const kPlugins = ['videoroom', 'waitingroom', 'engagement', 'chat', 'analytics', 'recording', 'livestream'];
/** Points of a line before it looks like a chart: one each second. */
const kPoints = 40;
const kPatienceMs = 240_000;
const kPictures = [
  ['overview', 'overview', { viewport: { width: 1280, height: 860 } }],
  ['room', `rooms/${kRoom}`, { viewport: { width: 1280, height: 580 } }],
  ['room-dark', `rooms/${kRoom}`, { viewport: { width: 1280, height: 580 }, colorScheme: 'dark' }],
  ['phone', `rooms/${kRoom}`, { viewport: kPhone }],
];

const [, , folder, ...wanted] = process.argv;
if (!folder) throw new Error('Name the folder that the pictures are to lie in.');
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const gateway = await Gateway.start({ plugins: kPlugins });
try {
  for (const name of kPeople) await (await MeetPage.open(browser, gateway, { room: kRoom, name })).inCall();
  // One after the other: each page that is drawn every second takes from the call that it shows.
  for (const [name, view, look] of kPictures) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const dashboard = await DashboardPage.open(browser, gateway, { view, ...look });
    const { page } = dashboard;
    const shortest = () => page.locator('.spark-line').evaluateAll((lines) => Math.min(...lines.map((line) => line.getAttribute('d').split('L').length)));
    await eventually(`the charts of ${name} are there`, shortest, (points) => Number.isFinite(points) && points >= kPoints, kPatienceMs);
    await page.screenshot({ path: join(folder, `dashboard-${name}.png`), timeout: kPatienceMs });
    await dashboard.close();
    console.log(`dashboard-${name}.png`);
  }
} finally {
  await browser.close();
  await gateway.stop();
}
