"""A meeting from its plan to its statistics, as its users see it; and what is left of it when the gateway is killed."""
import sqlite3
import unittest

import gateway_process
import media_shapes
from meeting_gateway import EVERYTHING, Caller, MeetingTest, Person
from web_socket import Closed

SOON = {"meeting_name": "All hands", "meeting_start_time": "2030-07-01T10:00:00Z"}


class LifeOfAMeeting(MeetingTest):
    def setUp(self):
        super().setUp()
        self.start_all()
        self.hana = self.person("hana", user_type="teacher", email="hana@north.example")

    def create(self, **fields):
        return self.hana.rest.ok("POST", "/api/meeting", SOON | fields)

    def guest(self, meeting, name, **body):
        """A guest's join by REST, and his connection with the token that it gave."""
        data = Caller(self.gateway).ok("POST", f"/api/meeting/{meeting}/join", {"participant_name": name, **body})
        return Person(self.gateway, name, bearer=data["access_token"])

    def test_from_the_plan_to_the_statistics(self):
        meeting = self.create(meeting_password="open sesame", waiting_room_enabled=True, allow_guests=True)
        path = f"/api/meeting/{meeting['id']}"
        self.assertTrue(meeting["password_protected"])
        self.assertEqual(self.hana.rest.ok("POST", path + "/start")["status"], "live")
        self.assertEqual(self.hana.join(meeting["id"]).stay["self"]["role"], "host")

        visitor = Caller(self.gateway)
        for password, reason in ((None, "password_required"), ("guess", "wrong_password")):
            refused = visitor.call("POST", path + "/join", {"meeting_password": password})
            self.assertEqual((refused.status, refused.code, refused.details["reasons"]),
                             (403, "ADMISSION_DENIED", [reason]), refused)
        gus = self.guest(meeting["id"], "Gus", meeting_password="open sesame")
        held = gus.request("room:join", {"roomId": meeting["id"]})
        self.assertTrue(held["waiting"] and held["hostPresent"], held)
        self.assertEqual(gus.refusal("room:members").code, "NOT_IN_ROOM")
        waiting = self.hana.request("waitingroom:list")["waiting"]
        self.assertEqual([one["name"] for one in waiting], ["Gus"])
        self.hana.request("waitingroom:admit", {"participantId": waiting[0]["participantId"]})
        stay = gus.joined(gus.event("room:joined")).stay
        self.assertEqual((stay["self"]["name"], stay["self"]["role"], stay["self"]["guest"]), ("Gus", "attendee", True))
        self.assertEqual(self.hana.event("participant:joined")["participant"]["participantId"], gus.id)

        self.talk(meeting["id"], gus)
        self.moderate(gus)
        final = self.hana.rest.ok("POST", path + "/end")["final_stats"]
        self.assertEqual((final["max_participants"], final["total_participants"], final["total_chat_messages"]),
                         (2, 2, 2), final)
        for person in (self.hana, gus):
            self.assertEqual(person.event("room:closed")["reason"], "ended")
        self.look_back(path, gus)

    def talk(self, room, gus):
        self.hana.request("chat:send", {"message": "Welcome"})
        self.assertEqual(gus.event("chat:message")["message"], "Welcome")
        gus.request("chat:send", {"message": "<b>Thank you</b>"})
        self.hana.event("chat:message")
        self.assertEqual(self.hana.event("chat:message")["message"], "<b>Thank you</b>")
        self.assertEqual(gus.request("hand:raise")["order"], 1)
        self.assertEqual(self.hana.event("hand:raised")["participantId"], gus.id)
        self.hana.request("hand:lower", {"participantId": gus.id})
        self.assertEqual(gus.event("hand:lowered")["by"], self.hana.id)
        elsewhere = self.person("hana", "south", role="host").join(room)
        self.assertEqual(elsewhere.request("chat:history")["messages"], [])

    def moderate(self, gus):
        transport = gus.request("transport:create", {"direction": "send"})["id"]
        producer = {"producerId": gus.request("produce", {
            "transportId": transport, "kind": "audio", "source": "mic",
            "rtpParameters": media_shapes.opus()})["producerId"]}
        self.hana.request("participant:mute", {"participantId": gus.id, "kind": "audio"})
        self.assertEqual(gus.event("mute:remote")["by"], self.hana.id)
        self.assertEqual(gus.refusal("producer:resume", producer).details["muted"], "audio")
        self.hana.request("participant:ask-unmute", {"participantId": gus.id, "kind": "audio"})
        gus.event("unmute:requested")
        gus.request("producer:resume", producer)

    def look_back(self, path, gus):
        chat = self.hana.rest.ok("GET", path + "/chat")
        self.assertEqual([message["message"] for message in chat["messages"]], ["<b>Thank you</b>", "Welcome"])
        self.assertIn("Gus", self.hana.rest.call("GET", path + "/chat?format=text").text)
        seen = self.hana.rest.ok("GET", path)
        self.assertEqual((seen["status"], seen["is_active"]), ("ended", False))
        self.assertEqual(seen["final_stats"]["total_joins"], 2)
        people = self.hana.rest.ok("GET", path + "/participants")["participants"]
        self.assertEqual({(one["name"], one["status"]) for one in people}, {("hana", "left"), ("Gus", "left")})
        actions = {entry["action"] for entry in self.hana.rest.ok("GET", path + "/audit?limit=100")["entries"]}
        self.assertLessEqual({"meeting.create", "waitingroom.admit", "participant.mute", "hand.lower"}, actions)
        self.assertEqual(gus.rest.call("POST", path + "/join").status, 410)

    def test_what_is_switched_off_is_refused_and_may_be_switched_on(self):
        features = {"chat_enabled": False, "hand_raise_enabled": False, "reactions_enabled": False,
                    "screen_sharing_enabled": False, "audio_enabled": False}
        meeting = self.create(features=features, meeting_type="instant")
        self.hana.join(meeting["id"])
        asks = (("chat:send", {"message": "Hello"}), ("hand:raise", {}), ("reaction:send", {"emoji": "👍"}),
                ("screenshare:start", {}))
        for event, data in asks:
            with self.subTest(event=event):
                refusal = self.hana.refusal(event, data)
                self.assertEqual(refusal.code, "PERMISSION_DENIED", refusal)
                self.assertIn("feature", refusal.details)
        self.assertFalse(self.hana.stay["features"]["chat"] or self.hana.stay["features"]["publishAudio"])
        self.hana.rest.ok("PUT", f"/api/meeting/{meeting['id']}", {"features": dict.fromkeys(features, True)})
        self.assertTrue(self.hana.event("room:policy-changed")["features"]["chat"])
        for event, data in asks:
            self.hana.request(event, data)

    def test_people_who_are_moved_about_by_rest(self):
        meeting = self.create(meeting_type="instant", participants=["arno"])
        path = f"/api/meeting/{meeting['id']}"
        self.hana.join(meeting["id"])
        arno = self.person("arno").join(meeting["id"])
        changed = self.hana.rest.ok("PATCH", f"{path}/participants/arno/role", {"new_role": "co_host"})
        self.assertEqual((changed["old_role"], changed["new_role"]), ("attendee", "co_host"))
        self.assertEqual(arno.event("role:updated")["role"], "co_host")
        self.hana.rest.ok("DELETE", f"{path}/participants", {"participant_ids": ["arno"], "reason": "full"})
        self.assertEqual(arno.event("participant:removed")["reason"], "full")
        self.assertEqual(arno.rest.call("GET", path).status, 404)

    def test_a_role_that_is_given_before_the_start_holds_in_the_room(self):
        meeting = self.create(participants=[{"user_id": "cora", "role": "co_host"}, "arno"])
        cora, arno = self.person("cora"), self.person("arno")
        early = arno.rest.call("POST", f"/api/meeting/{meeting['id']}/join")
        self.assertEqual((early.status, early.code), (409, "CONFLICT"), early)
        self.assertEqual(cora.join(meeting["id"]).stay["self"]["role"], "co_host")  # and so it begins
        self.assertEqual(self.hana.rest.ok("GET", f"/api/meeting/{meeting['id']}")["status"], "live")
        self.assertEqual(arno.join(meeting["id"]).stay["self"]["role"], "attendee")
        self.assertEqual(arno.refusal("room:lock", {"locked": True}).code, "PERMISSION_DENIED")


