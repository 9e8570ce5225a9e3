"""The audit trail of a running gateway, and over its end."""
import unittest

from admin_client import ROOT, AdminTest


class Audit(AdminTest):
    def trail(self, gateway, query=""):
        records = self.value(gateway, "GET", "/admin/v1/audit" + query)["records"]
        return [(record["who"], record["method"], record["path"], record["status"]) for record in records]

    def test_changes_and_refusals_are_there_and_looks_are_not(self):
        gateway = self.start_guarded()
        reader = self.operator(gateway, "ann", "read")
        self.status(gateway, "GET", "/admin/v1/info")
        self.status(gateway, "DELETE", "/admin/v1/operators/ann?reason=hush-hush", reader)
        self.status(gateway, "GET", "/admin/v1/info", "wrong")
        self.status(gateway, "GET", "/metrics", "wrong")
        self.value(gateway, "PUT", "/admin/v1/log", body={"level": "info"})
        expected = [("admin", "PUT", "/admin/v1/log", 200),
                    ("", "GET", "/metrics", 401),
                    ("", "GET", "/admin/v1/info", 401),
                    ("ann", "DELETE", "/admin/v1/operators/ann", 403),
                    ("admin", "POST", "/admin/v1/operators/ann/tokens", 201),
                    ("admin", "POST", "/admin/v1/operators", 201)]
        self.assertEqual(self.trail(gateway), expected)
        self.assertEqual(self.trail(gateway, "?who=ann"), expected[3:4])
        gateway.log.wait_for(r"\[admin.audit\] request.*DELETE")
        self.assertNotIn("hush-hush", gateway.text())

    def test_an_acknowledged_change_is_in_the_trail_though_the_process_is_killed(self):
        gateway = self.start_guarded()
        self.value(gateway, "PUT", "/admin/v1/log", body={"level": "info"})
        gateway.process.kill()
        gateway.wait()
        again = self.start_file(gateway.config_file)
        self.assertEqual(self.trail(again), [("admin", "PUT", "/admin/v1/log", 200)])

    def _end(self, gateway):
        if gateway.process.poll() != -9:  # killed on purpose
            super()._end(gateway)


if __name__ == "__main__":
    unittest.main()
