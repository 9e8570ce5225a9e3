// Whether a room is streamed now, by its playlist: that is all that a viewer without a seat is told.
import { WatchError } from './player';
import { playlistAddress, type WatchOptions } from './watch_options';

export type StreamPresence = 'absent' | 'live' | 'ended';

const kLookupMs = 20_000; // who comes before the first segment is made to wait for it
const kEnd = '#EXT-X-ENDLIST'; // RFC 8216 section 4.3.3.4

/** Rejects with WatchError where asking again is of no use, with another error where it is. */
export async function lookUp(options: WatchOptions): Promise<StreamPresence> {
  const answer = await fetch(playlistAddress(options), { cache: 'no-store', signal: AbortSignal.timeout(kLookupMs) });
  if (answer.status === 404) return 'absent';
  if (answer.status === 401 || answer.status === 403) {
    throw new WatchError(
      options.key ? 'The key in this address is not that of the stream.' : 'This stream is watched with a key, which this address does not have.',
    );
  }
  if (!answer.ok) throw new Error(`The gateway answered ${answer.status}.`);
  return (await answer.text()).includes(kEnd) ? 'ended' : 'live';
}
