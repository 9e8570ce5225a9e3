"""Every event that the gateway answers: success, a role that may not, another tenant, data that does not fit.
The gateway itself says which events there are; one without a row fails the test, and so does a row without an event.
"""
import contextlib
import json
import unittest

import chat_events
import media_events
import quality_events
import recording_events
import room_events
import stream_events
from event_rows import OWN, Scene
from meeting_gateway import MeetingTest
from web_socket import Refused

ROWS = (*room_events.ROWS, *media_events.ROWS, *chat_events.ROWS,
        *recording_events.ROWS, *stream_events.ROWS, *quality_events.ROWS)


class EveryEvent(MeetingTest):
    def setUp(self):
        super().setUp()
        self.start_all()

    @contextlib.contextmanager
    def scene(self, number, row):
        """A scene of its own for each row, and the row's name at what fails in it."""
        with self.subTest(event=row.event):
            scene = Scene(self.gateway, f"room-{number}", row.in_meeting)
            row.ready(scene)
            try:
                yield scene
            finally:
                self.gateway.close_clients()
                self.gateway.clients.clear()

    def test_the_table_has_a_row_for_every_event(self):
        answered = {event for plugin in self.plugins().values() for event in plugin["events"]}
        rows = [row.event for row in ROWS]
        self.assertEqual(sorted(answered), sorted(rows))
        for row in ROWS:
            self.assertTrue(bool(row.denied) != bool(row.why_all_may), f"{row.event}: who may not, or why all may")

    def test_each_does_what_it_is_for(self):
        for number, row in enumerate(ROWS):
            with self.scene(number, row) as scene:
                actor = scene.actor(row)
                data = row.data(scene, actor)
                scene.forget()
                answer = actor.request(row.event, data)
                for field in row.gives:
                    self.has(answer, field)
                if row.check:
                    row.check(self, scene, answer)
                for name, event in row.told.items():
                    getattr(scene, name).event(event)
                for stranger in scene.people_elsewhere():
                    self.assertEqual(stranger.heard(), [], "another tenant hears of it")

    def test_who_has_not_joined_is_refused(self):
        for number, row in enumerate(ROWS):
            if row.outside is None:
                continue
            with self.scene(number, row) as scene:
                refusal = scene.outsider.refusal(row.event, row.data(scene, scene.actor(row)))
                self.assertEqual(refusal.code, row.outside, refusal)

    def test_a_role_that_may_not_is_refused(self):
        for number, row in enumerate(ROWS):
            if row.denied is None:
                continue
            with self.scene(number, row) as scene:
                who = getattr(scene, row.denied)
                data = (row.denied_data or row.data)(scene, who)
                scene.forget()
                refusal = who.refusal(row.event, data)
                self.assertEqual(refusal.code, "PERMISSION_DENIED", refusal)
                self.assertEqual(refusal.details["currentRole"], row.denied, refusal)
                for name in row.told:
                    self.assertNotIn(row.told[name], [frame["event"] for frame in getattr(scene, name).heard()])

    def test_another_tenant_is_in_another_world(self):
        for number, row in enumerate(ROWS):
            with self.scene(number, row) as scene:
                stranger = scene.actor_elsewhere(row)
                data = (row.elsewhere_data or row.data)(scene, stranger)
                scene.forget()
                self.ask_elsewhere(row, scene, stranger, data)
                told = set(row.told.values())
                for name, person in scene.people().items():
                    heard = person.heard()
                    self.assertFalse(told & {frame["event"] for frame in heard}, f"{name} hears of it")
                    self.assertNotIn(scene.elsewhere.id, json.dumps(heard))

    def ask_elsewhere(self, row, scene, stranger, data):
        try:
            answer = stranger.request(row.event, data)
        except Refused as refusal:
            self.assertEqual(refusal.code, row.elsewhere, refusal)
            return
        self.assertEqual(row.elsewhere, OWN, answer)
        text = json.dumps(answer)
        for person in (scene.host, scene.attendee, scene.viewer):
            self.assertNotIn(person.id, text)
        if row.elsewhere_check:
            row.elsewhere_check(self, scene, answer)

    def test_data_that_does_not_fit_is_refused_by_its_path(self):
        for number, row in enumerate(ROWS):
            with self.scene(number, row) as scene:
                actor = scene.actor(row)
                refusal = actor.refusal(row.event, row.bad_payload(scene, actor))
                self.assertEqual(refusal.code, "INVALID_PAYLOAD", refusal)
                self.assertEqual(refusal.details.get("path"), row.path, refusal)


if __name__ == "__main__":
    unittest.main()
