"""Signals: SIGTERM lets people finish, SIGHUP puts into force what may change."""
import signal
import time
import unittest

from gateway_process import WAIT_SECONDS, GatewayTest
from web_socket import Closed


class Drain(GatewayTest):
    def start_with_somebody(self, timeout_ms):
        gateway = self.start(f"gateway: {{drain_timeout_ms: {timeout_ms}}}\nplugins:\n  videoroom:\n")
        client = gateway.connect()
        client.request("room:join", {"roomId": "lobby", "name": "Ada"})
        return gateway, client

    def test_nobody_to_wait_for_ends_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            gateway = self.start("plugins:\n  videoroom:\n")
            gateway.signal(number)
            self.assertEqual(gateway.wait(), 0)
            gateway.log.wait_for(r"\[gateway\] stopped")

    def test_rooms_are_told_joins_are_refused_and_the_last_one_to_leave_ends_it(self):
        gateway, client = self.start_with_somebody(3_600_000)
        late = gateway.connect()
        gateway.signal(signal.SIGTERM)
        client.event("room:draining")
        self.assertEqual(late.refusal("room:join", {"roomId": "lobby"}).code, "DRAINING")
        self.assertEqual(late.refusal("room:create").code, "DRAINING")
        self.assertEqual(gateway.connect().refusal("room:join", {"roomId": "other"}).code, "DRAINING")
        client.request("room:members")  # who is in a room goes on
        client.request("room:leave")
        self.assertEqual([late.closed().code, client.closed().code], [1001, 1001])
        gateway.close_clients()
        self.assertEqual(gateway.wait(), 0)

    def test_who_does_not_leave_is_told_when_the_time_is_over(self):
        gateway, client = self.start_with_somebody(200)
        gateway.signal(signal.SIGTERM)
        self.assertEqual(client.event("room:closed")["reason"], "shutdown")
        self.assertEqual(client.closed().code, 1001)
        self.assertEqual(gateway.wait(), 0)

    def test_a_second_signal_does_not_wait(self):
        gateway, client = self.start_with_somebody(3_600_000)
        gateway.signal(signal.SIGTERM)
        client.event("room:draining")
        gateway.signal(signal.SIGTERM)
        self.assertEqual(client.event("room:closed")["reason"], "shutdown")
        self.assertEqual(client.closed().code, 1001)
        self.assertEqual(gateway.wait(), 0)

    def test_signals_until_the_last_moment_do_not_make_it_look_killed(self):
        gateway = self.start("plugins:\n  videoroom:\n")
        while gateway.process.poll() is None:
            gateway.signal(signal.SIGTERM)
        self.assertEqual(gateway.wait(), 0)

    def test_readiness_says_that_it_drains(self):
        gateway, client = self.start_with_somebody(3_600_000)
        self.assertTrue(self.admin_json(gateway, "/admin/v1/health/ready")["ready"])
        gateway.signal(signal.SIGTERM)
        client.event("room:draining")
        self.assertEqual(gateway.admin("/admin/v1/health/ready").status, 503)
        self.assertEqual(gateway.admin("/admin/v1/health/live").status, 200)


