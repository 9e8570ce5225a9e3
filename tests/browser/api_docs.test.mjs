// The page that describes the REST API: /api/docs, made from what the routes say of themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './support/browser.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';

let browser;
let gateway;
before(async () => {
  browser = await launchBrowser();
  gateway = await Gateway.start({ plugins: ['videoroom', 'chat', 'meetings'] });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

test('the page of the API shows every route, finds one, and opens it', { timeout: 120_000 }, async () => {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.stack));
  await page.goto(`${gateway.url}/api/docs`);

  const { paths } = await (await fetch(`${gateway.url}/api/openapi.json`)).json();
  const operations = Object.values(paths).flatMap((path) => Object.keys(path).filter((key) => key !== 'parameters'));
  assert.ok(operations.length > 20);
  const shown = page.locator('#operations details:visible');
  await eventually('all operations', () => shown.count(), (count) => count === operations.length);

  await page.getByLabel('Search').fill('post /api/meeting/{id}/join');
  await eventually('one is found', () => shown.count(), (count) => count === 1);
  await shown.locator('summary').click();
  await page.getByText('meeting_password').first().waitFor();
  assert.deepEqual(complaints, []);
});
