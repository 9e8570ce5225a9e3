// What the address of the watch page says, and the addresses of the gateway that follow from it.

/** How the stream is watched: low-latency HLS, plain HLS, or the room itself by WebRTC. */
export type WatchMode = 'll' | 'hls' | 'whep';

export const kWatchModes: readonly WatchMode[] = ['ll', 'hls', 'whep'];

export interface WatchOptions {
  room: string;
  /** Of the stream, where it has one. */
  key?: string | undefined;
  mode: WatchMode;
  /** The gateway counts viewers by it; for one visit. */
  viewer: string;
  /** The identity's JWT: for WebRTC where guests are not admitted. */
  token?: string | undefined;
}

export function readWatchOptions(search: string): WatchOptions {
  const query = new URLSearchParams(search);
  return {
    room: query.get('room') ?? '',
    key: query.get('key') ?? undefined,
    mode: kWatchModes.find((known) => known === query.get('mode')) ?? 'll',
    viewer: query.get('viewer') ?? crypto.getRandomValues(new Uint32Array(2)).join('-'),
    token: query.get('token') ?? undefined,
  };
}

/** So that a reload watches as before. */
export function rememberMode(mode: WatchMode): void {
  const query = new URLSearchParams(location.search);
  query.set('mode', mode);
  history.replaceState(null, '', `${location.pathname}?${query}`);
}

export function playlistAddress({ room, key, viewer }: WatchOptions): string {
  const query = new URLSearchParams({ ...(key && { key }), viewer });
  return `${location.origin}/live/${encodeURIComponent(room)}/index.m3u8?${query}`;
}

export function whepAddress({ room }: WatchOptions): string {
  return `${location.origin}/whep/${encodeURIComponent(room)}?name=Viewer`;
}
