// A picture that costs what a camera's costs: texture that moves, and noise that no frame has in common with another.
// The browser's fake camera compresses to so little that no link is too thin for it.

const kFrames = 12; // then they come again; the movement has come round by then
const kTile = 96; // pixels after which the texture repeats: kFrames steps of kTile / kFrames
const kNoise = 10; // of 256

/** A video track of `width` x `height` at `fps`, until it is stopped. */
export function movingPicture({ width, height, fps }) {
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  const frames = Array.from({ length: kFrames }, (_, index) => makeFrame(width, height, index));
  const begin = performance.now();
  let next = 0;
  const timer = setInterval(() => {
    if (track.readyState === 'ended') return clearInterval(timer);
    // After a stall of this page frames are left out, as a camera would.
    const due = Math.floor(((performance.now() - begin) * fps) / 1000);
    if (due < next) return undefined;
    const timestamp = Math.round((due * 1e6) / fps);
    const options = { format: 'I420', codedWidth: width, codedHeight: height, timestamp };
    next = due + 1;
    return writer.write(new VideoFrame(frames[due % kFrames], options)).catch(() => clearInterval(timer));
  }, 1000 / fps / 4);
  return track;
}

function makeFrame(width, height, index) {
  const frame = new Uint8Array((width * height * 3) / 2).fill(128);
  const texture = makeTexture((index * kTile) / kFrames);
  let random = index + 1;
  for (let y = 0, at = 0; y < height; ++y) {
    const row = (y % kTile) * kTile;
    for (let x = 0; x < width; ++x, ++at) {
      random = (Math.imul(random, 1664525) + 1013904223) | 0; // a plain congruential generator: the same in each run
      frame[at] = texture[row + (x % kTile)] + ((random >>> 16) % kNoise);
    }
  }
  const half = (width / 2) * (height / 2);
  frame.fill(96 + 4 * (index % 2), width * height, width * height + half);
  return frame;
}

function makeTexture(shift) {
  const texture = new Uint8Array(kTile * kTile);
  const wave = (phase, times) => Math.sin((2 * Math.PI * times * phase) / kTile);
  for (let y = 0; y < kTile; ++y) {
    for (let x = 0; x < kTile; ++x) {
      texture[y * kTile + x] = 120 + 40 * wave(x + shift, 2) * wave(y, 3) + 30 * wave(x + y - shift, 4);
    }
  }
  return texture;
}
