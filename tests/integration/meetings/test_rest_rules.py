"""What holds for all of the REST API: both prefixes, versions, pages, limits, and what is done twice."""
import unittest

from meeting_gateway import PREFIXES, Caller, MeetingTest, Person

NEW = {"meeting_name": "Weekly", "meeting_start_time": "2030-07-01T10:00:00Z"}


class Rules(MeetingTest):
    def setUp(self):
        super().setUp()
        self.start_all()
        self.hana = self.person("hana", user_type="teacher").rest

    def create(self, **fields):
        return self.hana.ok("POST", "/api/meeting", NEW | fields)

    def test_both_prefixes_answer_the_same(self):
        meeting = self.create(participants=["arno"], meeting_password="a secret")
        for path in ("", f"/{meeting['id']}", f"/{meeting['id']}/participants", f"/{meeting['id']}/occurrences",
                     f"/{meeting['id']}/security-policy", f"/{meeting['id']}/health", "/no-such-meeting"):
            with self.subTest(path=path):
                older, newer = (self.hana.call("GET", prefix + path) for prefix in PREFIXES)
                self.assertEqual(older.json, newer.json)
                self.assertEqual((older.status, older.headers.get("etag")), (newer.status, newer.headers.get("etag")))
        self.assertNotIn("a secret", self.hana.call("GET", f"/api/meeting/{meeting['id']}").text)

    def test_a_change_may_say_what_it_is_based_on(self):
        created = self.hana.call("POST", "/api/meeting", NEW)
        path = created.headers["location"]
        first = created.headers["etag"]
        self.assertEqual(self.hana.call("GET", path).headers["etag"], first)
        changed = self.hana.call("PUT", path, {"meeting_name": "Monthly"}, if_match=first)
        self.assertEqual(changed.status, 200, changed)
        self.assertNotEqual(changed.headers["etag"], first)
        late = self.hana.call("PUT", path, {"meeting_name": "Yearly"}, if_match=first)
        self.assertEqual((late.status, late.code), (412, "CONFLICT"), late)
        self.assertEqual(late.details["etag"], changed.headers["etag"])
        self.assertEqual(self.hana.ok("GET", path)["meeting_name"], "Monthly")
        self.assertEqual(self.hana.ok("PUT", path, {"meeting_name": "Yearly"})["meeting_name"], "Yearly")

    def test_deleting_again_is_success(self):
        path = f"/api/meeting/{self.create(participants=['arno'])['id']}"
        arno = self.person("arno").rest
        for _ in range(2):
            self.assertTrue(self.hana.ok("DELETE", path)["is_deleted"])
        for caller in (self.hana, arno):
            self.assertEqual(caller.call("GET", path).status, 404)
            self.assertEqual(caller.call("GET", path + "/participants").status, 404)
            self.assertEqual(caller.ok("GET", "/api/meeting"), [])
        self.assertEqual(arno.call("DELETE", path).status, 404)

    def test_cancelling_and_ending_again_are_success(self):
        cancelled = f"/api/meeting/{self.create()['id']}"
        for _ in range(2):
            self.assertEqual(self.hana.ok("POST", cancelled + "/cancel", {})["status"], "cancelled")
        self.assertEqual(self.hana.call("POST", cancelled + "/start").code, "CONFLICT")
        ended = f"/api/meeting/{self.create()['id']}"
        rooms = {self.hana.ok("POST", ended + "/start")["room_id"] for _ in range(2)}
        self.assertEqual(len(rooms), 1)
        self.assertEqual(self.hana.call("POST", ended + "/cancel").code, "CONFLICT")
        for _ in range(2):
            self.assertEqual(self.hana.ok("POST", ended + "/end")["status"], "ended")
        self.assertEqual(self.hana.call("POST", ended + "/start").details["status"], "ended")
        self.assertEqual(self.hana.call("POST", ended + "/join").status, 410)

    def test_pages_have_everything_once(self):
        made = [self.create(meeting_name=f"Meeting {i}", meeting_start_time=f"2030-07-0{i + 1}T10:00:00Z")["id"]
                for i in range(5)]
        seen = []
        for page in (1, 2, 3):
            answer = self.hana.call("GET", f"/api/meeting?page={page}&limit=2")
            seen += [meeting["id"] for meeting in answer.data]
            self.assertEqual(answer.json["pagination"],
                             {"offset": 2 * page - 2, "limit": 2, "total": 5, "has_more": page < 3})
        self.assertEqual(seen, made)
        self.assertEqual(self.hana.ok("GET", "/api/meeting?page=4&limit=2"), [])
        by_offset = self.hana.ok("GET", "/api/meeting?offset=3&limit=10&order=asc")
        self.assertEqual([meeting["id"] for meeting in by_offset], made[3:])
        for query in ("limit=101", "limit=0", "page=0", "offset=-1", "page=1&offset=0", "order=up"):
            self.assertEqual(self.hana.call("GET", f"/api/meeting?{query}").status, 400, query)

    def test_lists_are_filtered(self):
        july = self.create(meeting_name="Planning")["id"]
        august = self.create(meeting_name="Retrospective", meeting_start_time="2030-08-01T10:00:00Z")["id"]
        live = self.create(meeting_name="Now", meeting_type="instant", meeting_start_time=None)["id"]
        for query, found in (("status=live", [live]), ("type=instant", [live]), ("search=RETRO", [august]),
                             ("from=2030-07-01T00:00:00Z&to=2030-07-02T00:00:00Z", [july]),
                             ("from=2030-07-15T00:00:00Z", [august]), ("search=nothing", []), ("search=%25", [])):
            with self.subTest(query=query):
                self.assertEqual([one["id"] for one in self.hana.ok("GET", f"/api/meeting?{query}")], found)

    def test_what_is_no_json_or_of_another_type(self):
        for body, options, status in (("{", {}, 400), ("[]", {}, 400), ("{}", {"content_type": "text/plain"}, 422),
                                      ("{" + " " * 2_000_000 + "}", {}, 413)):
            with self.subTest(body=body[:10], **options):
                headers = {"content_type": "application/json"} | options
                answer = self.hana.call("POST", "/api/meeting", body, **headers)
                self.assertEqual(answer.status, status, answer)
        wrong = self.hana.call("PATCH", "/api/meeting")
        self.assertEqual(wrong.status, 405)
        self.assertEqual(set(wrong.headers["allow"].split(", ")) & {"GET", "POST"}, {"GET", "POST"})


