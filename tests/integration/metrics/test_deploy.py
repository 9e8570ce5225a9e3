"""examples/deploy: promtool accepts the configuration and the rules, every alert is tested, and what the rules and the
dashboard ask for is there to be asked for."""
import json
import os
import re
import subprocess
import unittest

from exposition import HISTOGRAM_PARTS, SOURCE, read_docs

PROMTOOL = os.environ.get("SLUICE_PROMTOOL", "promtool")
DEPLOY = SOURCE / "examples/deploy"
RULES = DEPLOY / "prometheus/alerts.yml"
TESTS = DEPLOY / "prometheus/alerts_test.yml"
DASHBOARD = DEPLOY / "grafana/sluice.json"
METRIC = re.compile(r"\b((?:sluice|process)_[a-z0-9_]+)\b")


def promtool(*arguments):
    done = subprocess.run([PROMTOOL, *arguments], text=True, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def family_of(metric, docs):
    """The family that a name in an expression is of, or None."""
    if metric in docs:
        return docs[metric] if docs[metric].kind != "histogram" else None
    for part in HISTOGRAM_PARTS:
        family = docs.get(metric.removesuffix(part)) if metric.endswith(part) else None
        if family and family.kind == "histogram":
            return family
    return None


class Deploy(unittest.TestCase):
    maxDiff = None

    def test_the_configuration_and_the_rules_are_well_formed(self):
        for check in (("check", "config", DEPLOY / "prometheus/prometheus.yml"), ("check", "rules", RULES)):
            status, said = promtool(*map(str, check))
            self.assertEqual(status, 0, said)

    def test_each_alert_fires_when_it_should_and_only_then(self):
        status, said = promtool("test", "rules", str(TESTS))
        self.assertEqual(status, 0, said)

    def test_no_alert_is_without_tests(self):
        alerts = re.findall(r"- alert: (\w+)", RULES.read_text())
        self.assertGreater(len(alerts), 20)
        tests = TESTS.read_text()
        for alert in alerts:
            self.assertIn(f'alertname="{alert}"', tests)
            if alert != "SluiceDiskFull":  # its other case is that of SluiceDiskLow
                self.assertIn(f"name: {alert} keeps still", tests)

    def test_rules_ask_for_metrics_that_there_are(self):
        docs = read_docs()
        for expression in re.findall(r"expr: (?:>\n)?((?:.|\n)*?)\n +(?:for|labels):", RULES.read_text()):
            self.check(expression, docs)

    def test_the_dashboard_asks_for_metrics_that_there_are(self):
        docs = read_docs()
        dashboard = json.loads(DASHBOARD.read_text())
        asked = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        self.assertGreater(len(asked), 50)
        for expression in asked:
            self.check(expression, docs)

    def check(self, expression, docs):
        metrics = METRIC.findall(expression)
        self.assertTrue(metrics or "up{" in expression, expression)
        for metric in metrics:
            self.assertIsNotNone(family_of(metric, docs), f"{metric} of {expression}")
        labels = {label for metric in metrics for label in family_of(metric, docs).labels}
        used = set(re.findall(r"(\w+)(?:=|!=|=~)\"", expression))
        for by in re.findall(r"by \(([^)]*)\)", expression):
            used |= {label.strip() for label in by.split(",")}
        self.assertLessEqual(used - {"instance", "job", "le"}, labels, expression)

    def test_panels_of_the_dashboard_do_not_overlap_and_have_their_own_ids(self):
        panels = json.loads(DASHBOARD.read_text())["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertLessEqual(at["x"] + at["w"], 24)
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells


if __name__ == "__main__":
    unittest.main()
