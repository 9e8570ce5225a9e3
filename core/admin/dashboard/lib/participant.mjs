// What the figures of a participant's media come to.

const sum = (values) => values.reduce((total, value) => total + (value ?? 0), 0);
const known = (values) => values.filter((value) => typeof value === 'number');
const largest = (values) => (known(values).length > 0 ? Math.max(...known(values)) : undefined);

/** As rooms/{id} has a participant; `sendsBps` is what it sends to us. */
export function figuresOf({ transports = [], producers = [], consumers = [] }) {
  const paths = transports.map(({ stats }) => stats).filter(Boolean);
  const streams = producers.flatMap((producer) => producer.streams ?? []);
  return {
    sendsBps: sum(paths.map((path) => path.receivingBps)),
    receivesBps: sum(paths.map((path) => path.sendingBps)),
    loss: largest([...paths, ...streams].map((one) => one.fractionLost)),
    roundTripMs: largest(paths.map((path) => path.roundTripTimeMs)) ?? largest(streams.map((stream) => stream.roundTripTimeMs)),
    score: scoreOf(streams, consumers),
  };
}

/** The lowest score of what flows; layers that the sender has switched off do not count. */
function scoreOf(streams, consumers) {
  const flowing = streams.filter(({ bitrateBps }) => bitrateBps > 0).map(({ score }) => score);
  const received = consumers
    .filter((consumer) => !consumer.paused && !consumer.producerPaused && consumer.stats?.bitrateBps > 0)
    .map((consumer) => consumer.score?.score ?? consumer.stats.score);
  const all = known([...flowing, ...received]);
  return all.length > 0 ? Math.min(...all) : undefined;
}

/**
 * What the API says of the quality, or else what the scores mean (0 to 10, below 5 people complain); nothing for who
 * neither sends nor receives.
 */
export function gradeOf(participant, { score } = figuresOf(participant)) {
  const told = participant.quality?.grade ?? participant.quality;
  if (typeof told === 'string') return told;
  if (score === undefined) return null;
  return score >= 9 ? 'excellent' : score >= 7 ? 'good' : score >= 5 ? 'fair' : 'poor';
}
