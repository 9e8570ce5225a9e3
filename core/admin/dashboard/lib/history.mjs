// The last two minutes of each figure, as this page has seen them: what sparklines show. It outlives a change of view.

export const kHistoryMs = 120_000;
/** The shortest time that a chart shows. */
const kLeastSpanMs = 20_000;
/** So that rooms of a long day do not fill the page. */
const kMaxSeries = 2_000;

export class History {
  #series = new Map(); // by name, the one touched last at the end

  /** Adds a figure at `now`; what is no number is left out. */
  add(name, value, now) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return;
    const samples = this.#series.get(name) ?? [];
    this.#series.delete(name);
    this.#series.set(name, samples);
    samples.push({ at: now, value });
    while (samples[0].at < now - kHistoryMs) samples.shift();
    if (this.#series.size > kMaxSeries) this.#series.delete(this.#series.keys().next().value);
  }

  /** `[{at, value}]`, the eldest first, none older than two minutes. */
  of(name, now) {
    return (this.#series.get(name) ?? []).filter(({ at }) => at >= now - kHistoryMs);
  }

  /** The same as sparkline() takes it. A series that has just begun fills its chart, too. */
  chart(name, now) {
    const samples = this.of(name, now);
    const seenMs = samples.length > 0 ? now - samples[0].at : 0;
    return { samples, now, spanMs: Math.min(kHistoryMs, Math.max(kLeastSpanMs, seenMs)) };
  }
}

/** A rate out of a counter that only grows; nothing for the first value, and where the counter began anew. */
export class Rates {
  #last = new Map();

  of(name, total, now) {
    const before = this.#last.get(name);
    if (typeof total !== 'number') return undefined;
    if (before && before.now === now) return before.rate;
    const rate = before && total >= before.total ? (total - before.total) / ((now - before.now) / 1000) : undefined;
    this.#last.set(name, { total, now, rate });
    return rate;
  }
}
