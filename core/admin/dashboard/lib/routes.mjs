// Addresses of the views, behind the #: real links, that can be kept and sent.

/** `#/rooms/lobby?tenant=x` is `{path: ['rooms', 'lobby'], query: {tenant: 'x'}}`. */
export function parseRoute(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const segments = path.split('/').filter(Boolean).map(decode);
  return { path: segments, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** The other way round; empty values of the query are left out. */
export function link(path, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  const text = new URLSearchParams(pairs).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text && `?${text}`}`;
}

/** An admin path from segments that may hold anything, for the API. */
export function apiPath(path, query = {}) {
  return link(path, query).slice(2);
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // typed by hand
  }
}
