"""Viewers over HLS: one that knows low latency, as a player would, and FFmpeg, which does not."""
import re
import urllib.parse

from product import run

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')


def attributes(line):
    """RFC 8216 section 4.2: of a tag, quotes taken off."""
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(line.partition(":")[2])}


class Segment:
    def __init__(self, number, initialisation):
        self.number = number
        self.initialisation = initialisation
        self.discontinuity = False
        self.gap = False      # it was never finished
        self.parts = []       # {URI, DURATION, ...}
        self.address = None   # while it runs: none
        self.seconds = None

    @property
    def length(self):
        """Of its parts, while it runs."""
        return self.seconds or sum(float(part["DURATION"]) for part in self.parts)


class Playlist:
    """draft-pantos-hls-rfc8216bis section 4.4, as much of it as this gateway writes."""

    def __init__(self, text):
        self.text = text
        self.segments = []
        self.hint = None
        self.ended = False
        self.control = {}
        self.target = self.part_target = 0
        self.number = 0
        self._initialisation = None
        self._next = None
        for line in text.splitlines():
            self._take(line)
        if self._next and self._next.parts:
            self.segments.append(self._next)  # the one that runs

    def _take(self, line):
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-MEDIA-SEQUENCE":
            self.number = int(value)
        elif tag == "#EXT-X-TARGETDURATION":
            self.target = int(value)
        elif tag == "#EXT-X-PART-INF":
            self.part_target = float(attributes(line)["PART-TARGET"])
        elif tag == "#EXT-X-SERVER-CONTROL":
            self.control = attributes(line)
        elif tag == "#EXT-X-PRELOAD-HINT":
            self.hint = attributes(line)["URI"]
        elif tag == "#EXT-X-ENDLIST":
            self.ended = True
        elif tag == "#EXT-X-MAP":
            self._initialisation = attributes(line)["URI"]
            self._segment().initialisation = self._initialisation
        elif tag == "#EXT-X-DISCONTINUITY":
            self._segment().discontinuity = True
        elif tag == "#EXT-X-GAP":
            self._segment().gap = True
        elif tag == "#EXT-X-PART":
            self._segment().parts.append(attributes(line))
        elif tag == "#EXTINF":
            self._segment().seconds = float(value.rstrip(","))
        elif line and not line.startswith("#"):
            self._segment().address = line
            self.segments.append(self._segment())
            self._next = None

    def _segment(self):
        if self._next is None:
            self._next = Segment(self.number + len(self.segments), self._initialisation)
        return self._next

    @property
    def whole(self):
        return [segment for segment in self.segments if segment.address and not segment.gap]

    @property
    def position(self):
        """(segment, part) of the part that follows the last one."""
        last = self.segments[-1]
        return (last.number + 1, 0) if last.address else (last.number, len(last.parts))


class HlsViewer:
    """Asks for what a playlist names. `address`: of the playlist, with the key if there is one."""

    def __init__(self, gateway, address, viewer):
        self._gateway = gateway
        self._address = address
        self._viewer = viewer

    def reload(self, position=None):
        """Waits for the part at `position` (segment, part), or asks for what there is. @return Playlist"""
        query = {"viewer": self._viewer}
        if position:
            query |= {"_HLS_msn": position[0], "_HLS_part": position[1]}
        separator = "&" if "?" in self._address else "?"
        return Playlist(self.load(f"{self._address}{separator}{urllib.parse.urlencode(query)}").decode())

    def ask(self, address):
        """As a playlist names it, relative to itself."""
        return self._gateway.get(urllib.parse.urljoin(self._address, address))

    def load(self, address):
        response = self.ask(address)
        if response.status != 200:
            raise AssertionError(f"GET {address}: {response.head}\n{response.body[:200]}")
        return response.body

    def save(self, segments, path):
        """Those of one initialisation, as one file."""
        data = [self.load(segments[0].initialisation)] + [self.load(segment.address) for segment in segments]
        path.write_bytes(b"".join(data))
        return path


def periods(playlist):
    """Its whole segments, cut where there is a discontinuity."""
    found = []
    for segment in playlist.whole:
        if segment.discontinuity or not found:
            found.append([])
        found[-1].append(segment)
    return found


def save_periods(viewer, folder):
    """A file of each, in their order: they differ in format or in clock."""
    return [viewer.save(segments, folder / f"period-{number}.mp4")
            for number, segments in enumerate(periods(viewer.reload()))]


def watch_plainly(gateway, address, path, seconds):
    """FFmpeg's player, which knows segments alone, writes what it plays into a file."""
    run("ffmpeg", "-v", "error", "-t", str(seconds), "-i", f"http://127.0.0.1:{gateway.port}{address}", "-c", "copy",
        "-f", "mp4", str(path))
    return path
