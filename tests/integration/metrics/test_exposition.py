"""/metrics of a gateway with all plugins: Prometheus' conventions, bounds of labels, and the docs."""
import os
import re
import subprocess
import unittest

from exposition import SOURCE, read_docs, read_exposition
from meeting_gateway import ADMIN_TOKEN, MeetingTest

PROMTOOL = os.environ.get("SLUICE_PROMTOOL", "promtool")
# Labels, and what may stand in them: what clients send is in none.
BOUNDED = {
    "worker": r"\d+", "state": r"[a-z]+", "kind": r"audio|video", "direction": r"received|sent",
    "result": r"[a-zA-Z_]+", "reason": r"[a-z_]+", "door": r"[a-z.]+", "transport": r"polling|websocket",
    "event": r"[a-zA-Z:_-]+", "listener": r"public|admin", "class": r"[2-5]xx", "plugin": r"[a-z]+",
    "version": r"[0-9a-z.+-]+", "stage": r"[a-z]+", "outcome": r"[a-z_]+", "by": r"[a-z]+", "method": r"[A-Z]+",
    "status": r"\d{3}", "quality": r"[a-z]+", "level": r"[a-z]+",
}
OTHER_UNITS = re.compile(r"_(ms|milliseconds|minutes|hours|kb|mb|kbps|mbps|bps|bits|percent)(_|$)")


class Exposition(MeetingTest):
    def setUp(self):
        super().setUp()
        self.start_all()

    def text(self):
        response = self.gateway.admin("/metrics", headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
        self.assertEqual(response.status, 200, response.head)
        self.assertTrue(response.headers["content-type"].startswith("text/plain; version=0.0.4"))
        return response.text()

    def families(self):
        return read_exposition(self.text())

    def use(self):
        """Somebody joins, asks for what does not exist, and leaves."""
        ann = self.person("ann").join("lobby")
        ann.refusal("no:such:event")
        ann.refusal("room:join", {"roomId": 7})
        self.gateway.get("/no/such/page")

    def test_promtool_has_no_complaints(self):
        self.use()
        done = subprocess.run([PROMTOOL, "check", "metrics"], input=self.text(), text=True, capture_output=True,
                              timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_names_kinds_and_units_are_those_of_the_conventions(self):
        self.use()
        for name, family in self.families().items():
            with self.subTest(name):
                self.assertRegex(name, r"^(sluice|process)_[a-z0-9_]+$")
                self.assertTrue(family.help.endswith("."), family.help)
                self.assertEqual(family.kind == "counter", name.endswith("_total"))
                self.assertIn(family.kind, ("counter", "gauge", "histogram"))
                self.assertNotRegex(name, OTHER_UNITS)
                if family.help.startswith("Time "):
                    self.assertTrue(name.removesuffix("_total").endswith("_seconds"), family.help)
                if family.kind == "histogram":
                    self.check_buckets(family)

    def check_buckets(self, family):
        for labels in family.label_sets():
            of_set = [(l["le"], v) for n, l, v in family.samples
                      if n.endswith("_bucket") and tuple(sorted((k, x) for k, x in l.items() if k != "le")) == labels]
            bounds = [float(le) for le, _ in of_set]
            self.assertEqual(bounds, sorted(bounds))
            self.assertEqual(of_set[-1][0], "+Inf")
            counts = [count for _, count in of_set]
            self.assertEqual(counts, sorted(counts), "buckets add up")

    def test_labels_are_bounded_whatever_clients_say(self):
        self.use()
        for name, family in self.families().items():
            with self.subTest(name):
                self.assertLessEqual(len(family.label_sets()), 2048)
                for _, labels, _ in family.samples:
                    for label, value in labels.items():
                        if label != "le":
                            self.assertIn(label, BOUNDED)
                            self.assertRegex(value, f"^({BOUNDED[label]})$")

    def test_what_happens_is_counted(self):
        self.use()
        families = self.families()
        events = families["sluice_signalling_events_total"]
        self.assertEqual(events.total(event="room:join", result="ok"), 1)
        self.assertEqual(events.total(event="room:join", result="refused"), 1)
        self.assertEqual(events.total(event="unknown", result="refused"), 1)
        self.assertEqual(families["sluice_signalling_event_seconds"].total(event="room:join"), 2)
        self.assertEqual(families["sluice_signalling_connects_total"].total(result="accepted"), 1)
        self.assertGreaterEqual(families["sluice_http_responses_total"].total(**{"listener": "public", "class": "4xx"}), 1)
        self.assertGreaterEqual(families["sluice_http_web_sockets_total"].total(listener="public"), 1)
        self.assertGreater(families["process_resident_memory_bytes"].total(), 0)
        self.assertGreater(families["process_open_fds"].total(), 0)
        self.assertGreater(families["sluice_control_task_wait_seconds"].total(), 0)
        self.assertGreater(families["sluice_store_commit_seconds"].total(), 0)
        self.assertGreater(families["sluice_store_free_bytes"].total(), 0)

    def test_the_docs_tell_of_every_family_and_of_no_other(self):
        self.use()
        docs, families = read_docs(), self.families()
        self.assertEqual([], sorted(set(families) - set(docs)), "not in docs/metrics.md")
        for name, family in families.items():
            with self.subTest(name):
                self.assertEqual(family.kind, docs[name].kind)
                if family.samples:
                    self.assertEqual(family.labels(), docs[name].labels)
        sources = [path.read_text() for folder in ("core", "plugins") for path in (SOURCE / folder).rglob("*")
                   if path.suffix in (".cc", ".h")]
        for name in sorted(set(docs) - set(families)):  # comes with what has not happened here
            own = '"' + re.sub(r"^(sluice_[a-z]+|process)_", "", name) + '"'
            self.assertTrue(any(own in source for source in sources), f"{name} stands in the docs alone")


if __name__ == "__main__":
    unittest.main()
