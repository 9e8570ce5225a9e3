"""Every route that the gateway serves: success, for who may not, for another tenant, for a body that does not fit, and
without a token. The gateway itself says which routes there are; one without a row fails the test, and so does a row
without a route.
"""
import contextlib
import unittest

import meeting_routes
import other_routes
from meeting_gateway import NORTH, PREFIXES, Caller, MeetingTest, Person
from route_rows import RouteScene

TABLES = (*((prefix, meeting_routes.ROWS) for prefix in PREFIXES), ("", other_routes.ROWS))


class EveryRoute(MeetingTest):
    def setUp(self):
        super().setUp()
        self.start_all()

    def rows(self):
        return ((prefix, row) for prefix, rows in TABLES for row in rows)

    @contextlib.contextmanager
    def trying(self, prefix, row, scene=None):
        """A scene that has what the row needs, and the row's name at what fails in it."""
        with self.subTest(route=f"{row.method} {prefix}{row.path}"):
            scene = scene or RouteScene(self.gateway)
            row.ready(scene)
            yield scene, prefix + scene.fill(row.path)

    def refused(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer)
        self.assertIs(answer.json["success"], False)
        if code:
            self.assertEqual(answer.code, code, answer)

    def described(self):
        return Caller(self.gateway).call("GET", "/api/openapi.json").json["paths"]

    def test_the_tables_have_a_row_for_every_route(self):
        operations = {(method.upper(), path): operation for path, item in self.described().items()
                      for method, operation in item.items()}
        rows = {(row.method, prefix + row.path): row for prefix, row in self.rows()}
        self.assertEqual(sorted(operations), sorted(rows))
        for name, row in rows.items():
            with self.subTest(route=name):
                self.assertTrue(bool(row.denied) != bool(row.why_all_may), "who may not, or why all may")
                takes = "requestBody" in operations[name] or any(
                    parameter["in"] == "query" for parameter in operations[name].get("parameters", []))
                self.assertTrue(not takes or row.bad is not None or row.bad_query, "what it takes may be wrong")

    def test_each_does_what_it_is_for(self):
        for prefix, row in self.rows():
            with self.trying(prefix, row) as (scene, path):
                body, headers = row.body(scene), row.headers(scene)
                answer = getattr(scene, row.by).call(row.method, path + row.query(scene), body, **headers)
                self.assertEqual((answer.status, answer.code), (row.status, row.code), answer)
                for field in row.gives:
                    self.has(answer.data, field)
                if row.check:
                    row.check(self, scene, answer)

    def test_who_may_not_is_refused(self):
        scene = RouteScene(self.gateway)
        for prefix, row in self.rows():
            if row.denied is None:
                continue
            with self.trying(prefix, row, scene) as (_, path):
                body, headers = (row.denied_body or row.body)(scene), row.headers(scene)
                answer = getattr(scene, row.denied).call(row.method, path, body, **headers)
                self.refused(answer, row.denied_status, row.denied_code)

    def test_who_is_not_invited_does_not_see_the_meeting(self):
        scene = RouteScene(self.gateway)
        for prefix, row in self.rows():
            if not row.path.startswith("/{id}") or row.path == "/{id}/join":  # who may join is a matter of its own
                continue
            with self.trying(prefix, row, scene) as (_, path):
                self.refused(scene.stranger.call(row.method, path, row.body(scene)), 404, "NOT_FOUND")

    def test_another_tenant_is_in_another_world(self):
        scene = RouteScene(self.gateway)
        for prefix, row in self.rows():
            with self.trying(prefix, row, scene) as (_, path):
                answer = scene.elsewhere.call(row.method, path, row.body(scene), **row.headers(scene))
                if row.elsewhere == 404:
                    self.refused(answer, 404, "NOT_FOUND" if row.code is None or "{id}" in row.path else row.code)
                else:
                    self.assertEqual(answer.status, row.elsewhere, answer)
                if row.elsewhere_check:
                    row.elsewhere_check(self, scene, answer)

    def test_a_tenant_without_meetings_sees_empty_lists(self):
        scene = RouteScene(self.gateway)
        scene.said()
        west = Person(self.gateway, "hana", "west", claims={"role": "admin"}).rest
        self.assertEqual(west.ok("GET", "/api/meeting"), [])
        self.assertEqual(west.ok("GET", "/api/meeting?search=Weekly"), [])
        stats = west.ok("GET", "/api/meeting/system/stats")["system_stats"]
        self.assertEqual([stats[name] for name in ("total_meetings", "active_meetings", "total_participants",
                                                   "active_participants")], [0, 0, 0, 0])

    def test_what_does_not_fit_is_refused_by_its_path(self):
        scene = RouteScene(self.gateway)
        for prefix, row in self.rows():
            if row.bad is None and not row.bad_query:
                continue
            with self.trying(prefix, row, scene) as (_, path):
                query = f"?{row.bad_query}" if row.bad_query else row.query(scene)
                answer = getattr(scene, row.by).call(row.method, path + query, row.bad, **row.headers(scene))
                self.refused(answer, 400, "INVALID_PAYLOAD")
                self.assertEqual(answer.details.get(row.bad_names), row.path_of_bad, answer)

    def test_who_has_no_token(self):
        scene = RouteScene(self.gateway)
        for prefix, row in self.rows():
            with self.trying(prefix, row, scene) as (_, path):
                answer = scene.guest.call(row.method, path, row.body(scene), **row.headers(scene))
                self.assertEqual(answer.status, row.guest, answer)
                if row.guest == 401:
                    self.refused(answer, 401, "UNAUTHORIZED")
                    self.assertEqual(answer.headers["www-authenticate"], "Bearer")

    def test_a_token_that_does_not_verify_is_no_guest(self):
        scene = RouteScene(self.gateway)
        forged = Caller(self.gateway, "a.b.c")
        for prefix, row in self.rows():
            with self.trying(prefix, row, scene) as (_, path):
                self.refused(forged.call(row.method, path, row.body(scene), **row.headers(scene)), 401, "UNAUTHORIZED")


