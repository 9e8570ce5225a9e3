// The page with a meeting of the REST API: `?meeting=<id>`, with a token or as a guest who knows the password.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { eventually } from './support/eventually.mjs';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

const kSecret = 'a secret of the browser tests, long enough';
const kPassword = 'open sesame';
const kPlugins = ['videoroom', 'waitingroom', 'engagement', 'chat', 'meetings'];

/** A JWT by HS256, RFC 7515. */
function tokenOf(userId, name) {
  const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const signed = `${text({ alg: 'HS256', typ: 'JWT' })}.${text({ sub: userId, name, iat: now, exp: now + 3600 })}`;
  return `${signed}.${createHmac('sha256', kSecret).update(signed).digest('base64url')}`;
}

async function createMeeting(gateway, token, meeting) {
  const answer = await fetch(`${gateway.url}/api/meeting`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(meeting),
  });
  const { data, error } = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(error));
  return data.id;
}

meetingTest('its host comes by a token, a guest by the password', async ({ enter, open, gateway }) => {
  const started = await gateway({ plugins: kPlugins, secret: kSecret });
  const token = tokenOf('anna', 'Anna');
  const meeting = await createMeeting(started, token, {
    meeting_type: 'instant',
    meeting_name: 'The weekly',
    meeting_password: kPassword,
    allow_guests: true,
  });
  const anna = await enter('Anna', { query: { room: '', meeting, token } });
  assert.equal(await anna.page.locator('#room-name').innerText(), 'The weekly');

  const ben = await open('Ben', { query: { room: '', meeting } });
  await ben.isTold(/password/i);
  assert.equal(await ben.page.getByLabel('Room').isVisible(), false);
  await ben.page.getByLabel('Password').fill(kPassword);
  await ben.page.getByRole('button', { name: 'Join' }).click();
  await ben.inCall();
  await anna.sees('Anna', 'Ben');
  await Promise.all([anna.watches('Ben'), ben.watches('Anna')]);
  assert.doesNotMatch(ben.page.url(), /sesame/);
});

meetingTest('a meeting that is not there is refused with a reason', async ({ open, gateway }) => {
  await gateway({ plugins: kPlugins, secret: kSecret });
  const ben = await open('Ben', { query: { room: '', meeting: 'none' } });
  await ben.isTold(/no such|not found|no meeting/i);
  await eventually('Ben is in the lobby', () => ben.probe('phase'), (phase) => phase === 'lobby');
});
