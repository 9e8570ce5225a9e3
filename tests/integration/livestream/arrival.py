"""Packets of a program as they have arrived somewhere, by ffprobe: their codecs, times and key frames."""
import itertools
import json

from product import run


class Track:
    def __init__(self, described):
        self.codec = described["codec_name"]
        self.described = described
        self.times = []  # decoding, seconds
        self.keys = []   # of key frames

    def add(self, packet):
        at = float(packet["dts_time"])
        self.times.append(at)
        if "K" in packet["flags"]:
            self.keys.append(at)

    @property
    def seconds(self):
        return self.times[-1] - self.times[0]

    @property
    def rate(self):
        """Packets a second."""
        return (len(self.times) - 1) / self.seconds

    def steps(self):
        return [later - earlier for earlier, later in itertools.pairwise(self.times)]


class Arrival:
    """`source` is a file or an address; `options` go to ffprobe."""

    def __init__(self, source, *options):
        probed = json.loads(run("ffprobe", "-v", "error", *options, "-show_entries",
                                "stream=index,codec_type,codec_name,profile,width,height,sample_rate,channels"
                                ":packet=stream_index,dts_time,flags", "-of", "json", str(source)))
        tracks = {stream["index"]: Track(stream) for stream in probed["streams"]}
        for packet in probed["packets"]:
            tracks[packet["stream_index"]].add(packet)
        self.tracks = {track.described["codec_type"]: track for track in tracks.values()}
        self.video = self.tracks.get("video")
        self.audio = self.tracks.get("audio")

    @property
    def codecs(self):
        return sorted(track.codec for track in self.tracks.values())
