// The meeting page as one person uses it.
import { eventually } from './eventually.mjs';

// A tile that plays video differs from one colour; the fake camera's picture measures some thousand.
const kPictureVariance = 100;
// One frame can be a key frame that came before a freeze; a handful is a moving picture.
const kMovingFrames = 5;

export class MeetPage {
  /**
   * Opens the page; it joins by itself unless `autojoin` is false. `init` runs in the page before its scripts. `query` has
   * more for the address, and `cam: false` leaves the camera off.
   */
  static async open(browser, gateway, { name, room, codec, autojoin = true, cam = true, query = {}, init = () => {} }) {
    const context = await browser.newContext({ viewport: { width: 960, height: 640 } });
    const meet = new MeetPage();
    meet.name = name;
    meet.console = [];
    meet.page = await context.newPage();
    await meet.page.addInitScript(init);
    meet.page.on('console', (message) => meet.console.push(`${message.type()}: ${message.text()}`));
    meet.page.on('pageerror', (error) => meet.console.push(`uncaught: ${error.stack}`));
    const wanted = { room, name, ...(codec && { codec }), ...(autojoin && { autojoin: 1 }), ...(!cam && { cam: 0 }), ...query };
    await meet.page.goto(`${gateway.url}/?${new URLSearchParams(wanted)}`);
    return meet;
  }

  probe(method) {
    return this.page.evaluate((name) => window.__meet?.[name](), method);
  }

  notice() {
    return this.page.locator('#notice').innerText();
  }

  async isTold(pattern) {
    return eventually(`${this.name} is told ${pattern}`, () => this.notice(), (text) => pattern.test(text));
  }

  async inCall() {
    try {
      await eventually(`${this.name} is in the call`, () => this.probe('phase'), (phase) => phase === 'call');
    } catch (error) {
      throw new Error(`${error.message}; the page says: ${await this.notice()}`);
    }
    return this;
  }

  async names() {
    return ((await this.probe('participants')) ?? []).map(({ name }) => name).sort();
  }

  async sees(...names) {
    const wanted = JSON.stringify(names.sort());
    await eventually(`${this.name} sees ${names}`, () => this.names(), (seen) => JSON.stringify(seen) === wanted);
    // Tiles, not only the list behind them.
    await eventually(
      `${this.name} has a tile for each of ${names}`,
      () => this.page.locator('.tile[data-purpose=camera]').count(),
      (count) => count === names.length,
    );
  }

  async inboundOf(name, source, kind = source === 'mic' ? 'audio' : 'video') {
    const participants = (await this.probe('participants')) ?? [];
    const ids = participants.filter((one) => one.name === name).map((one) => one.participantId);
    const tracks = (await this.probe('inbound')) ?? [];
    return tracks.find((track) => ids.includes(track.participantId) && track.source === source && track.kind === kind);
  }

  /** Frames of `name` are decoded, go on being decoded, and show something. Gives the track's statistics. */
  async watches(name, source = 'webcam') {
    const frames = async () => (await this.inboundOf(name, source))?.frames ?? 0;
    const first = await eventually(`${this.name} decodes ${source} of ${name}`, frames);
    await eventually(`${source} of ${name} moves for ${this.name}`, frames, (now) => now >= first + kMovingFrames);
    await eventually(
      `${source} of ${name} is a picture for ${this.name}`,
      () => this.lumaVariance(name, source),
      (variance) => variance > kPictureVariance,
    );
    return this.inboundOf(name, source);
  }

  /** Sound of `name` arrives and goes on arriving. */
  async hears(name) {
    const energy = async () => (await this.inboundOf(name, 'mic'))?.audioEnergy ?? 0;
    const first = await eventually(`${this.name} hears ${name}`, energy);
    await eventually(`${this.name} goes on hearing ${name}`, energy, (now) => now > first);
  }

  /** Variance of the brightness (0..255) of what the tile shows; 0 for one colour, -1 without a picture. */
  async lumaVariance(name, source) {
    const participants = (await this.probe('participants')) ?? [];
    const id = participants.find((one) => one.name === name)?.participantId;
    const purpose = source === 'screen' ? 'screen' : 'camera';
    return this.page.evaluate(
      ([participant, wanted]) => {
        const video = document.querySelector(`.tile[data-participant="${participant}"][data-purpose=${wanted}] video`);
        if (!video?.videoWidth) return -1;
        const canvas = new OffscreenCanvas(64, 36);
        const context = canvas.getContext('2d');
        context.drawImage(video, 0, 0, canvas.width, canvas.height);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        let squares = 0;
        for (let at = 0; at < data.length; at += 4) {
          const luma = 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
          sum += luma;
          squares += luma * luma;
        }
        const count = data.length / 4;
        return squares / count - (sum / count) ** 2;
      },
      [id, purpose],
    );
  }

  async press(source) {
    await this.page.locator(`#toolbar button[data-source=${source}]`).click();
  }

  async leave() {
    await this.page.locator('#leave').click();
  }

  close() {
    return this.page.context().close();
  }
}
