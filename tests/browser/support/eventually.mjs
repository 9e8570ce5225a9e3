// Conditions with a deadline: the only way these tests wait.
import { setTimeout as pause } from 'node:timers/promises';

const kPollMs = 100;
export const kDeadlineMs = 30_000; // generous: shared CI machines encode and decode video in software

/**
 * Probes until `accept` says yes, and gives what it accepted.
 * The error names the condition and the last value, which is what one wants to know of a failed wait.
 */
export async function eventually(what, probe, accept = Boolean, deadlineMs = kDeadlineMs) {
  const deadline = Date.now() + deadlineMs;
  let last;
  do {
    last = await probe();
    if (accept(last)) return last;
    await pause(kPollMs);
  } while (Date.now() < deadline);
  throw new Error(`not within ${deadlineMs} ms: ${what}; last seen: ${JSON.stringify(last)}`);
}
