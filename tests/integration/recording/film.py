"""A publisher that can be recognised in a product: its picture flashes while it beeps, once a second."""
import asyncio
import contextvars
import datetime
import fractions
import time

import aiortc.clock
import aiortc.rtcrtpsender
import av
import numpy
from aiortc import MediaStreamTrack, RTCRtpSender
from av import AudioFrame, VideoFrame
from whip_client import Publisher, eventually

FRAMES_PER_SECOND = 30
WIDTH, HEIGHT = 320, 240
VIDEO_CLOCK = 90000
SAMPLE_RATE = 48000
SAMPLES = SAMPLE_RATE // 50
FLASH_SECONDS = 0.1
DARK, LIGHT = 40, 220
LOUD, SOFT = 12000, 1500

av.logging.set_level(av.logging.FATAL)  # encoders like to tell of themselves


# aiortc's sender reports say when a packet was sent; a browser's say when its picture was taken. In a process that
# encodes in Python the two are some frames apart, which would be measured as an error of the recording.
_taken = contextvars.ContextVar("taken")


class _CaptureClock:
    current_datetime = staticmethod(aiortc.clock.current_datetime)

    @staticmethod
    def current_ntp_time():
        taken = _taken.get(None)
        when = datetime.datetime.fromtimestamp(taken or time.time(), datetime.timezone.utc)
        return aiortc.clock.datetime_to_ntp(when)


aiortc.rtcrtpsender.clock = _CaptureClock


class _Track(MediaStreamTrack):
    def __init__(self, began):
        super().__init__()
        self._began = began
        self.seconds = 0.0  # of what has been handed out

    async def _until(self, at):
        """The time at which the picture or sound of `at` seconds is taken, and sent at the earliest."""
        await asyncio.sleep(max(0, self._began + at - time.time()))
        _taken.set(self._began + at)
        self.seconds = at


class Camera(_Track):
    kind = "video"

    def __init__(self, began, noise=0):
        super().__init__(began)
        self._frames = 0
        self._noise = noise
        self._random = numpy.random.default_rng(1)

    async def recv(self):
        at = self._frames / FRAMES_PER_SECOND
        await self._until(at)
        frame = VideoFrame.from_ndarray(self._picture(at), format="gray").reformat(format="yuv420p")
        frame.pts = self._frames * VIDEO_CLOCK // FRAMES_PER_SECOND
        frame.time_base = fractions.Fraction(1, VIDEO_CLOCK)
        self._frames += 1
        return frame

    def _picture(self, at):
        pixels = numpy.full((HEIGHT, WIDTH), LIGHT if at % 1 < FLASH_SECONDS else DARK, dtype=numpy.uint8)
        if self._noise:
            pixels += self._random.integers(0, self._noise, pixels.shape, dtype=numpy.uint8)
        left = self._frames * 4 % (WIDTH - 20)
        pixels[-30:-10, left:left + 20] = 128  # something moves
        return pixels


class Microphone(_Track):
    kind = "audio"

    def __init__(self, began, tone_hz):
        super().__init__(began)
        self._samples = 0
        self._tone_hz = tone_hz
        self.talks = False  # softly, all the time: who has the word

    async def recv(self):
        await self._until(self._samples / SAMPLE_RATE)
        times = (self._samples + numpy.arange(SAMPLES)) / SAMPLE_RATE
        level = numpy.where(times % 1 < FLASH_SECONDS, LOUD, 0)
        wave = level * numpy.sin(2 * numpy.pi * self._tone_hz * times)
        if self.talks:
            wave += SOFT * numpy.sin(2 * numpy.pi * 300 * times)
        frame = AudioFrame.from_ndarray(wave.astype(numpy.int16).reshape(1, -1), format="s16", layout="mono")
        frame.pts = self._samples
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self._samples += SAMPLES
        return frame


class Film(Publisher):
    """Somebody who comes by WHIP with one codec."""

    def __init__(self, gateway, codec="VP8", tone_hz=1000, noise=0, token=None):
        began = time.time()
        self.camera = Camera(began, noise)
        self.microphone = Microphone(began, tone_hz)
        super().__init__(gateway, self.microphone, self.camera, token=token)
        wanted = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == f"video/{codec}"]
        self.connection.getTransceivers()[1].setCodecPreferences(wanted)

    async def films(self, seconds):
        """Waits until so much more has been sent."""
        until = self.camera.seconds + seconds
        await eventually(lambda: min(self.camera.seconds, self.microphone.seconds) >= until,
                         lambda: f"{self.camera.seconds} s of pictures, {self.microphone.seconds} s of sound")
