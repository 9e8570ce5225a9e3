"""The load generator against a gateway: everybody joins, hears what is sent, and finds no packet changed."""
import json
import os
import subprocess
import unittest

from gateway_process import START_SECONDS, GatewayTest

SLUICE_LOAD = os.environ.get("SLUICE_LOAD", "")
if not SLUICE_LOAD:
    raise SystemExit("run by ctest, or set SLUICE_LOAD=build/.../bin/sluice_load")


class Smoke(GatewayTest):
    def load(self, *arguments):
        gateway = self.start("plugins:\n  videoroom:\n  whip:\n")
        server = f"http://127.0.0.1:{gateway.port}" if "whip-whep" in arguments else f"ws://127.0.0.1:{gateway.port}/ws"
        done = subprocess.run(
            [SLUICE_LOAD, "--server", server, "--server-pid", str(gateway.process.pid),
             "--duration", "1s", "--warm-up", "200ms", "--verify-every", "1", *arguments],
            cwd=self.folder, text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * START_SECONDS,
            check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_one_publisher_and_five_subscribers(self):
        report = self.load("--publishers", "1", "--subscribers", "5", "--video", "40x600/10", "--audio", "20x80")
        self.assertEqual((report["joins"]["wanted"], report["joins"]["completed"]), (5, 5), report)
        self.assertEqual(report["streams"], {"expected": 10, "received": 10})
        self.assertGreater(report["packets"]["received"], 0)
        self.assertLessEqual(report["packets"]["received"], report["packets"]["expected"])
        self.assertGreaterEqual(report["packets"]["verified"], report["packets"]["received"])
        self.assertEqual((report["verifyErrors"], report["duplicates"]), (0, 0), report)
        self.assertGreater(report["memory"]["afterKb"], 0)
        self.assertIn("perSubscriberKb", report["memory"])
        self.assertGreater(report["delayMs"]["p50"], 0)
        self.assertGreaterEqual(report["delayMs"]["p99"], report["delayMs"]["p50"])
        self.assertGreater(report["joins"]["connectedMs"]["p50"], 0)
        self.assertGreater(report["server"]["cpuMicrosPerForwardedPacket"], 0)

    def test_ice_restarts(self):
        report = self.load("--participants", "2", "--audio", "20x80", "--restart-ice", "300ms")
        restarts = report["iceRestarts"]
        self.assertGreaterEqual(restarts["answered"], 4, report)  # two participants of two connections each
        self.assertEqual((report["verifyErrors"], report["joins"]["failures"]), (0, []), report)

    def test_whip_and_whep(self):
        report = self.load("--door", "whip-whep", "--publishers", "1", "--subscribers", "2", "--video", "40x600/10")
        self.assertEqual(report["streams"], {"expected": 2, "received": 2})
        self.assertGreater(report["packets"]["received"], 0)
        self.assertEqual(report["verifyErrors"], 0, report)

    def test_simulcast(self):
        report = self.load("--publishers", "1", "--subscribers", "2", "--video", "60x600/30", "--simulcast", "3")
        self.assertEqual(report["streams"], {"expected": 2, "received": 2})
        self.assertGreater(report["packets"]["received"], 0)
        self.assertEqual(report["verifyErrors"], 0, report)

    def test_three_who_talk_to_each_other(self):
        report = self.load("--participants", "3", "--audio", "20x80")
        self.assertEqual((report["joins"]["wanted"], report["joins"]["completed"]), (3, 3), report)
        self.assertEqual(report["streams"], {"expected": 6, "received": 6})
        self.assertGreater(report["packets"]["received"], 0)
        self.assertEqual((report["verifyErrors"], report["duplicates"]), (0, 0), report)


if __name__ == "__main__":
    unittest.main()
