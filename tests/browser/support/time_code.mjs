// The time, as a picture: blocks that survive being coded, scaled and coded again, and can be read in any frame.
import { canvasCamera } from './canvas_camera.mjs';

// Milliseconds of Unix time, their lowest 24 bits, and a check of 12: rows of black and white blocks in the middle of the
// picture. A frame that is half one picture and half the next fails the check.
export const kCode = { columns: 12, rows: 3, left: 0.1, top: 0.15, width: 0.8, height: 0.6 };
const kPeriodMs = 2 ** 24;

export function clockCamera(fps) {
  return canvasCamera(drawTime, kCode, fps);
}

function drawTime(context, { columns, rows, left, top, width, height }) {
  const { canvas } = context;
  const low = Date.now() % 2 ** 24;
  const check = (Math.imul(low, 0x9e3779b1) >>> 20) & 0xfff;
  const bit = (at) => (at < 24 ? (low >> (23 - at)) & 1 : (check >> (35 - at)) & 1);
  context.fillStyle = '#808080';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const [w, h] = [(canvas.width * width) / columns, (canvas.height * height) / rows];
  for (let at = 0; at < columns * rows; ++at) {
    context.fillStyle = bit(at) ? '#ffffff' : '#000000';
    context.fillRect(canvas.width * left + (at % columns) * w, canvas.height * top + Math.floor(at / columns) * h, w, h);
  }
}

/** Milliseconds that a picture is old at `now`, by the brightness (0 to 255) of its 36 blocks; null: not to be read. */
export function ageOf(blocks, now) {
  const bits = [...blocks].map((luma) => (luma > 127 ? 1 : 0));
  const number = (from, to) => bits.slice(from, to).reduce((value, bit) => value * 2 + bit, 0);
  const low = number(0, 24);
  if (((Math.imul(low, 0x9e3779b1) >>> 20) & 0xfff) !== number(24, 36)) return null;
  return ((((now - low) % kPeriodMs) + kPeriodMs) % kPeriodMs);
}

/**
 * In the page: reads `video` for so long, each frame as it is shown. `[{at, blocks}]`; what does not move is read once.
 */
export function readShown(video, [{ columns, rows, left, top, width, height }, seconds]) {
  const kScale = 4; // pixels of a block; those in its middle count
  const canvas = new OffscreenCanvas(columns * kScale, rows * kScale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const read = () => {
    const { videoWidth: w, videoHeight: h } = video;
    context.drawImage(video, w * left, h * top, w * width, h * height, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: columns * rows }, (_, at) => {
      const x = (at % columns) * kScale + kScale / 2;
      const y = Math.floor(at / columns) * kScale + kScale / 2;
      return data[(y * canvas.width + x) * 4 + 1];
    });
  };
  return new Promise((done) => {
    const seen = [];
    const end = Date.now() + seconds * 1000;
    const next = () => {
      const at = Date.now();
      seen.push({ at, blocks: read() });
      if (at < end) video.requestVideoFrameCallback(next);
      else done(seen);
    };
    video.requestVideoFrameCallback(next);
  });
}
