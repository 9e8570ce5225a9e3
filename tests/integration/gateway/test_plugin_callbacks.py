"""What clients get from handlers that behave and from those that do not; the process lives on."""
import unittest

from gateway_process import GatewayTest

CONFIG = "gateway: {callback_warn_ms: 20}\nplugins:\n  probe:\n"


class Replies(GatewayTest):
    def setUp(self):
        super().setUp()
        self.gateway = self.start(CONFIG)
        self.client = self.gateway.connect()

    def still_answers(self):
        self.assertEqual(self.client.request("probe:options"), {"greeting": "hello", "fixed": 1})

    def test_a_handler_that_throws_costs_one_error_reply_and_one_log_line(self):
        for event in ("probe:throw", "probe:throw-odd"):
            refusal = self.client.refusal(event)
            self.assertEqual(refusal.code, "INTERNAL")
            self.assertNotIn("secret reason", refusal.message)
        self.gateway.log.wait_for(r"error .*a callback threw.*plugin=probe.*probe:throw.*the secret reason")
        self.gateway.log.wait_for(r"error .*a callback threw.*plugin=probe.*probe:throw-odd")
        self.still_answers()

    def test_an_error_that_a_handler_throws_is_the_answer(self):
        refusal = self.client.refusal("probe:refuse")
        self.assertEqual((refusal.code, refusal.message, refusal.details), ("CONFLICT", "not now", {"why": "because"}))
        self.assertIsNone(self.gateway.log.find("a callback threw"))

    def test_an_error_without_an_id_arrives_as_an_event(self):
        self.client.send_text('{"event":"probe:refuse"}')
        error = self.client.event("error")
        self.assertEqual((error["event"], error["code"], error["details"]),
                         ("probe:refuse", "CONFLICT", {"why": "because"}))

    def test_a_reply_may_come_later_from_a_timer_or_a_background_thread(self):
        self.assertEqual(self.client.request("probe:later"), {"when": "later"})
        self.assertEqual(self.client.request("probe:background"), {"answer": 42})

    def test_a_reply_that_is_dropped_answers_internal(self):
        self.assertEqual(self.client.refusal("probe:never").code, "INTERNAL")
        self.gateway.log.wait_for(r"error .*a handler gave no answer.*probe:never")
        self.still_answers()

    def test_a_second_answer_is_ignored_and_logged(self):
        self.assertEqual(self.client.request("probe:twice"), {"answer": "first"})
        self.gateway.log.wait_for(r"error .*a handler answered twice.*probe:twice")
        self.still_answers()

    def test_a_throw_after_the_answer_leaves_the_answer(self):
        self.assertEqual(self.client.request("probe:answer-and-throw"), {"answer": "first"})
        self.gateway.log.wait_for("after the answer")
        self.still_answers()

    def test_a_reply_that_is_still_held_at_the_end_ends_in_good_order(self):
        self.client.ask("probe:keep")
        self.still_answers()  # so that it is held by now
        self.assertEqual(self.gateway.stop(), 0)

    def test_a_client_that_left_before_the_answer_does_no_harm(self):
        self.client.ask("probe:keep")
        self.still_answers()
        self.client.close_socket()
        self.gateway.log.wait_for(r"\[plugin.probe\] gone")
        other = self.gateway.connect()
        self.assertEqual(other.request("probe:later"), {"when": "later"})  # drops the reply that was held

    def test_typed_events_name_the_field_that_is_wrong(self):
        refusal = self.client.refusal("probe:typed", {"items": [{"count": 1}, {"count": "many"}]})
        self.assertEqual((refusal.code, refusal.details["path"]), ("INVALID_PAYLOAD", "items[1].count"))
        refusal = self.client.refusal("probe:typed", {})
        self.assertEqual((refusal.code, refusal.details["path"]), ("INVALID_PAYLOAD", "items"))
        self.assertEqual(self.client.refusal("probe:typed", [1]).code, "INVALID_PAYLOAD")
        self.assertEqual(self.client.request("probe:typed", {"items": [{"count": 1}]}), {"n": 1})

    def test_a_route_that_throws_is_a_500_and_a_log_line(self):
        response = self.gateway.get("/probe/throw")
        self.assertEqual(response.status, 500)
        self.assertNotIn("a route that throws", response.text())
        self.gateway.log.wait_for(r"error .*a callback threw.*plugin=probe.*/probe/throw.*a route that throws")
        self.assertEqual(self.gateway.get("/probe/echo").status, 200)


class Watchdog(GatewayTest):
    def test_a_slow_callback_is_named_in_the_log_and_counted(self):
        gateway = self.start(CONFIG)
        client = gateway.connect()
        client.request("probe:slow", {"ms": 40})
        took = gateway.log.wait_for(r"warning .*held the control thread.*plugin=probe.*event probe:slow.*took_ms=(\d+)")
        self.assertGreaterEqual(int(took[1]), 40)
        metrics = self.metrics(gateway)
        self.assertRegex(metrics, r'sluice_plugins_slow_callbacks_total\{plugin="probe"\} [1-9]')
        self.assertRegex(metrics, r'sluice_plugins_callback_seconds_count\{plugin="probe"\} [1-9]')

    def test_zero_is_never(self):
        gateway = self.start("gateway: {callback_warn_ms: 0}\nplugins:\n  probe:\n")
        gateway.connect().request("probe:slow", {"ms": 60})
        self.assertIsNone(gateway.log.find("held the control thread"))


if __name__ == "__main__":
    unittest.main()
