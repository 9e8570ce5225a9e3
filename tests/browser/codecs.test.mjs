import assert from 'node:assert/strict';
import { meetingTest, useMeetings } from './support/meeting_test.mjs';

useMeetings();

/** Whether this Chromium can encode it; distributions build it with and without H264. */
async function canSend(person, codec) {
  const types = await person.page.evaluate(() =>
    RTCRtpSender.getCapabilities('video').codecs.map(({ mimeType }) => mimeType.toLowerCase()),
  );
  return types.includes(`video/${codec}`);
}

for (const codec of ['vp8', 'vp9', 'h264', 'av1']) {
  meetingTest(`a call in ${codec}`, async ({ enter, context }) => {
    const anna = await enter('Anna', { codec });
    if (!(await canSend(anna, codec))) return context.skip(`this Chromium cannot send ${codec}`);
    const ben = await enter('Ben', { codec });
    const seen = await anna.watches('Ben');
    assert.equal(seen.codec.toLowerCase(), `video/${codec}`);
    await ben.watches('Anna');
  });
}
