"""The events of live streams."""
import media_shapes
from event_rows import MISSING, Row


def of_stream(event, *data, **more):
    """What is done to the room's stream, which another tenant's room does not have."""
    return Row(event, *data, **{"ready": lambda s: s.stream(), "denied": "attendee", "elsewhere": "CONFLICT"} | more)


ROWS = (
    Row("stream:start", lambda s, who: {"layout": "speaker"}, gives=("streamId", "state", "hls.url", "program.frames"),
        told={"attendee": "stream:started", "viewer": "stream:started"}, denied="attendee",
        bad={"layout": "round"}, path="layout"),
    of_stream("stream:stop", gives=("streamId",), told={"attendee": "stream:stopped", "viewer": "stream:stopped"}),
    of_stream("stream:layout", lambda s, who: {"layout": "grid"}, bad={"layout": MISSING}, path="layout"),
    of_stream("stream:target-add", lambda s, who: media_shapes.RTMP_TARGET,
              gives=("targetId", "maskedRtmpUrl", "state"), bad={"url": "http://server.invalid/live"}, path="url"),
    of_stream("stream:target-remove", lambda s, who: {"targetId": s.stream_target()},
              ready=lambda s: s.stream_target(), bad={"targetId": 1}, path="targetId"),
    Row("stream:status", ready=lambda s: s.stream(), by="attendee", gives=("live", "streamId", "viewers", "hls.watchUrl"),
        why_all_may="everybody knows that the room is live",
        elsewhere_check=lambda test, s, answer: test.assertFalse(answer["live"])),
)
