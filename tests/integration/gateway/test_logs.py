"""Log files: rotation, logrotate, a full disk, and what a reader of the admin API sees."""
import json
import signal
import time
import unittest

from gateway_process import WAIT_SECONDS, GatewayTest


class Logs(GatewayTest):
    def eventually(self, holds):
        deadline = time.monotonic() + WAIT_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                self.fail("it did not come to pass")
            time.sleep(0.01)

    def change_level(self, gateway, level):
        answer = gateway.admin("/admin/v1/log", "PATCH", body=json.dumps({"levels": {"ice": level}}).encode())
        self.assertEqual(answer.status, 200, answer.text())

    def stop(self, gateway):
        """Without a log on standard error."""
        gateway.signal(signal.SIGTERM)
        gateway.signal(signal.SIGTERM)
        self.assertEqual(gateway.wait(), 0)

    def test_a_file_is_json_and_rotated_by_size(self):
        gateway = self.start(log={"format": "json", "file": "sluice.log", "rotate_bytes": 2000, "rotated_files": 2})
        for count in range(40):
            self.change_level(gateway, ("info", "debug")[count % 2])
        self.eventually((self.folder / "sluice.log.2").exists)
        self.stop(gateway)
        files = [self.folder / f"sluice.log{suffix}" for suffix in ("", ".1", ".2")]
        self.assertEqual(sorted(self.folder.glob("sluice.log*")), sorted(files))
        for file in files:
            self.assertLessEqual(file.stat().st_size, 2000)
            for line in file.read_text().splitlines():
                self.assertLessEqual({"time", "level", "component", "message"}, json.loads(line).keys())

    def test_sighup_opens_the_file_again(self):
        gateway = self.start(log={"file": "sluice.log", "rotate_bytes": 0})
        log, moved = self.folder / "sluice.log", self.folder / "moved.log"
        self.eventually(lambda: "ready" in log.read_text())
        log.rename(moved)
        gateway.signal(signal.SIGHUP)
        self.eventually(lambda: log.exists() and "configuration reloaded" in log.read_text())
        self.assertNotIn("ready", log.read_text())
        self.stop(gateway)
        self.assertNotIn("stopped", moved.read_text())
        self.assertIn("stopped", log.read_text())

    def test_a_full_disk_costs_lines_and_nothing_else(self):
        gateway = self.start(log={"file": "/dev/full"})
        self.change_level(gateway, "debug")
        lines = self.admin_json(gateway, "/admin/v1/log/lines?text=levels+changed")["lines"]
        self.assertEqual([line["component"] for line in lines], ["admin"])
        self.eventually(lambda: self.dropped(gateway) > 0)
        self.stop(gateway)

    def dropped(self, gateway):
        for line in self.metrics(gateway).splitlines():
            if line.startswith("sluice_log_dropped_lines_total "):
                return float(line.split()[1])
        self.fail("no such metric")

    def test_a_file_that_cannot_be_opened_is_told_at_the_start(self):
        self.assertIn("/nowhere/sluice.log", self.fails_to_start(log={"file": "/nowhere/sluice.log"}))


if __name__ == "__main__":
    unittest.main()
