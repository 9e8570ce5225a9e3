// JSON Merge Patch (RFC 7396): what to send so that `before` becomes `after`.

/** Nothing where they are the same. */
export function mergePatch(before, after) {
  if (!isObject(before) || !isObject(after)) return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  const patch = {};
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) patch[name] = null;
  }
  for (const [name, value] of Object.entries(after)) {
    const change = Object.hasOwn(before, name) ? mergePatch(before[name], value) : value;
    if (change !== undefined) patch[name] = change;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
