// The dashboard of the admin listener, with a call to look at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faintTexts, namelessControls, sidewaysScroll } from './support/accessibility.mjs';
import { launchBrowser } from './support/browser.mjs';
import { DashboardPage, kPhone } from './support/dashboard_page.mjs';
import { eventually } from './support/eventually.mjs';
import { Gateway } from './support/gateway.mjs';
import { MeetPage } from './support/meet_page.mjs';

const kTestMs = { timeout: 180_000 };
const kRoom = 'standup';
const kHostile = '<img src=x onerror=alert(1)>';
const kViews = ['overview', 'rooms', `rooms/${kRoom}`, 'clients', 'media/transports', 'media/producers', 'media/consumers', 'workers', 'plugins', 'recordings', 'logs', 'access'];

let browser;
let gateway;
let people;
before(async () => {
  browser = await launchBrowser();
  gateway = await Gateway.start();
  people = [];
  // One camera is enough to look at: each more is coded in software, beside the page that is tested.
  for (const [name, cam] of [['Anna', true], [kHostile, false]]) people.push(await (await MeetPage.open(browser, gateway, { room: kRoom, name, cam })).inCall());
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** Opens a dashboard, and ends it without a complaint of the browser. */
async function withDashboard(options, body) {
  const dashboard = await DashboardPage.open(browser, options.gateway ?? gateway, options);
  try {
    await body(dashboard);
    assert.deepEqual(dashboard.complaints, []);
  } catch (error) {
    await dashboard.keepPicture('failed').catch(() => {});
    throw error;
  } finally {
    await dashboard.close();
  }
}

test('the listener’s root leads to the page, which nothing may frame and no inline script runs in', kTestMs, async () => {
  const answer = await fetch(gateway.adminUrl);
  assert.equal(answer.url, `${gateway.adminUrl}/admin/`);
  assert.match(answer.headers.get('content-type'), /^text\/html/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(answer.headers.get('x-frame-options'), 'DENY');
  assert.doesNotMatch(answer.headers.get('content-security-policy'), /unsafe|\*/);
  const again = await fetch(answer.url, { headers: { 'If-None-Match': answer.headers.get('etag') } });
  assert.equal(again.status, 304);
});

test('from the overview to a participant by keyboard alone', kTestMs, async () => {
  await withDashboard({}, async (dashboard) => {
    const { page } = dashboard;
    await dashboard.isLive();
    await dashboard.says('Ready');
    await dashboard.tabTo('Skip to the content');
    await dashboard.tabTo('Rooms');
    await page.keyboard.press('Enter');
    const headline = page.locator('h1');
    await eventually('the rooms are there', () => headline.innerText(), (text) => text === 'Rooms');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'title');
    await page.getByRole('link', { name: kRoom }).waitFor();
    await dashboard.tabTo(kRoom);
    await page.keyboard.press('Enter');
    await dashboard.row('Anna').waitFor();
    await dashboard.tabTo('Anna');
    await page.keyboard.press('Enter');
    await eventually('Anna is there', () => headline.innerText(), (text) => text === 'Anna');
    await page.getByRole('heading', { name: 'Transports' }).waitFor();
    await dashboard.says('SRTP profile');
    await page.goBack();
    await dashboard.row('Anna').waitFor();
  });
});

test('the figures of a room move, and names of strangers are text', kTestMs, async () => {
  await withDashboard({ view: `rooms/${kRoom}` }, async (dashboard) => {
    await dashboard.row('Anna').waitFor();
    await eventually('Anna sends', () => dashboard.row('Anna').innerText(), (text) => /[\d.]+ [kM]bit\/s/.test(text));
    const [before] = await dashboard.charts('Anna');
    await eventually('the chart goes on', () => dashboard.charts('Anna'), ([now]) => now !== before && now.split('L').length > 8);
    assert.equal(await dashboard.row(kHostile).count(), 1);
    assert.equal(await dashboard.page.locator('main img').count(), 0);
    await dashboard.keepPicture('room');
  });
});

test('who is muted is told of; who is removed is gone from the room and the page, and the log says so', kTestMs, async () => {
  const guest = await (await MeetPage.open(browser, gateway, { room: kRoom, name: 'Ben', cam: false })).inCall();
  await withDashboard({ view: `rooms/${kRoom}` }, async (dashboard) => {
    const dialog = dashboard.page.getByRole('dialog');
    await dashboard.button('Mute Ben').click();
    await dashboard.button('Mute', dialog).click();
    await dashboard.says('Ben is muted.');

    const remove = dashboard.button('Remove Ben');
    await remove.click();
    await dashboard.page.keyboard.press('Escape');
    await eventually('the focus is back', () => remove.evaluate((button) => button === document.activeElement));
    await remove.click();
    await dialog.getByLabel('Reason').fill('tests end');
    await dashboard.button('Remove', dialog).click();
    await dashboard.says('Ben was removed.');
    await eventually('Ben is not listed', () => dashboard.row('Ben').count(), (count) => count === 0);
    await guest.isTold(/removed|tests end/i);

    await dashboard.goTo('logs?text=removed');
    await dashboard.says('participant removed by the admin API');
    await dashboard.button('Pause').click();
    await dashboard.says('paused');
  });
  await guest.close();
});

test('every view is whole on a phone in the dark and on a desk in the light', kTestMs, async () => {
  const looks = [{ viewport: kPhone, colorScheme: 'dark' }, {}];
  for (const look of looks) {
    await withDashboard(look, async (dashboard) => {
      await dashboard.isLive();
      for (const view of kViews) {
        await dashboard.goTo(view);
        await dashboard.page.waitForFunction(() => !document.querySelector('main [aria-busy]'));
        const where = `${view}, ${look.viewport ? 'phone' : 'desk'}, ${look.colorScheme ?? 'light'}`;
        assert.ok((await sidewaysScroll(dashboard.page)) <= 0, `scrolls sideways: ${where}`);
        assert.deepEqual(await namelessControls(dashboard.page), [], where);
        assert.deepEqual(await faintTexts(dashboard.page), [], where);
        assert.equal(await dashboard.page.locator('h1').count(), 1, where);
      }
      const dark = await dashboard.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(dark, look.colorScheme ? 'rgb(14, 19, 24)' : 'rgb(245, 247, 249)');
    });
  }
});

test('a theme that was chosen stays', kTestMs, async () => {
  await withDashboard({}, async (dashboard) => {
    const background = () => dashboard.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await dashboard.page.getByLabel('Theme').selectOption('dark');
    assert.equal(await background(), 'rgb(14, 19, 24)');
    await dashboard.page.reload();
    assert.equal(await background(), 'rgb(14, 19, 24)');
  });
});

test('a plugin that is not loaded is named where its figures would be', kTestMs, async () => {
  await withDashboard({ view: 'recordings' }, async (dashboard) => {
    await dashboard.says('The plugin recording is not loaded');
    await dashboard.says('The plugin livestream is not loaded');
    await dashboard.goTo('plugins');
    await dashboard.page.getByRole('heading', { name: /^videoroom running/ }).waitFor();
  });
});

test('a plugin that is reloaded is told of, and runs again', kTestMs, async () => {
  await withDashboard({ view: 'plugins' }, async (dashboard) => {
    const dialog = dashboard.page.getByRole('dialog');
    await dashboard.button('Reload chat').click();
    await dashboard.button('Cancel', dialog).click();
    await dashboard.button('Reload chat').click();
    await dashboard.button('Reload', dialog).click();
    await dashboard.says(/^chat: running/);
    await dashboard.page.getByRole('heading', { name: /^chat running/ }).waitFor();
    await dashboard.goTo('access');
    await dashboard.row('/admin/v1/plugins/chat/reload').waitFor();
  });
});

test('an operator is added, and has a token that is shown once', kTestMs, async () => {
  await withDashboard({ view: 'access' }, async (dashboard) => {
    const dialog = dashboard.page.getByRole('dialog');
    await dashboard.button('Add an operator').click();
    await dialog.getByLabel('Name').fill('eve');
    await dashboard.button('Add', dialog).click();
    await dashboard.button('New token for eve').click();
    await dashboard.button('Make it', dialog).click();
    await dialog.getByText('It is shown this once').waitFor();
    assert.match(await dialog.getByLabel('Token').inputValue(), /^\S{20,}$/);
    await dashboard.button('I have it', dialog).click();
    await dashboard.page.getByRole('link', { name: 'Tokens of eve' }).click();
    await dashboard.row('without a note').waitFor();
  });
});

test('a gateway that asks for a token gets it; who may only read is told so', kTestMs, async () => {
  const tokens = [{ name: 'eve', token: 'only-for-reading-1', role: 'read' }];
  const guarded = await Gateway.start({ admin: { token: 'for-everything-at-all', tokens } });
  try {
    const dashboard = await DashboardPage.open(browser, guarded);
    const dialog = dashboard.page.getByRole('dialog');
    await dialog.getByLabel('Token').fill('wrong');
    await dashboard.page.keyboard.press('Enter');
    await dialog.getByText('does not take this token').waitFor();
    await dashboard.button('Not now', dialog).click();
    await dashboard.says('shows nothing to those it does not know');
    await dashboard.button('Use a token').click();
    await dialog.getByLabel('Token').fill('only-for-reading-1');
    await dashboard.page.keyboard.press('Enter');
    await dashboard.isLive();
    await dashboard.says('Your token may only read.');
    assert.ok(await dashboard.button('Drain the gateway').isDisabled());
    await dashboard.page.reload();
    await dashboard.isLive();
    await dashboard.close();
  } finally {
    await guarded.stop();
  }
});

test('a page whose gateway has gone says that it is not live, and comes back with it', kTestMs, async () => {
  const mortal = await Gateway.start();
  try {
    const dashboard = await DashboardPage.open(browser, mortal);
    await dashboard.isLive();
    await mortal.kill();
    await dashboard.says('Not live.');
    await mortal.restart();
    await dashboard.button('Try now').click().catch(() => {}); // it may have come back by itself
    await dashboard.isLive();
    await dashboard.close();
  } finally {
    await mortal.stop();
  }
});
