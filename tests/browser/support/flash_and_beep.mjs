// A source whose picture flashes white while it beeps, once a second; and how to find both again in a file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs in the page before its scripts: camera and microphone are the flashing picture and the beep. */
export function flashAndBeep() {
  const kEverySeconds = 1;
  const kFlashSeconds = 0.1;
  // A picture leaves the canvas half a screen's and half a capture's interval after its time, on average.
  const kCanvasDelaySeconds = 0.025;
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    window.sound ??= new AudioContext({ sampleRate: 48000 });
    await window.sound.resume();
    return new MediaStream([...(video ? [flashing(window.sound)] : []), ...(audio ? [beeping(window.sound)] : [])]);
  };

  function beeping(sound) {
    const tone = new OscillatorNode(sound, { frequency: 1000 });
    const gate = new GainNode(sound, { gain: 0 });
    const out = sound.createMediaStreamDestination();
    tone.connect(gate).connect(out);
    tone.start();
    let next = Math.ceil(sound.currentTime) + kEverySeconds;
    const plan = () => {
      for (; next < sound.currentTime + 5; next += kEverySeconds) {
        gate.gain.setValueAtTime(0.5, next);
        gate.gain.setValueAtTime(0, next + kFlashSeconds);
      }
    };
    plan();
    setInterval(plan, 1000);
    return out.stream.getAudioTracks()[0];
  }

  function flashing(sound) {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 360;
    const context = canvas.getContext('2d', { alpha: false });
    const track = canvas.captureStream(30).getVideoTracks()[0];
    let frame = 0;
    const draw = () => {
      const flash = (sound.currentTime + kCanvasDelaySeconds) % kEverySeconds < kFlashSeconds;
      context.fillStyle = flash ? '#ffffff' : '#202020';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = '#808080'; // something moves, so that there is a frame each time
      context.fillRect((frame++ * 4) % canvas.width, 340, 20, 20);
      requestAnimationFrame(draw);
    };
    draw();
    return track;
  }
}

/**
 * When a file flashes and when it beeps, in seconds, each at its beginning.
 * `region` [x, y, width, height] as parts of the picture: where the flash is looked for.
 */
export async function findFlashesAndBeeps(file, region = [0.3, 0.3, 0.4, 0.3]) {
  const [x, y, width, height] = region;
  const crop = `crop=iw*${width}:ih*${height}:iw*${x}:ih*${y},scale=8:8:flags=area,format=gray`;
  const times = (await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', file]))
    .toString()
    .split('\n')
    .map((line) => parseFloat(line))
    .filter((time) => !Number.isNaN(time));
  const pictures = await run('ffmpeg', ['-v', 'error', '-i', file, '-an', '-vf', crop, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-']);
  const light = times.map((_, frame) => mean(pictures.subarray(frame * 64, frame * 64 + 64)));
  const samples = await run('ffmpeg', ['-v', 'error', '-i', file, '-vn', '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', '8000', '-f', 's16le', '-']);
  const loud = [];
  for (let at = 0; at + 16 <= samples.length; at += 16) loud.push(peak(samples.subarray(at, at + 16))); // 1 ms each
  return {
    flashes: rises(light, (most(light) + least(light)) / 2, 5).map((frame) => times[frame]),
    beeps: rises(loud, most(loud) / 4, 300).map((at) => at / 1000),
    frames: times.length,
  };
}

/** Milliseconds by which each beep follows its flash; beeps without a flash within 300 ms are left out. */
export function offsetsOf({ flashes, beeps }) {
  return beeps.flatMap((beep) => {
    const nearest = flashes.reduce((best, flash) => (Math.abs(flash - beep) < Math.abs(best - beep) ? flash : best), Infinity);
    return Math.abs(nearest - beep) < 0.3 ? [(beep - nearest) * 1000] : [];
  });
}

/** Seconds; what ffprobe complains of is thrown. */
export async function probe(file) {
  const text = await run('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-show_chapters', '-of', 'json', file]);
  return JSON.parse(text.toString());
}

/** Indexes at which the values rise over the threshold, after `quiet` values below it. */
function rises(values, threshold, quiet) {
  const found = [];
  let below = quiet;
  values.forEach((value, index) => {
    if (value < threshold) return ++below;
    if (below >= quiet) found.push(index);
    below = 0;
  });
  return found;
}

// A long file has more values than a call may have arguments.
const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
const mean = (bytes) => bytes.reduce((sum, byte) => sum + byte, 0) / Math.max(1, bytes.length);

function peak(bytes) {
  let most = 0;
  for (let at = 0; at < bytes.length; at += 2) most = Math.max(most, Math.abs(bytes.readInt16LE(at)));
  return most;
}

async function run(program, parameters) {
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts = [];
  let complaints = '';
  child.stdout.on('data', (part) => parts.push(part));
  child.stderr.on('data', (text) => (complaints += text));
  const [code] = await once(child, 'close');
  if (code !== 0 || complaints) throw new Error(`${program} ${parameters.join(' ')}: ${code}\n${complaints}`);
  return Buffer.concat(parts);
}
