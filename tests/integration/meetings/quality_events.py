"""The events of connection quality."""
from event_rows import Row

REPORT = {"intervalMs": 5000, "roundTripMs": 31,
          "audio": [{"jitterMs": 2, "jitterBufferMs": 60, "totalSamplesReceived": 240000, "concealedSamples": 480}],
          "video": [{"source": "webcam", "frameWidth": 640, "frameHeight": 360, "framesPerSecond": 30,
                     "freezeCount": 1, "totalFreezesDurationMs": 300}]}

ROWS = (
    Row("stats:report", lambda s, who: REPORT, why_all_may="of oneself",
        bad={"audio": [{}, {"jitterMs": -1}]}, path="audio[1].jitterMs"),
)
