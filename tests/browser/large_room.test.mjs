// What is special about large rooms, with limits so low that three people are one.
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

meetingTest('presence that comes in batches shows who joins and leaves', async ({ enter, gateway }) => {
  await gateway({ videoroom: { batch_presence_above: 0, presence_batch_ms: 200 } });
  const anna = await enter('Anna');
  const ben = await enter('Ben');
  await anna.sees('Anna', 'Ben');
  await anna.watches('Ben');
  const chloe = await enter('Chloe');
  await anna.sees('Anna', 'Ben', 'Chloe');
  await chloe.sees('Anna', 'Ben', 'Chloe');
  await ben.leave();
  await anna.sees('Anna', 'Chloe');
  await chloe.close();
  await anna.sees('Anna');
});

meetingTest('one who joins sees those too who are not on the first page', async ({ enter, gateway }) => {
  await gateway({ videoroom: { members_page: 1 } });
  await enter('Anna');
  await enter('Ben');
  const chloe = await enter('Chloe');
  await chloe.sees('Anna', 'Ben', 'Chloe');
  await chloe.watches('Ben');
});
