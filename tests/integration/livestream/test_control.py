"""A stream by REST in a room in which nobody publishes: the slate is watched, by who has the key."""
import time
import unittest

from meeting_gateway import MeetingTest, Person
from streaming_gateway import STREAMS

STREAM = "/api/rooms/stage/stream"
SERVER = {"url": "rtmp://server.invalid/live", "key": "key-nobody-sees"}


class Control(MeetingTest):
    def setUp(self):
        super().setUp()
        self.start_all(plugins={"livestream": {"hls": {"access": "key"}, "program": {"quality": "low"}}})
        self.host = Person(self.gateway, "hana", claims={"role": "host"}).join("stage")

    def until(self, path, holds):
        """Asks until it is so, as long as a machine that is busy may take."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = self.gateway.get(path)
            if holds(answer):
                return answer
            self.host.heard()  # a way to the gateway and back
        self.fail(f"{path}: {answer.status} {answer.body[:400]}")

    def test_a_slate_is_watched_by_who_has_the_key(self):
        stream = self.host.rest.ok("POST", STREAM + "/start", {"targets": [SERVER, {"type": "hls"}]})
        playlist, page = stream["hls"]["url"], stream["hls"]["watch_url"]
        self.assertIn("?key=", playlist)
        self.assertEqual(self.gateway.get(playlist.split("?")[0]).status, 404)
        moved = self.gateway.get(page)
        self.assertEqual(moved.status, 302)
        self.assertIn("/watch.html?room=stage&key=", moved.headers["location"])
        self.until(playlist, lambda answer: b".m4s" in answer.body)
        seen = self.operator(STREAMS)["data"]["streams"][0]
        self.assertGreater(seen["pid"], 1)
        self.host.rest.ok("POST", STREAM + "/stop")
        self.until(playlist, lambda answer: b"#EXT-X-ENDLIST" in answer.body)
        self.assertNotIn(SERVER["key"], str(self.host.heard()) + str(seen))


if __name__ == "__main__":
    unittest.main()