class Killed(MeetingTest):
    """SIGKILL: what was acknowledged is there, whatever the gateway was about to do next."""

    def run_gateway(self):
        config = self.write_config(**EVERYTHING)
        self.gateway = gateway_process.Gateway(self.folder, config, self.environment)
        self.addCleanup(self.kill, self.gateway)
        self.gateway.wait_until_ready()
        self.hana = self.person("hana", user_type="teacher")

    def kill(self, gateway):
        if gateway.process.poll() is None:
            gateway.process.kill()
        gateway.wait()
        gateway.close_clients()
        self.assertNotRegex(gateway.log.text(), gateway_process.SANITIZER)

    def restart(self):
        self.kill(self.gateway)
        self.run_gateway()

    def post(self, **fields):
        return self.hana.rest.ok("POST", "/api/meeting", SOON | fields)["id"]

    def test_what_was_acknowledged_is_there_again(self):
        self.run_gateway()
        scheduled, instant = self.post(), self.post(meeting_type="instant", meeting_start_time=None)
        self.hana.rest.ok("POST", f"/api/meeting/{scheduled}/start")
        self.hana.join(scheduled)
        said = [self.hana.request("chat:send", {"message": f"Line {i}"})["messageId"] for i in range(20)]
        last = self.post(meeting_name="Acknowledged in the last moment")
        self.restart()

        chat = self.hana.rest.ok("GET", f"/api/meeting/{scheduled}/chat?limit=100")
        self.assertEqual([message["id"] for message in reversed(chat["messages"])], said)
        self.assertEqual(self.hana.rest.ok("GET", f"/api/meeting/{last}")["meeting_name"],
                         "Acknowledged in the last moment")
        # Nobody is in a room any more: what is over is over, what is still to come may begin again.
        states = {one: self.hana.rest.ok("GET", f"/api/meeting/{one}")["status"] for one in (scheduled, instant)}
        self.assertEqual(states, {scheduled: "scheduled", instant: "ended"})
        self.assertEqual(self.hana.rest.ok("POST", f"/api/meeting/{scheduled}/start")["status"], "live")
        self.hana.join(scheduled)
        self.assertEqual(len(self.hana.request("chat:history", {"limit": 100})["messages"]), 20)
        final = self.hana.rest.ok("POST", f"/api/meeting/{scheduled}/end")["final_stats"]
        self.assertEqual(final["total_chat_messages"], 20)

    def test_killed_while_it_writes(self):
        """The requests that are under way are answered or not; those that were are kept, and nothing is half there."""
        self.run_gateway()
        meeting = self.post(meeting_type="instant", meeting_start_time=None)
        self.hana.join(meeting)
        asked = [self.hana.socket.ask("chat:send", {"message": f"Line {i}"}) for i in range(10)]
        self.hana.socket.answer(asked[4])
        self.gateway.process.kill()
        acknowledged = 0
        try:
            for number in asked:
                self.hana.socket.answer(number)
                acknowledged += 1
        except Closed:
            pass
        self.restart()
        chat = self.hana.rest.ok("GET", f"/api/meeting/{meeting}/chat?limit=100")["messages"]
        self.assertGreaterEqual(len(chat), acknowledged)
        self.assertEqual([message["message"] for message in reversed(chat)], [f"Line {i}" for i in range(len(chat))])

    def test_tables_of_a_newer_version_are_refused(self):
        self.run_gateway()
        meeting = self.post()
        self.kill(self.gateway)
        for plugin in ("meetings", "chat"):
            with self.subTest(plugin=plugin):
                self.mark(plugin, 99)
                errors = self.fails_to_start(**EVERYTHING)
                self.assertIn(f"the tables of plugin '{plugin}' are of version 99", errors)
                self.assertIn("install the newer plugin again", errors)
                self.mark(plugin, None)
        self.run_gateway()
        self.assertEqual(self.hana.rest.ok("GET", f"/api/meeting/{meeting}")["id"], meeting)

    def mark(self, plugin, version):
        """Says in the database that a newer release has been here, or takes it back."""
        database = sqlite3.connect(self.folder / "sluice.db")
        with database:
            if version:
                database.execute("INSERT INTO sluice_migrations VALUES (?, ?, '2030-01-01T00:00:00Z')",
                                 (plugin, version))
            else:
                database.execute("DELETE FROM sluice_migrations WHERE plugin = ? AND version = 99", (plugin,))
        database.close()


if __name__ == "__main__":
    unittest.main()
