"""The events of recordings."""
from event_rows import MISSING, Row


def of_recording(event, told, **more):
    """What is done to the room's recording, which another tenant's room does not have."""
    return Row(event, gives=("recordingId", "state"), told={"attendee": told, "viewer": told}, denied="attendee",
               elsewhere="CONFLICT", **more)


ROWS = (
    Row("recording:start", lambda s, who: {"layout": "speaker", "quality": "low"}, gives=("recordingId", "state"),
        told={"attendee": "recording:started", "viewer": "recording:started"}, denied="attendee",
        bad={"layout": "round"}, path="layout"),
    of_recording("recording:stop", "recording:stopped", ready=lambda s: s.recording()),
    of_recording("recording:pause", "recording:paused", ready=lambda s: s.recording()),
    of_recording("recording:resume", "recording:resumed", ready=lambda s: s.paused_recording()),
    Row("recording:layout", lambda s, who: {"layout": "grid"}, ready=lambda s: s.recording(), denied="attendee",
        bad={"layout": MISSING}, path="layout", elsewhere="CONFLICT"),
    Row("recording:consent", lambda s, who: {"recordingId": s.recording(), "accepted": True}, by="attendee",
        ready=lambda s: s.recording(), why_all_may="of oneself", bad={"accepted": "yes"}, path="accepted",
        elsewhere="NOT_FOUND"),
    Row("recording:list", ready=lambda s: s.recording(), gives=("recordings.0.recordingId", "recordings.0.state", "total"),
        by="attendee", why_all_may="everybody sees what it was at", bad={"limit": "x"}, path="limit",
        elsewhere_check=lambda test, s, answer: test.assertEqual(answer, {"recordings": [], "total": 0})),
)
