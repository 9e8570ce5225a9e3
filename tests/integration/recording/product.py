"""What is in a recorded file, as FFmpeg reads it."""
import json
import subprocess

import av
import numpy

WINDOW_SECONDS = 0.005


class Product:
    """A file. What ffprobe or a decoder complains of is an AssertionError."""

    def __init__(self, path):
        self.path = str(path)
        self.probed = json.loads(run("ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of",
                                     "json", self.path))
        run("ffmpeg", "-v", "error", "-xerror", "-i", self.path, "-f", "null", "-")
        self.seconds = float(self.probed["format"]["duration"])
        self.codecs = sorted(stream["codec_name"] for stream in self.probed["streams"])
        self.chapters = [(float(c["start_time"]), float(c["end_time"]), c["tags"]["title"])
                         for c in self.probed["chapters"]]

    def stream(self, kind):
        return next(stream for stream in self.probed["streams"] if stream["codec_type"] == kind)

    def boxes(self):
        """The names of the file's outermost boxes (ISO 14496-12 section 4.2), in their order."""
        with open(self.path, "rb") as file:
            data = file.read()
        names, at = [], 0
        while at + 8 <= len(data):
            size = int.from_bytes(data[at:at + 4], "big")
            names.append(data[at + 4:at + 8].decode("latin-1"))
            if size == 1:
                size = int.from_bytes(data[at + 8:at + 16], "big")
            at += max(size, 8)
        return names

    def light(self, left=0.3, right=0.7, top=0.3, bottom=0.6):
        """[(seconds, brightness)] of a part of each picture."""
        found = []
        with av.open(self.path) as file:
            for frame in file.decode(video=0):
                gray = frame.to_ndarray(format="gray")
                height, width = gray.shape
                part = gray[int(height * top):int(height * bottom), int(width * left):int(width * right)]
                found.append((frame.time, float(part.mean())))
        return found

    def flashes(self, **part):
        """When that part of the picture becomes light."""
        light = self.light(**part)
        values = [value for _, value in light]
        if not values or max(values) - min(values) < 60:
            return []
        return rises(light, (max(values) + min(values)) / 2)

    def beeps(self, tone_hz):
        """When a tone begins."""
        sound, rate = self._sound()
        size = int(rate * WINDOW_SECONDS)
        count = len(sound) // size
        wave = numpy.exp(-2j * numpy.pi * tone_hz * numpy.arange(count * size) / rate)
        loud = numpy.abs((sound[:count * size] * wave).reshape(count, size).mean(axis=1))
        if count == 0 or loud.max() < 0.01:
            return []
        return rises([(i * WINDOW_SECONDS, value) for i, value in enumerate(loud)], loud.max() / 3)

    def _sound(self):
        """One channel from second 0 on, and its rate."""
        with av.open(self.path) as file:
            rate = file.streams.audio[0].rate
            sound = numpy.zeros(int((self.seconds + 1) * rate), dtype=numpy.float32)
            for frame in file.decode(audio=0):
                samples = frame.to_ndarray().mean(axis=0)
                at = max(0, round(frame.time * rate))
                samples = samples[:len(sound) - at]
                sound[at:at + len(samples)] = samples
        return sound, rate


def rises(series, threshold, quiet_seconds=0.3):
    """The times at which a series of (time, value) exceeds the threshold, after a while below it."""
    found, last = [], None
    for at, value in series:
        if value < threshold:
            continue
        if last is None or at - last > quiet_seconds:
            found.append(at)
        last = at
    return found


def offsets(flashes, beeps):
    """Milliseconds by which each beep is later than its flash."""
    pairs = [(beep, min(flashes, key=lambda flash: abs(flash - beep))) for beep in beeps] if flashes else []
    return [(beep - flash) * 1000 for beep, flash in pairs if abs(beep - flash) < 0.3]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=240)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stderr}")
    return done.stdout
