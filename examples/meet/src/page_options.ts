// What the address of the page says. It is the only state that outlives a reload; nothing is stored in the browser.
import { kVideoCodecs, type VideoCodec } from './codec';

export interface PageOptions {
  room: string;
  /** A meeting of the REST API, instead of a room. */
  meeting?: string | undefined;
  /** Of the meeting; asked for, never in the address. */
  password: string;
  name: string;
  /** Join without asking: set while in a call, so that a reload comes back to it. */
  autojoin: boolean;
  mic: boolean;
  cam: boolean;
  codec: VideoCodec;
  /** Send the camera in layers where the codec has them: simulcast of VP8, SVC of VP9. `layers=0` sends it once. */
  layers: boolean;
  token?: string | undefined;
  /** Origin of another gateway than the one that served the page. */
  gateway?: string | undefined;
}

export function readOptions(search: string): PageOptions {
  const query = new URLSearchParams(search);
  const codec = kVideoCodecs.find((known) => known === query.get('codec')?.toLowerCase());
  return {
    room: query.get('room') ?? '',
    meeting: query.get('meeting') ?? undefined,
    password: '',
    name: query.get('name') ?? '',
    autojoin: query.get('autojoin') === '1',
    mic: query.get('mic') !== '0',
    cam: query.get('cam') !== '0',
    codec: codec ?? 'vp8',
    layers: query.get('layers') !== '0',
    token: query.get('token') ?? undefined,
    gateway: query.get('gateway') ?? undefined,
  };
}

/** Writes the options back to the address bar, keeping what this page does not know. */
export function rememberOptions(options: PageOptions): void {
  const query = new URLSearchParams(location.search);
  const set = (key: string, value: string | undefined) => (value ? query.set(key, value) : query.delete(key));
  set('room', options.room);
  set('name', options.name);
  set('autojoin', options.autojoin ? '1' : undefined);
  set('mic', options.mic ? undefined : '0');
  set('cam', options.cam ? undefined : '0');
  history.replaceState(null, '', `${location.pathname}?${query}`);
}

/** A link for others: the room or meeting, without the caller's name, token and switches. */
export function invitation(options: PageOptions): string {
  const query = new URLSearchParams(options.meeting ? { meeting: options.meeting } : { room: options.room });
  if (options.gateway) query.set('gateway', options.gateway);
  return `${location.origin}${location.pathname}?${query}`;
}
