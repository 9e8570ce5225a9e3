// Figures as people read them. What is not known is a dash.

export const kUnknown = '–';
const known = (value) => typeof value === 'number' && Number.isFinite(value);

function scaled(value, step, units) {
  let at = 0;
  while (Math.abs(value) >= step && at < units.length - 1) {
    value /= step;
    at += 1;
  }
  const digits = at === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[at]}`;
}

export const bitrate = (bps) => (known(bps) ? scaled(bps, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s']) : kUnknown);
export const bytes = (count) => (known(count) ? scaled(count, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']) : kUnknown);
export const count = (value) => (known(value) ? value.toLocaleString('en') : kUnknown);
export const decimal = (value, digits = 1) => (known(value) ? value.toFixed(digits) : kUnknown);

/** Of a share from 0 to 1; small ones keep what makes them differ from none. */
export function percent(share) {
  if (!known(share)) return kUnknown;
  const value = share * 100;
  return `${value.toFixed(value !== 0 && value < 10 ? 1 : 0)} %`;
}

export function milliseconds(value) {
  if (!known(value)) return kUnknown;
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return `${value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 2)} ms`;
}

/** `3 d 4 h`, `4 h 12 min`, `12 min 5 s`, `5 s`. */
export function duration(ms) {
  if (!known(ms)) return kUnknown;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first < 0 ? 3 : first, (first < 0 ? 3 : first) + 2)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

function instant(text) {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

const two = (value) => String(value).padStart(2, '0');

/** The local time of day, `14:03:27`. */
export function timeOfDay(text) {
  const date = instant(text);
  return date ? [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':') : kUnknown;
}

/** `2026-07-30 14:03`, local time. */
export function dateTime(text) {
  const date = instant(text);
  if (!date) return kUnknown;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `not_loaded` as words. */
export const words = (name) => String(name ?? kUnknown).replaceAll('_', ' ');

/** What the API says, as it stands among other sentences. */
export const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}` : '');

/** `1 room`, `2 rooms`. */
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;
