// The watch page as one viewer uses it, who has no seat in the room.
import { eventually } from './eventually.mjs';

const kMovingFrames = 10;
const kStartMs = 90_000; // a program is composed and coded in software, beside two browsers' pages

export class WatchPage {
  /** By the address that people are given, or by the page's own where `query` has more for it. */
  static async open(browser, gateway, { name, room, query }) {
    const context = await browser.newContext({ viewport: { width: 960, height: 640 } });
    const watch = new WatchPage();
    watch.name = name;
    watch.console = [];
    watch.page = await context.newPage();
    watch.page.on('console', (message) => watch.console.push(`${message.type()}: ${message.text()}`));
    watch.page.on('pageerror', (error) => watch.console.push(`uncaught: ${error.stack}`));
    const path = query ? `watch.html?${new URLSearchParams({ room, ...query })}` : `live/${room}`;
    await watch.page.goto(`${gateway.url}/${path}`);
    return watch;
  }

  probe(method) {
    return this.page.evaluate((name) => window.__watch?.[name](), method);
  }

  async is(state) {
    try {
      await eventually(`${this.name} sees a stream that is ${state}`, () => this.probe('state'), (now) => now === state, kStartMs);
    } catch (error) {
      throw new Error(`${error.message}; the page says: ${await this.says()}`);
    }
  }

  says() {
    return this.page.locator('#message').innerText();
  }

  async watchBy(mode) {
    await this.page.getByLabel('How to watch').selectOption(mode);
  }

  /** Pictures come, and go on coming. */
  async plays(mode) {
    await eventually(`${this.name} watches by ${mode}`, () => this.probe('mode'), (now) => now === mode);
    await this.is('live');
    const frames = () => this.#onPicture((video) => video.getVideoPlaybackQuality().totalVideoFrames);
    const first = await eventually(`${this.name} sees frames`, frames, Boolean, kStartMs);
    await eventually(`pictures move for ${this.name}`, frames, (now) => now > first + kMovingFrames, kStartMs);
  }

  /** Where the player is, in seconds. */
  time() {
    return this.#onPicture((video) => video.currentTime);
  }

  /** [red, green, blue] in the middle of the picture; null without one. */
  colour() {
    return this.#onPicture((video) => {
      if (!video.videoWidth) return null;
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      const { videoWidth: width, videoHeight: height } = video;
      context.drawImage(video, width * 0.45, height * 0.45, width * 0.1, height * 0.1, 0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
    });
  }

  close() {
    return this.page.context().close();
  }

  /** The one that shows something: the program's, or the first of the room. */
  picture() {
    return this.page.locator('#program:visible, #tiles video:not(.idle)').first();
  }

  /** null: none is shown. */
  #onPicture(look) {
    return this.picture().evaluate(look, undefined, { timeout: 1_000 }).catch(() => null);
  }
}