class Reload(GatewayTest):
    def reload(self, gateway, text, expected=r"\[gateway\] configuration reloaded"):
        """@return the log from the signal on."""
        before = len(gateway.log.lines)
        self.write("sluice.yaml", "include: base.yaml\n" + text)
        gateway.signal(signal.SIGHUP)
        gateway.log.wait_for(expected, before)
        return "\n".join(gateway.log.lines[before:])

    def wait_for_level(self, gateway, level):
        deadline = time.monotonic() + WAIT_SECONDS
        while self.admin_json(gateway, "/admin/v1/log")["level"] != level:
            self.assertLess(time.monotonic(), deadline, f"the log level did not become {level}")

    def test_the_log_level_changes_at_once(self):
        gateway = self.start("plugins:\n  probe:\n")
        gateway.connect().request("probe:options")
        self.assertIsNone(gateway.log.find("client connected"))
        self.reload(gateway, "log: {levels: {signalling: debug}}\nplugins:\n  probe:\n")
        gateway.connect().request("probe:options")
        gateway.log.wait_for(r"debug \[signalling\] client connected")
        self.write("sluice.yaml", "include: base.yaml\nlog: {level: error}\nplugins:\n  probe:\n")
        gateway.signal(signal.SIGHUP)
        self.wait_for_level(gateway, "error")  # the log itself has just fallen silent about the reload
        gateway.connect().refusal("probe:throw")
        gateway.log.wait_for("a callback threw")  # behind all that was written before
        before = next(i for i, line in enumerate(gateway.log.lines) if "a callback threw" in line) + 1
        gateway.connect().refusal("probe:throw")
        gateway.log.wait_for("a callback threw", before)
        self.assertNotRegex("\n".join(gateway.log.lines[before:]), r"Z (debug|info|warning) ")
        self.reload(gateway, "plugins:\n  probe:\n")

    def test_a_reloadable_option_reaches_its_plugin(self):
        gateway = self.start("plugins:\n  probe:\n")
        client = gateway.connect()
        self.assertEqual(client.request("probe:options")["greeting"], "hello")
        log = self.reload(gateway, "plugins:\n  probe:\n    greeting: welcome\n")
        self.assertEqual(client.request("probe:options")["greeting"], "welcome")
        self.assertIn("plugin reconfigured plugin=probe", log)
        self.assertNotIn("needs a restart", log)

    def test_what_needs_a_restart_is_named(self):
        gateway = self.start("plugins:\n  probe:\n")
        log = self.reload(gateway, "http: {public: {body_bytes: 2048}}\ngateway: {name: other}\n"
                                   "plugins:\n  probe:\n    fixed: 2\n  videoroom:\n")
        for option in ("http.public.body_bytes", "plugins.probe.fixed", "plugins.videoroom"):
            self.assertIn(f"a changed option needs a restart option={option}", log)
        self.assertEqual(gateway.connect().request("probe:options")["fixed"], 1)

    def test_a_plugin_that_is_taken_out_stays_until_the_restart(self):
        gateway = self.start("plugins:\n  probe:\n    greeting: mine\n")
        log = self.reload(gateway, "")
        self.assertIn("needs a restart option=plugins.probe", log)
        self.assertEqual(gateway.connect().request("probe:options")["greeting"], "mine")

    def test_a_broken_file_changes_nothing(self):
        good = "log: {level: info}\nplugins:\n  probe:\n    greeting: good\n"
        gateway = self.start(good)
        client = gateway.connect()
        for broken in ("log: {level: loud}\nplugins:\n  probe:\n    greeting: bad\n",
                       "log: {level: error}\nplugins:\n  probe:\n    greetin: bad\n",
                       "log: {level: error}\nplugins: [",
                       "include: nowhere.yaml\n"):
            with self.subTest(broken=broken):
                log = self.reload(gateway, broken, "the configuration was not reloaded")
                self.assertRegex(log, r"error \[gateway\].*sluice\.yaml:\d+:\d+: ")
                self.assertEqual(client.request("probe:options")["greeting"], "good")
        self.assertIn("configuration reloaded", self.reload(gateway, good))  # at level info, as before

    def test_a_file_that_is_gone_changes_nothing(self):
        gateway = self.start("plugins:\n  probe:\n")
        (self.folder / "sluice.yaml").unlink()
        gateway.signal(signal.SIGHUP)
        gateway.log.wait_for("the configuration was not reloaded.*No such file")
        gateway.connect().request("probe:options")

    def test_the_drain_timeout_and_the_watchdog_follow(self):
        gateway = self.start("gateway: {callback_warn_ms: 10000}\nplugins:\n  videoroom:\n  probe:\n")
        self.reload(gateway, "gateway: {callback_warn_ms: 5, drain_timeout_ms: 100}\nplugins:\n  videoroom:\n  probe:\n")
        client = gateway.connect()
        client.request("probe:slow", {"ms": 20})
        gateway.log.wait_for("held the control thread.*probe:slow")
        client.request("room:join", {"roomId": "lobby"})
        gateway.signal(signal.SIGTERM)
        gateway.log.wait_for(r"draining timeout_ms=100")
        with self.assertRaises(Closed):
            client.event("no such event")
        self.assertEqual(gateway.wait(), 0)


if __name__ == "__main__":
    unittest.main()
