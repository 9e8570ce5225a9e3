// Cameras that draw what a test looks for. What is made here runs in the page before its scripts.

const kWidth = 640;
const kHeight = 360;

/**
 * A camera whose picture is `draw(context, given, frame)`, on a canvas of 640 x 360, and a microphone that hums. `draw`
 * must not use anything of its module.
 */
export function canvasCamera(draw, given, fps = 30) {
  const content = `(${replaceDevices})(${draw}, ${JSON.stringify(given)}, ${JSON.stringify({ width: kWidth, height: kHeight, fps })})`;
  return { content };
}

/** Of that colour [red, green, blue]; something moves at its lower edge, so that there is a frame each time. */
export function colouredCamera(colour) {
  return canvasCamera(drawColour, colour, 15);
}

function drawColour(context, colour, frame) {
  const { width, height } = context.canvas;
  context.fillStyle = `rgb(${colour.join(' ')})`;
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#808080';
  context.fillRect((frame * 4) % width, height - 20, 20, 20);
}

function replaceDevices(draw, given, { width, height, fps }) {
  function picture() {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d', { alpha: false });
    let frame = 0;
    const paint = () => {
      draw(context, given, frame++);
      requestAnimationFrame(paint);
    };
    paint();
    return canvas.captureStream(fps).getVideoTracks();
  }
  function hum() {
    const sound = new AudioContext();
    const out = sound.createMediaStreamDestination();
    const tone = new OscillatorNode(sound, { frequency: 330 });
    tone.connect(new GainNode(sound, { gain: 0.1 })).connect(out);
    tone.start();
    return out.stream.getAudioTracks();
  }
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    return new MediaStream([...(video ? picture() : []), ...(audio ? hum() : [])]);
  };
}
