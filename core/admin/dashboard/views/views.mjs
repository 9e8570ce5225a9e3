// Which view an address means.
import { access } from './access.mjs';
import { clients } from './clients.mjs';
import { logs } from './logs.mjs';
import { media } from './media.mjs';
import { overview } from './overview.mjs';
import { participant } from './participant.mjs';
import { plugins } from './plugins.mjs';
import { recordings } from './recordings.mjs';
import { room } from './room.mjs';
import { rooms } from './rooms.mjs';
import { workers } from './workers.mjs';

const kByName = { overview, clients, media, workers, plugins, recordings, logs, access };

/**
 * A view: `title(route)`, `watch(route)` which gives what to watch as `{name: item}`, `render(context)`, and where it is of
 * use `sample(known)`, called each second to keep what its charts show, and `merge[name](before, incoming)` for answers
 * that go on where the last one ended.
 */
export function viewOf({ path }) {
  if (path[0] === 'rooms') return [rooms, rooms, room, participant][Math.min(path.length, 3)];
  return Object.hasOwn(kByName, path[0] ?? '') ? kByName[path[0]] : overview;
}
