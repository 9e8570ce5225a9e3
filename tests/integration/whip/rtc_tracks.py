"""Media that can be recognised on the other side: a grey of a given brightness, and a tone."""
import asyncio
import fractions

import numpy
from aiortc import MediaStreamTrack
from av import AudioFrame, VideoFrame

FRAMES_PER_SECOND = 10
WIDTH, HEIGHT = 160, 120
VIDEO_CLOCK = 90000
SAMPLE_RATE = 48000
AUDIO_SAMPLES = SAMPLE_RATE // 50
TONE_HZ = 440


class Grey(MediaStreamTrack):
    """Video in one brightness (0 to 255), which survives any codec."""

    kind = "video"

    def __init__(self, brightness):
        super().__init__()
        self._brightness = brightness
        self._frames = 0

    async def recv(self):
        await asyncio.sleep(1 / FRAMES_PER_SECOND)
        pixels = numpy.full((HEIGHT, WIDTH, 3), self._brightness, dtype=numpy.uint8)
        frame = VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
        frame.pts = self._frames * VIDEO_CLOCK // FRAMES_PER_SECOND
        frame.time_base = fractions.Fraction(1, VIDEO_CLOCK)
        self._frames += 1
        return frame


class Tone(MediaStreamTrack):
    """A sine at half of full scale."""

    kind = "audio"

    def __init__(self):
        super().__init__()
        self._samples = 0

    async def recv(self):
        await asyncio.sleep(AUDIO_SAMPLES / SAMPLE_RATE)
        time = (self._samples + numpy.arange(AUDIO_SAMPLES)) / SAMPLE_RATE
        wave = (0.5 * 32767 * numpy.sin(2 * numpy.pi * TONE_HZ * time)).astype(numpy.int16)
        frame = AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.pts = self._samples
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self._samples += AUDIO_SAMPLES
        return frame


def brightness(frame):
    return float(frame.to_ndarray(format="gray").mean())


def loudness(frame):
    return float(numpy.abs(frame.to_ndarray()).max())
