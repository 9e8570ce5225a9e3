// How good connections are: what the page reports of its own, and what it shows of all.
import assert from 'node:assert/strict';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

const kWords = ['poor', 'fair', 'good', 'excellent'];
const kWithAnalytics = { plugins: ['videoroom', 'waitingroom', 'engagement', 'chat', 'analytics'] };

const mark = ({ page }, id) => page.locator(`.tile[data-purpose=camera][data-participant="${id}"] .quality-mark`);

/** The page has taken the report, and so has the gateway. */
const reports = (person) =>
  eventually(`a report of ${person.name} is taken`, async () => (await person.probe('quality')).reported, (count) => count > 0);

/** The mark on the tile and what it is called, as the gateway has told. */
async function shows(person, id) {
  const label = await eventually(
    `${person.name} has a mark for ${id}`,
    async () => ((await mark(person, id).isVisible()) ? mark(person, id).getAttribute('aria-label') : ''),
  );
  const told = (await person.probe('quality')).words[id];
  assert.ok(kWords.includes(told), `${told} is a word`);
  assert.match(label, /^(Poor|Fair|Good|Excellent) connection$/);
  return told;
}

meetingTest('each tile has a mark of its connection, and the page reports its own', async ({ gateway, enter }) => {
  const served = await gateway(kWithAnalytics);
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.watches('Ben');
  await ben.watches('Anna');
  const [annasId, bensId] = [await anna.probe('selfId'), await ben.probe('selfId')];
  for (const id of [annasId, bensId]) {
    await shows(anna, id);
    await shows(ben, id);
  }
  await Promise.all([reports(anna), reports(ben)]);

  const metrics = await (await fetch(`${served.adminUrl}/metrics`)).text();
  const taken = /^sluice_analytics_reports_total (\d+)/m.exec(metrics);
  assert.ok(taken && Number(taken[1]) >= 2, `the gateway has taken a report of each:\n${taken?.[0]}`);
});

meetingTest('without the plugin there are no marks and no more reports, and the call goes on', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  const refused = ({ reporting }) => !reporting;
  const { words, reported } = await eventually('the page learns that nobody wants reports', () => anna.probe('quality'), refused);
  assert.deepEqual(words, {});
  assert.equal(reported, 0);
  await anna.watches('Ben');
  assert.equal(await mark(anna, await ben.probe('selfId')).isVisible(), false);
});
