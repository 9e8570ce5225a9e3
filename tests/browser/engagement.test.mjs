import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { decideAbout, listsPeople, pressInPeople } from './support/panels.mjs';

useMeetings();

const kQuiet = { cam: false };
const button = ({ page }, name) => page.getByRole('button', { name, exact: true });

meetingTest('hands stand in the order in which they were raised, and are lowered', async ({ enter }) => {
  const [anna, ben, chloe] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet), await enter('Chloe', kQuiet)];
  await button(chloe, 'Raise hand').click();
  await listsPeople(anna, 'Chloe ✋ 1', 'Anna (you) Host', 'Ben');
  await button(ben, 'Raise hand').click();
  await listsPeople(anna, 'Chloe ✋ 1', 'Ben ✋ 2', 'Anna (you) Host');
  const dan = await enter('Dan', kQuiet);
  await listsPeople(dan, 'Chloe ✋ 1', 'Ben ✋ 2', 'Anna Host', 'Dan (you)');

  await decideAbout(anna, 'Chloe', 'Lower hand');
  await listsPeople(ben, 'Ben (you) ✋ 1', 'Anna Host', 'Chloe', 'Dan');
  await button(chloe, 'Raise hand').waitFor();
  await button(ben, 'Lower hand').click();
  await listsPeople(anna, 'Anna (you) Host', 'Ben', 'Chloe', 'Dan');
});

meetingTest('a reaction rises over the picture of who sent it', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet)];
  await anna.sees('Anna', 'Ben');
  const id = await ben.probe('selfId');
  const seen = anna.page.locator(`.tile[data-participant="${id}"] .reaction`, { hasText: '👏' }).waitFor();
  await ben.page.getByLabel('React').click();
  await button(ben, '👏').click();
  await seen;
});

meetingTest('a layout is one’s own until a host chooses it for everybody', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet)];
  await anna.sees('Anna', 'Ben');
  await ben.sees('Anna', 'Ben');
  const leads = ({ page }) => page.locator('.tile.stage').count();
  const shows = (person, count) => eventually(`${person.name} has ${count} on stage`, () => leads(person), (seen) => seen === count);
  await anna.page.getByLabel('Layout').selectOption('speaker');
  await shows(anna, 1);
  await button(ben, 'Raise hand').click(); // something that comes to Ben after what Anna has chosen
  await listsPeople(ben, 'Ben (you) ✋ 1', 'Anna Host');
  await shows(ben, 0);
  await pressInPeople(anna, 'My layout for everybody');
  await shows(ben, 1);
  const chloe = await enter('Chloe', kQuiet);
  await shows(chloe, 1);
});
