// The lines of the log that the page keeps.

export const kMaxLines = 1000;

/** `incoming` after what is there already; lines of a gateway that has begun anew stand alone. */
export function appended(before, incoming, most = kMaxLines) {
  const lines = incoming.lines ?? [];
  const kept = before?.lines ?? [];
  const last = kept.at(-1)?.seq ?? -1;
  const restarted = lines.length > 0 && lines.at(-1).seq < last;
  if (restarted) return { lines: lines.slice(-most) };
  return { lines: [...kept, ...lines.filter(({ seq }) => seq > last)].slice(-most) };
}
