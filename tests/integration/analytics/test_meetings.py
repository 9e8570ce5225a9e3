"""What is written down of a meeting, and that it is there again after a restart and after SIGKILL."""
import csv
import io
import sqlite3
import time
import unittest

import gateway_process
from meeting_gateway import EVERYTHING, Caller, MeetingTest

SOON = {"meeting_name": "All hands", "meeting_start_time": "2030-07-01T10:00:00Z", "meeting_type": "instant",
        "participants": ["ben"]}


class Analytics(MeetingTest):
    def run_gateway(self):
        config = self.write_config(**EVERYTHING)
        self.gateway = gateway_process.Gateway(self.folder, config, self.environment)
        self.addCleanup(self.end, self.gateway)
        self.gateway.wait_until_ready()
        self.hana = self.person("hana", user_type="teacher")

    def end(self, gateway, kill=True):
        if gateway.process.poll() is None:
            gateway.process.kill() if kill else gateway.stop()
        gateway.wait()
        gateway.close_clients()
        self.assertNotRegex(gateway.log.text(), gateway_process.SANITIZER)

    def restart(self, kill):
        self.end(self.gateway, kill)
        self.run_gateway()

    def hold_a_meeting(self):
        """Two people, two messages, a hand; one has left, the meeting is live."""
        self.id = self.hana.rest.ok("POST", "/api/meeting", SOON)["id"]
        self.path = f"/api/meeting/{self.id}"
        self.hana.join(self.id)
        ben = self.person("ben").join(self.id)
        for person in (self.hana, ben):
            person.request("chat:send", {"message": "Hello"})
        ben.request("hand:raise")
        ben.request("room:leave")
        return ben

    def analytics(self, caller=None, query=""):
        return (caller or self.hana).rest.ok("GET", self.path + "/analytics" + query)

    def figures(self):
        meeting = self.analytics()["meeting_analytics"]
        return {name: meeting[name] for name in ("live", "peak_participants", "total_participants", "total_joins",
                                                 "total_chat_messages", "total_hands_raised")}

    HELD = {"peak_participants": 2, "total_participants": 2, "total_joins": 2, "total_chat_messages": 2,
            "total_hands_raised": 1}

    def test_from_the_first_join_to_the_figures(self):
        self.run_gateway()
        ben = self.hold_a_meeting()
        self.assertEqual(self.figures(), self.HELD | {"live": True})
        stats = self.hana.rest.ok("GET", self.path + "/live-stats")["live_stats"]
        self.assertEqual((stats["current_participants"], stats["max_participants"], stats["active_speakers"]),
                         (1, 2, 0))
        self.hana.rest.ok("POST", self.path + "/end")

        data = self.analytics()
        self.assertEqual(self.figures(), self.HELD | {"live": False})
        people = {one["user_id"]: one for one in data["participants"]}
        self.assertEqual((people["ben"]["chat_messages"], people["ben"]["hands_raised"]), (1, 1))
        self.assertEqual((people["hana"]["role"], people["hana"]["chat_messages"]), ("host", 1))
        self.assertEqual([entry["event"] for entry in data["timeline"]][:3], ["joined", "joined", "left"])
        own = self.analytics(ben)
        self.assertEqual([one["user_id"] for one in own["participants"]], ["ben"])
        self.assertNotIn("timeline", own)

        answer = self.hana.rest.call("GET", self.path + "/analytics/export?format=csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        self.assertEqual({row["user_id"] for row in rows}, {"hana", "ben"})
        self.assertEqual(ben.rest.call("GET", self.path + "/analytics/export").status, 403)
        admin = self.person("ada", role="admin")
        summary = admin.rest.ok("GET", "/api/meeting/analytics/summary")["analytics_summary"]
        self.assertEqual((summary["total_meetings"], summary["total_chat_messages"]), (1, 2))
        sessions = self.operator("/admin/v1/analytics/sessions")["data"]["sessions"]
        self.assertEqual([(one["meeting_id"], one["live"]) for one in sessions], [(self.id, False)])

    def test_a_restart_keeps_all_of_it(self):
        self.run_gateway()
        self.hold_a_meeting()
        self.restart(kill=False)
        self.assertEqual(self.figures(), self.HELD | {"live": False})
        self.assertNotEqual(self.analytics()["meeting_analytics"]["sessions"][0]["end_reason"], "crashed")

    def test_what_was_written_survives_sigkill(self):
        self.run_gateway()
        self.hold_a_meeting()
        self.analytics()  # who reads has it written before
        self.restart(kill=True)
        self.assertEqual(self.figures(), self.HELD | {"live": False})
        session = self.analytics()["meeting_analytics"]["sessions"][0]
        self.assertEqual(session["end_reason"], "crashed")
        self.assertIsNotNone(session["ended_at"])

    def test_all_is_written_without_being_asked_for(self):
        self.run_gateway()
        self.hold_a_meeting()
        deadline = time.monotonic() + 60  # every ten seconds, on a machine that has time
        while self.rows("analytics_person") < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        self.end(self.gateway)
        self.assertEqual(self.rows("analytics_person"), 2)

    def rows(self, table):
        database = sqlite3.connect(self.folder / "sluice.db", timeout=10)
        try:
            return database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        finally:
            database.close()

    def test_a_room_that_is_no_meeting_is_the_operators_alone(self):
        self.run_gateway()
        self.hana.join("studio")
        sessions = self.operator("/admin/v1/analytics/sessions?room=studio&live=true")["data"]["sessions"]
        self.assertEqual([(one["room_id"], one["meeting_id"]) for one in sessions], [("studio", None)])
        shown = self.operator(f"/admin/v1/analytics/sessions/{sessions[0]['session_id']}")["data"]
        self.assertEqual([one["user_id"] for one in shown["participants"]], ["hana"])
        self.assertEqual(Caller(self.gateway).admin("GET", "/admin/v1/analytics/sessions/0").status, 404)


if __name__ == "__main__":
    unittest.main()