class Limits(MeetingTest):
    def test_who_asks_too_often_is_told_when_to_come_back(self):
        self.start_all(http={"public": {"requests_per_second": 0.01, "requests_burst": 3}})
        hana = self.person("hana", user_type="teacher").rest
        statuses = [hana.call("GET", "/api/meeting").status for _ in range(4)]
        self.assertEqual(statuses, [200, 200, 200, 429])
        answer = hana.call("GET", "/api/v1/meetings")
        self.assertEqual((answer.status, answer.code), (429, "RATE_LIMITED"), answer)
        self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
        self.assertGreater(answer.details["retryAfterMs"], 0)
        self.assertEqual(self.person("ben").rest.call("GET", "/api/meeting").status, 200)
        # The same name in another tenant is another user; and load balancers may ask as often as they like.
        self.assertEqual(self.person("hana", "south").rest.call("GET", "/api/meeting").status, 200)
        for _ in range(5):
            self.assertEqual(Caller(self.gateway).call("GET", "/api/openapi.json").status, 200)

    def test_so_many_meetings_of_one_user(self):
        self.start_all(plugins={"meetings": {"meetings_per_user": 2}})
        hana = self.person("hana", user_type="teacher").rest
        for _ in range(2):
            last = hana.ok("POST", "/api/meeting", NEW)
        answer = hana.call("POST", "/api/meeting", NEW)
        self.assertEqual((answer.status, answer.code, answer.details["limit"]), (429, "LIMIT_EXCEEDED", 2), answer)
        hana.ok("DELETE", f"/api/meeting/{last['id']}")
        hana.ok("POST", "/api/meeting", NEW)

    def test_a_version_may_be_demanded(self):
        self.start_all(plugins={"meetings": {"require_if_match": True}})
        hana = self.person("hana", user_type="teacher").rest
        created = hana.call("POST", "/api/meeting", NEW)
        without = hana.call("PUT", created.headers["location"], {"meeting_name": "Another"})
        self.assertEqual((without.status, without.details["etag"]), (428, created.headers["etag"]), without)

    def test_who_is_deactivated_is_out_at_once(self):
        self.start_all()
        hana = self.person("hana", user_type="teacher")
        meeting = hana.rest.ok("POST", "/api/meeting", NEW | {"participants": ["arno"], "meeting_type": "instant"})
        arno = self.person("arno").join(meeting["id"])
        arno.rest.ok("GET", f"/api/meeting/{meeting['id']}")
        south = Person(self.gateway, "arno", "south")
        operator = Caller(self.gateway)
        answer = operator.admin("POST", "/admin/v1/users/north/arno/deactivate")
        self.assertEqual(answer.status, 200, answer)
        arno.event("participant:removed")
        self.assertEqual(arno.rest.call("GET", f"/api/meeting/{meeting['id']}").status, 403)
        self.assertEqual(arno.refusal("room:join", {"roomId": meeting["id"]}).code, "ADMISSION_DENIED")
        south.rest.ok("GET", "/api/meeting")
        operator.admin("PATCH", "/admin/v1/users/north/arno", {"active": True})
        arno.join(meeting["id"])


if __name__ == "__main__":
    unittest.main()