class EveryAdminRoute(MeetingTest):
    def setUp(self):
        super().setUp()
        self.start_all()
        self.operator_calls = Caller(self.gateway).admin
        self.hana = self.person("hana", tenant=NORTH, role="host").join("studio")
        self.person("ben").join("studio")  # so that the room is there without her

    def url(self, template):
        return template.replace("{participant}", self.hana.id)

    def test_the_table_has_a_row_for_every_route(self):
        served = {(route["method"], route["pattern"]) for plugin in self.plugins().values()
                  for route in plugin["routes"] if route["listener"] == "admin"}
        self.assertEqual(sorted(served), sorted((row.method, row.path) for row in other_routes.ADMIN_ROWS))

    def test_each_does_what_it_is_for(self):
        for row in other_routes.ADMIN_ROWS:
            with self.subTest(route=f"{row.method} {row.path}"):
                answer = self.operator_calls(row.method, self.url(row.url), row.body)
                self.assertEqual(answer.status, row.status, answer)
                for field in row.gives:
                    self.has(answer.data, field)

    def test_it_is_the_operators_alone(self):
        user = Person(self.gateway, "ada", claims={"role": "admin"})
        for row in other_routes.ADMIN_ROWS:
            for headers in ({}, {"Authorization": f"Bearer {user.bearer}"}):
                with self.subTest(route=f"{row.method} {row.path}", headers=list(headers)):
                    self.assertEqual(self.gateway.admin(self.url(row.url), row.method, headers=headers).status, 401)

    def test_what_is_another_tenants_is_not_found(self):
        self.operator_calls("POST", other_routes.USERS, other_routes.ANNA)
        for method, url in other_routes.ADMIN_ELSEWHERE:
            with self.subTest(route=f"{method} {url}"):
                self.assertEqual(self.operator_calls(method, url, {} if method == "PATCH" else None).status, 404)
        listed = self.operator_calls("GET", other_routes.USERS + "?tenant=south").data["users"]
        self.assertEqual(listed, [])

    def test_what_does_not_fit_is_refused_by_its_path(self):
        for row in other_routes.ADMIN_ROWS:
            if row.bad is None and not row.bad_url:
                continue
            with self.subTest(route=f"{row.method} {row.path}"):
                answer = self.operator_calls(row.method, self.url(row.bad_url or row.url), row.bad)
                self.assertEqual((answer.status, answer.code), (400, "INVALID_PAYLOAD"), answer)
                self.assertEqual(answer.details.get("path"), row.path_of_bad, answer)


if __name__ == "__main__":
    unittest.main()
