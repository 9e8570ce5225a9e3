// Statistics by their names in the API: what they are called here, and how their values read. A figure that is new in
// the API shows by its name alone.
import { bitrate, bytes, count, dateTime, decimal, duration, kUnknown, milliseconds, percent, words } from './format.mjs';

const kLabels = {
  fractionLost: 'loss',
  packetsLost: 'packets lost',
  nacks: 'NACKs',
  keyFrameRequests: 'key frame requests',
  roundTripTimeMs: 'round trip',
  jitterMs: 'jitter',
  ssrc: 'SSRC',
  mimeType: 'codec',
  srtpProfile: 'SRTP profile',
  rid: 'RID',
};

/** `availableOutgoingBps` is `available outgoing`. */
export function labelOf(name) {
  return kLabels[name] ?? name.replace(/(Bps|Ms|Bytes|At)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function valueOf(name, value) {
  if (value === null || value === undefined || value === '') return kUnknown;
  if (typeof value === 'object') return Object.entries(value).map(([key, one]) => `${labelOf(key)} ${valueOf(key, one)}`).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return /^[a-z_]+$/.test(value) ? words(value) : value;
  if (name === 'ssrc') return String(value);
  if (/(^a|A)t$/.test(name)) return dateTime(value);
  if (name === 'ageMs') return duration(value);
  if (/Bps$/.test(name)) return bitrate(value);
  if (/Ms$/.test(name)) return milliseconds(value);
  if (/^fraction/.test(name)) return percent(value);
  if (/^bytes|Bytes$/.test(name)) return bytes(value);
  return Number.isInteger(value) ? count(value) : decimal(value, 2);
}

/** Names and values of all figures, as facts() takes them. */
export const figurePairs = (stats) => Object.entries(stats ?? {}).map(([name, value]) => [labelOf(name), valueOf(name, value)]);
