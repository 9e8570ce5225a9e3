"""What no log may have: a gateway is told every kind of secret, and its log is searched for each."""
import json
import re
import unittest

from media_shapes import FRAGMENT, RTMP_TARGET, offer
from meeting_gateway import ADMIN_TOKEN, SECRET, Caller, MeetingTest, Person, token

PASSWORD = "open-sesame-of-the-room"
TOKENS_SECRET = "a key that signs what the gateway itself hands out"
SDP = r"v=0|a=ice-pwd|a=ice-ufrag|a=fingerprint|ice-pwd:"


class LogSecrets(MeetingTest):
    def run_through(self, level):
        """Everybody shows what they have, what is right and what is wrong; `secrets` grows meanwhile."""
        self.start_all(log={"level": level, "format": "json"},
                       auth={"gateway_tokens": {"secret": TOKENS_SECRET}})
        secrets = {PASSWORD, SECRET, TOKENS_SECRET, ADMIN_TOKEN, RTMP_TARGET["key"]}
        hana = Person(self.gateway, "hana", claims={"role": "host", "user_type": "teacher"}).join("stage")
        forged = token("mallory", forged=True)[:-6] + "AAAAAA"
        secrets |= {hana.bearer, hana.stay["reconnectToken"], forged}
        self.assertIn("UNAUTHORIZED", self.gateway.connect(token=forged).closed().reason)
        Person(self.gateway, "mallory").join("stage", token=forged)
        self.meeting(hana, secrets)
        self.media(hana)
        self.streams(hana)
        Caller(self.gateway).admin("GET", f"/admin/v1/log/lines?text={ADMIN_TOKEN.split(' ', maxsplit=1)[0]}")
        self.gateway.admin("/admin/v1/info", headers={"Authorization": "Bearer not-the-" + ADMIN_TOKEN})
        return hana, secrets

    def meeting(self, hana, secrets):
        made = hana.rest.ok("POST", "/api/meeting", {
            "meeting_name": "Plans", "meeting_start_time": "2030-07-01T10:00:00Z", "meeting_password": PASSWORD, "allow_guests": True})
        path = f"/api/meeting/{made['id']}"
        hana.rest.ok("POST", path + "/start")
        visitor = Caller(self.gateway)
        visitor.call("POST", path + "/join", {"participant_name": "Gus", "meeting_password": PASSWORD + "-not"})
        joined = visitor.ok("POST", path + "/join", {"participant_name": "Gus", "meeting_password": PASSWORD})
        secrets.add(joined["access_token"])
        Person(self.gateway, "Gus", bearer=joined["access_token"]).request("room:join", {"roomId": made["id"]})

    def media(self, hana):
        hana.request("sdp:offer", {"sdp": offer()})
        hana.socket.ask("sdp:offer", {"sdp": offer() + "a=nonsense\r\nnonsense\r\n"})
        hana.socket.ask("ice:candidate", {"candidate": "no candidate", "sdpMid": "0"})
        hana.socket.ask("transport:create", {"direction": "send"})
        for body in (offer(), offer() + "nonsense\r\n"):
            answer = hana.rest.call("POST", "/whip/stage", body, content_type="application/sdp")
            if answer.status == 201:
                hana.rest.call("PATCH", answer.headers["location"], FRAGMENT,
                               content_type="application/trickle-ice-sdpfrag")
        hana.heard()

    def streams(self, hana):
        hana.rest.ok("POST", "/api/rooms/stage/stream/start", {"targets": [RTMP_TARGET, {"type": "hls"}]})
        hana.rest.ok("POST", "/api/rooms/stage/stream/stop")

    def look(self, level):
        hana, secrets = self.run_through(level)
        hana.heard()
        tail = self.operator("/admin/v1/log/lines?limit=500")["lines"]
        self.gateway.stop()
        log = self.gateway.log.text()
        self.assertIn("participant joined", log)
        self.assertTrue(tail)
        for text in (log, json.dumps(tail)):
            for secret in secrets:
                self.assertNotIn(secret, text)
            self.assertIsNone(re.search(SDP, text))
        return [json.loads(line) for line in self.gateway.log.lines]

    def test_at_info(self):
        for line in self.look("info"):
            if line["component"] == "plugin.videoroom" and line["message"].startswith("participant "):
                self.assertLessEqual({"plugin", "room", "participant"}, line.keys())

    def test_at_debug(self):
        levels = {line["level"] for line in self.look("debug")}
        self.assertIn("debug", levels)


if __name__ == "__main__":
    unittest.main()
