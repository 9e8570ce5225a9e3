import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';
import { openPanel, reads, say } from './support/panels.mjs';

useMeetings();

// Nothing here is about pictures, and video costs what tests have least of.
const kQuiet = { cam: false };

meetingTest('what one writes all read, and also who comes later', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet)];
  await say(anna, 'Good morning');
  await reads(ben, 'Anna: Good morning');
  await say(ben, 'Hello Anna');
  await reads(anna, 'You: Good morning', 'Ben: Hello Anna');
  const chloe = await enter('Chloe', kQuiet);
  await reads(chloe, 'Anna: Good morning', 'Ben: Hello Anna');
});

meetingTest('a private message is between two', async ({ enter }) => {
  const [anna, ben, chloe] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet), await enter('Chloe', kQuiet)];
  await anna.sees('Anna', 'Ben', 'Chloe');
  await say(anna, 'Only for you', 'Ben');
  await reads(ben, 'Anna to you: Only for you');
  await say(anna, 'For all');
  await reads(chloe, 'Anna: For all'); // had the other one come, it would stand before this one
  await reads(anna, 'You to Ben: Only for you', 'You: For all');
});

meetingTest('who wrote a message deletes it for all', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet)];
  await say(ben, 'A slip');
  await reads(anna, 'Ben: A slip');
  await ben.page.locator('#messages').getByRole('button', { name: 'Delete' }).click();
  await reads(anna, 'Ben: deleted');
  await reads(ben, 'You: deleted');
});

meetingTest('a host deletes what others wrote, who are offered nothing of that kind', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet)];
  await say(anna, 'Be nice');
  await say(ben, 'No');
  await reads(ben, 'Anna: Be nice', 'You: No');
  await reads(anna, 'You: Be nice', 'Ben: No');
  assert.equal(await ben.page.locator('#messages button').count(), 1); // of Ben's own
  await anna.page.locator('#messages > li').nth(1).getByRole('button', { name: 'Delete' }).click();
  await reads(ben, 'Anna: Be nice', 'You: deleted');
});

meetingTest('others see who is typing, as long as it lasts', async ({ enter }) => {
  const [anna, ben] = [await enter('Anna', kQuiet), await enter('Ben', kQuiet)];
  await openPanel(anna, 'chat');
  await openPanel(ben, 'chat');
  await ben.page.getByLabel('Message', { exact: true }).pressSequentially('Wait');
  const shown = () => anna.page.locator('#typing').innerText();
  await eventually('Anna sees it', shown, (text) => text === 'Ben is typing…');
  await eventually('and that it has ended', shown, (text) => text === '');
});

meetingTest('markup in names and messages is text', async ({ enter }) => {
  const markup = '<img src=x onerror="window.harmed = true"><b>bold</b>';
  const anna = await enter('Anna', kQuiet);
  const ben = await enter('<i>Ben</i>', kQuiet);
  await say(ben, markup);
  await reads(anna, `<i>Ben</i>: ${markup}`);
  await openPanel(anna, 'people');
  assert.ok(await anna.page.locator('#people .name', { hasText: '<i>Ben</i>' }).isVisible());
  for (const { page } of [anna, ben]) {
    assert.equal(await page.locator('#messages :is(img, b, i), #people i, .tile i').count(), 0);
    assert.equal(await page.evaluate(() => window.harmed), undefined);
  }
});

meetingTest('a message that is refused stays in the line to be sent again', async ({ enter, gateway }) => {
  await gateway({ chat: { max_characters: 5 } });
  const anna = await enter('Anna', kQuiet);
  await say(anna, 'too long');
  await eventually('the notice', () => anna.page.locator('#notice').isVisible());
  assert.equal(await anna.page.getByLabel('Message', { exact: true }).inputValue(), 'too long');
});

/** A client without a page, for what the page only shows. */
async function joinBare({ url }, room) {
  const { io } = createRequire(new URL('../../examples/meet/package.json', import.meta.url))('socket.io-client');
  const socket = io(url, { forceNew: true });
  const ask = async (event, data) => {
    const { ok, data: answer, error } = await socket.timeout(10_000).emitWithAck(event, data);
    assert.ok(ok, `${event}: ${JSON.stringify(error)}`);
    return answer;
  };
  await ask('room:join', { roomId: room, name: 'Bare' });
  return { ask, close: () => socket.disconnect() };
}

meetingTest('a poll is shown with its votes, and voted on', async ({ enter, gateway, room }) => {
  const anna = await enter('Anna', kQuiet);
  const bare = await joinBare(await gateway(), room);
  try {
    await bare.ask('chat:send', { type: 'poll', message: 'When?', options: ['Today', 'Tomorrow'] });
    await reads(anna, 'Bare: When?');
    await anna.page.getByRole('button', { name: 'Tomorrow: 0' }).click();
    await anna.page.getByRole('button', { name: 'Tomorrow: 1', pressed: true }).waitFor();
  } finally {
    bare.close();
  }
});

meetingTest('a file that somebody sends can be downloaded', async ({ enter, gateway, room }) => {
  const anna = await enter('Anna', kQuiet);
  const { url } = await gateway();
  const bare = await joinBare({ url }, room);
  try {
    const text = 'what was said';
    const upload = await bare.ask('chat:upload', { name: 'minutes.txt', size: text.length, type: 'text/plain' });
    const put = await fetch(new URL(upload.url, url), { method: 'PUT', headers: { 'Content-Type': 'text/plain' }, body: text });
    assert.equal(put.status, 201);
    await bare.ask('chat:send', { type: 'file', message: 'The minutes', fileId: upload.fileId });
    await reads(anna, 'Bare: The minutes');
    const coming = anna.page.waitForEvent('download');
    await anna.page.getByRole('button', { name: 'Download minutes.txt' }).click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), 'minutes.txt');
    assert.equal(await readFile(await download.path(), 'utf8'), text);
    assert.equal(await anna.probe('phase'), 'call');
  } finally {
    bare.close();
  }
});
