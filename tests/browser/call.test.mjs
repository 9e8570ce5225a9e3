import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { eventually } from './support/eventually.mjs';

useMeetings();

async function meetEachOther(people) {
  const names = people.map(({ name }) => name);
  const meetOthers = async (person) => {
    await person.sees(...names);
    const others = names.filter((name) => name !== person.name);
    await Promise.all(others.flatMap((other) => [person.watches(other), person.hears(other)]));
  };
  await Promise.all(people.map(meetOthers));
}

meetingTest('two people see and hear each other', async ({ enter }) => {
  const anna = await enter('Anna');
  const ben = await enter('Ben');
  await meetEachOther([anna, ben]);
});

meetingTest('four people see and hear each other', async ({ enter }) => {
  const people = [];
  for (const name of ['Anna', 'Ben', 'Chloe', 'Dan']) people.push(await enter(name));
  await meetEachOther(people);
});

meetingTest('one who leaves disappears from the others, who go on', async ({ enter }) => {
  const [anna, ben, chloe] = [await enter('Anna'), await enter('Ben'), await enter('Chloe')];
  await anna.sees('Anna', 'Ben', 'Chloe');
  await ben.leave();
  await anna.sees('Anna', 'Chloe');
  await chloe.sees('Anna', 'Chloe');
  await anna.watches('Chloe');
  await chloe.hears('Anna');
});

meetingTest('one whose page closes disappears as well', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.sees('Anna', 'Ben');
  await ben.close();
  await anna.sees('Anna');
});

meetingTest('a muted microphone is marked and silent, and comes back', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.hears('Ben');
  const mark = (muted) =>
    eventually(
      `Anna sees Ben ${muted ? 'muted' : 'unmuted'}`,
      () => anna.page.locator('.tile[data-self=false] .muted-mark').isVisible(),
      (visible) => visible === muted,
    );
  await mark(false);
  await ben.press('mic');
  await mark(true);
  await ben.press('mic');
  await mark(false);
  await anna.hears('Ben');
});

meetingTest('a camera that is switched off and on again is seen again', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna'), await enter('Ben')];
  await anna.watches('Ben');
  await ben.press('webcam');
  await eventually('Ben has no picture for Anna', () => anna.inboundOf('Ben', 'webcam'), (track) => !track);
  await anna.hears('Ben');
  await ben.press('webcam');
  await anna.watches('Ben');
});
