// When the frames of a received track come, and how large they are. It reads the track itself: painting a large
// picture in software would cost more than decoding it, and no gap of the painting says anything about the network.

export class FrameWatch {
  #gapBegan = performance.now();
  #longest = 0;
  #frames = 0;
  width = 0;

  constructor(track) {
    this.#read(new MediaStreamTrackProcessor({ track }).readable.getReader());
  }

  /** Forgets what was, so that the longest gap is one of what follows. */
  restart() {
    this.#gapBegan = performance.now();
    this.#longest = 0;
    this.#frames = 0;
  }

  /** The gap that has not ended yet counts, too. */
  get summary() {
    const open = performance.now() - this.#gapBegan;
    return { longestGapMs: Math.round(Math.max(this.#longest, open)), frames: this.#frames, width: this.width };
  }

  async #read(reader) {
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      const now = performance.now();
      this.#longest = Math.max(this.#longest, now - this.#gapBegan);
      this.#gapBegan = now;
      this.#frames += 1;
      this.width = value.displayWidth;
      value.close();
    }
  }
}
