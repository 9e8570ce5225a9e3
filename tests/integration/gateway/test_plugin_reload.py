"""Plugins change while the gateway runs: other options, other code, none at all; clients stay connected."""
import json
import os
import pathlib
import shutil
import signal
import time
import unittest

from gateway_process import TEST_PLUGINS, WAIT_SECONDS, GatewayTest
from web_socket import Closed, Refused

RELOADS = 100


class PluginChanges(GatewayTest):
    def change(self, gateway, plugin, what="reload", status=200):
        response = gateway.admin(f"/admin/v1/plugins/{plugin}/{what}", "POST")
        self.assertEqual(response.status, status, response.text())
        return json.loads(response.text())

    def options(self, gateway, plugin, body, method="PATCH", query="", status=200):
        response = gateway.admin(f"/admin/v1/plugins/{plugin}/options{query}", method, body=json.dumps(body).encode())
        self.assertEqual(response.status, status, response.text())
        return json.loads(response.text())

    def plugin(self, gateway, name):
        return self.admin_json(gateway, f"/admin/v1/plugins/{name}")

    def wait_until(self, holds, what):
        deadline = time.monotonic() + WAIT_SECONDS
        while not holds():
            self.assertLess(time.monotonic(), deadline, what)

    def install(self, version, name="turncoat.so"):
        """Puts a version in its place as an installation does: by a rename."""
        source = os.path.join(TEST_PLUGINS, "turncoat.so" if version == 1 else "turncoat-2.so")
        shutil.copy(source, self.folder / "incoming")
        os.rename(self.folder / "incoming", self.folder / name)

    def start_turncoat(self, options=""):
        self.install(1)
        return self.start(f"plugins:\n  turncoat:\n    file: {self.folder}/turncoat.so\n{options}")


class Reload(PluginChanges):
    def test_it_starts_anew_with_the_options_of_the_file_and_clients_stay(self):
        gateway = self.start_turncoat()
        client = gateway.connect()
        self.assertEqual(client.request("turncoat:who")["colour"], "red")
        self.write("sluice.yaml", "include: base.yaml\nplugins:\n  turncoat:\n"
                                  f"    file: {self.folder}/turncoat.so\n    colour: blue\n")
        change = self.change(gateway, "turncoat")
        self.assertEqual(change["plugins"], [{"name": "turncoat", "state": "running"}])
        self.assertFalse(change["newCode"])
        self.assertGreater(change["heldMs"], 0)
        self.assertEqual(client.request("turncoat:who")["colour"], "blue")
        self.assertEqual(gateway.get("/turncoat").status, 200)
        gateway.log.wait_for(r"plugin reloaded plugin=turncoat")

    def test_a_file_that_was_replaced_is_loaded_as_new_code_and_the_old_one_leaves(self):
        gateway = self.start_turncoat()
        client = gateway.connect()
        for version in (2, 1, 2):
            self.install(version)
            self.assertTrue(self.change(gateway, "turncoat")["newCode"])
            self.assertEqual(client.request("turncoat:who")["version"], f"{version}.0.0")
            self.assertEqual(self.plugin(gateway, "turncoat")["version"], f"{version}.0.0")
        self.wait_until(lambda: self.admin_json(gateway, "/admin/v1/plugins")["replacedLibraries"] == 0,
                        "the replaced libraries stay")
        self.assertEqual(len(self.mapped(gateway)), 1)

    def test_work_that_is_on_its_way_keeps_the_old_code_until_it_is_done(self):
        gateway = self.start_turncoat()
        client = gateway.connect()
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        waiting = client.ask("turncoat:read", {"file": str(fifo)})
        self.assertEqual(client.request("turncoat:who")["version"], "1.0.0")  # so that the job is there
        self.install(2)
        self.change(gateway, "turncoat")
        self.assertEqual(client.request("turncoat:who")["version"], "2.0.0")
        self.assertEqual(self.admin_json(gateway, "/admin/v1/plugins")["replacedLibraries"], 1)
        self.assertEqual(len(self.mapped(gateway)), 2)
        fifo.write_text("done\n")  # the job of the old code runs to its end
        with self.assertRaises(Refused) as refused:
            client.answer(waiting)
        self.assertEqual(refused.exception.code, "INTERNAL")
        self.wait_until(lambda: len(self.mapped(gateway)) == 1, "the old code stays")
        self.assertEqual(self.admin_json(gateway, "/admin/v1/plugins")["replacedLibraries"], 0)

    def mapped(self, gateway):
        """The versions of the plugin that are in memory."""
        maps = pathlib.Path(f"/proc/{gateway.process.pid}/maps").read_text()
        return {line.split()[4] for line in maps.splitlines() if "turncoat.so" in line}

    def test_dependents_start_anew_after_it_and_stop_before_it(self):
        gateway = self.start("plugins:\n  lamp:\n  reader:\n  probe:\n")
        gateway.log.wait_for(r"\[gateway\] ready")  # the log is written behind what it tells of
        before = len(gateway.log.lines)
        change = self.change(gateway, "lamp")
        self.assertEqual([p["name"] for p in change["plugins"]], ["lamp", "reader"])
        gateway.log.wait_for(r"plugin reloaded plugin=lamp")
        lines = [line for line in gateway.log.lines[before:] if "[plugin." in line]
        self.assertEqual([" ".join(line.split(" ")[2:]) for line in lines], [
            "[plugin.reader] stopped", "[plugin.reader] destroyed",
            "[plugin.lamp] stopped", "[plugin.lamp] destroyed",
            "[plugin.lamp] started", "[plugin.reader] started"])

    def test_what_cannot_be_loaded_leaves_the_old_one_running(self):
        gateway = self.start_turncoat()
        client = gateway.connect()
        for name, problem in (("other-abi", "was built for 'sluice-abi 0"), ("no-symbol", "exports no 'sluice_plugin'"),
                              ("lamp", "holds the plugin 'lamp'")):
            with self.subTest(name):
                shutil.copy(os.path.join(TEST_PLUGINS, f"{name}.so"), self.folder / "incoming")
                os.rename(self.folder / "incoming", self.folder / "turncoat.so")
                error = self.change(gateway, "turncoat", status=409)["error"]
                self.assertEqual(error["code"], "CONFLICT")
                self.assertIn(problem, error["message"])
                self.assertEqual(client.request("turncoat:who")["version"], "1.0.0")
        (self.folder / "turncoat.so").unlink()
        self.assertIn("there is no such file", self.change(gateway, "turncoat", status=409)["error"]["message"])
        self.assertEqual(client.request("turncoat:who")["version"], "1.0.0")

    def test_mistakes_of_the_file_are_told_with_their_place_and_change_nothing(self):
        gateway = self.start_turncoat()
        client = gateway.connect()
        section = f"include: base.yaml\nplugins:\n  turncoat:\n    file: {self.folder}/turncoat.so\n"
        self.write("sluice.yaml", section + "    most: 10\n")
        self.assertIn("sluice.yaml:5:11", self.change(gateway, "turncoat", status=409)["error"]["message"])
        self.write("sluice.yaml", section + "gateway: {nme: x}\n")
        error = self.change(gateway, "turncoat", status=409)["error"]
        self.assertEqual((error["details"]["problems"][0]["line"], error["details"]["problems"][0]["column"]), (5, 11))
        self.write("sluice.yaml", "include: base.yaml\n")
        self.assertEqual(self.change(gateway, "turncoat", status=409)["error"]["code"], "CONFLICT")
        self.assertEqual(client.request("turncoat:who")["version"], "1.0.0")

    def test_a_start_that_fails_takes_the_dependents_along_and_a_reload_is_the_way_back(self):
        gateway = self.start("plugins:\n  lamp:\n  reader:\n")
        self.write("sluice.yaml", "include: base.yaml\nplugins:\n  lamp: {throws: no current}\n  reader:\n")
        lamp, reader = self.change(gateway, "lamp")["plugins"]
        self.assertEqual((lamp["state"], reader["state"]), ("not_loaded", "not_loaded"))
        self.assertIn("no current", lamp["whyNotLoaded"])
        self.assertIn("which did not start", reader["whyNotLoaded"])
        self.assertEqual(gateway.admin("/admin/v1/health/ready").status, 503)
        self.write("sluice.yaml", "include: base.yaml\nplugins:\n  lamp:\n  reader:\n")
        self.assertEqual([p["state"] for p in self.change(gateway, "lamp")["plugins"]], ["running", "running"])
        self.assertEqual(gateway.admin("/admin/v1/health/ready").status, 200)

    def test_a_plugin_that_the_file_names_now_is_loaded(self):
        gateway = self.start("plugins:\n  probe:\n")
        self.assertEqual(self.change(gateway, "lamp", status=404)["error"]["code"], "NOT_FOUND")
        self.write("sluice.yaml", "include: base.yaml\nplugins:\n  probe:\n  reader:\n")
        self.assertIn("test.lamp/1", self.change(gateway, "reader", status=409)["error"]["message"])
        self.write("sluice.yaml", "include: base.yaml\nplugins:\n  probe:\n  reader:\n  lamp:\n")
        self.assertEqual(self.change(gateway, "lamp")["plugins"], [{"name": "lamp", "state": "running"}])
        self.assertEqual(self.change(gateway, "reader")["plugins"], [{"name": "reader", "state": "running"}])

    def test_many_reloads_leave_nothing_behind(self):
        gateway = self.start_turncoat()
        client = gateway.connect()
        process = pathlib.Path(f"/proc/{gateway.process.pid}")

        def held():
            return len(list((process / "fd").iterdir())), len(list((process / "task").iterdir())), len(self.mapped(gateway))

        self.change(gateway, "turncoat")
        client.request("turncoat:who")
        before = held()
        for n in range(RELOADS):
            self.install(2 - n % 2)
            self.change(gateway, "turncoat")
            client.request("turncoat:who")
        self.wait_until(lambda: self.admin_json(gateway, "/admin/v1/plugins")["replacedLibraries"] == 0,
                        "the replaced libraries stay")
        self.wait_until(lambda: held() == before, f"{held()} instead of {before}")


class Stop(PluginChanges):
    def test_a_plugin_is_stopped_with_those_that_require_it_and_started_again(self):
        gateway = self.start("plugins:\n  lamp:\n  reader:\n  probe:\n")
        lamp, reader = self.change(gateway, "lamp", "stop")["plugins"]
        self.assertEqual((lamp["state"], reader["state"]), ("stopped", "not_loaded"))
        self.assertIn("which was stopped", reader["whyNotLoaded"])
        self.assertEqual(self.plugin(gateway, "lamp")["state"], "stopped")
        self.change(gateway, "lamp", "stop", status=409)
        self.assertEqual([p["state"] for p in self.change(gateway, "lamp", "start")["plugins"]], ["running", "running"])
        self.change(gateway, "lamp", "start", status=409)
        self.change(gateway, "nobody", "stop", status=404)


class Options(PluginChanges):
    def test_reloadable_ones_are_told_while_it_runs(self):
        gateway = self.start_turncoat("    secret: hush\n")
        client = gateway.connect()
        self.assertEqual(self.options(gateway, "turncoat", {"greeting": "welcome"}), {"reloaded": False})
        self.assertEqual(client.request("turncoat:who")["greeting"], "welcome")
        shown = self.plugin(gateway, "turncoat")
        self.assertTrue(shown["optionsChanged"])
        self.assertEqual((shown["options"]["greeting"], shown["options"]["secret"]), ("welcome", "***"))
        gateway.signal(signal.SIGHUP)  # the file holds again
        gateway.log.wait_for("configuration reloaded")
        self.assertEqual(client.request("turncoat:who")["greeting"], "hello")
        self.assertFalse(self.plugin(gateway, "turncoat")["optionsChanged"])

    def test_others_start_it_anew_if_that_is_asked_for(self):
        gateway = self.start_turncoat("    secret: hush\n")
        client = gateway.connect()
        error = self.options(gateway, "turncoat", {"colour": "blue", "greeting": "hi"}, status=409)["error"]
        self.assertEqual(error["details"], {"needsReload": ["plugins.turncoat.colour"]})
        self.assertEqual(client.request("turncoat:who")["greeting"], "hello")
        done = self.options(gateway, "turncoat", {"colour": "blue"}, query="?reload=true")
        self.assertTrue(done["reloaded"])
        who = client.request("turncoat:who")
        self.assertEqual((who["colour"], who["secret"]), ("blue", "hush"))

    def test_a_whole_set_replaces_and_a_masked_secret_stays(self):
        gateway = self.start_turncoat("    secret: hush\n    greeting: good day\n")
        client = gateway.connect()
        shown = self.plugin(gateway, "turncoat")["options"]
        self.options(gateway, "turncoat", shown, "PUT")
        self.assertEqual(client.request("turncoat:who")["secret"], "hush")
        self.options(gateway, "turncoat", {"secret": "***"}, "PUT")
        who = client.request("turncoat:who")
        self.assertEqual((who["greeting"], who["secret"]), ("hello", "hush"))

    def test_wrong_ones_change_nothing_and_are_named(self):
        gateway = self.start_turncoat()
        client = gateway.connect()
        for body, problem in (({"most": 10}, "plugins.turncoat.most"), ({"mst": 1}, "did you mean 'most'"),
                              ({"greeting": {}}, "plugins.turncoat.greeting")):
            error = self.options(gateway, "turncoat", body, status=400)["error"]
            self.assertEqual(error["code"], "INVALID_PAYLOAD")
            self.assertIn(problem, error["details"]["problems"][0]["text"])
        error = self.options(gateway, "turncoat", {"secret": "***"}, status=400)["error"]
        self.assertEqual(error["details"], {"path": "plugins.turncoat.secret"})
        self.options(gateway, "nobody", {}, status=404)
        self.assertEqual(client.request("turncoat:who")["greeting"], "hello")


class RoomsAndChat(PluginChanges):
    def test_a_videoroom_that_is_reloaded_closes_its_rooms_and_its_clients_come_back(self):
        gateway = self.start("plugins:\n  videoroom:\n  chat:\n")
        client = gateway.connect()
        client.request("room:join", {"roomId": "lobby", "name": "Ada"})
        change = self.change(gateway, "videoroom")
        self.assertEqual([(p["name"], p["state"]) for p in change["plugins"]],
                         [("videoroom", "running"), ("chat", "running")])
        self.assertEqual(client.event("room:closed")["reason"], "shutdown")
        client.request("room:join", {"roomId": "lobby", "name": "Ada"})
        client.request("chat:send", {"message": "still here"})

    def test_a_chat_that_is_reloaded_leaves_the_rooms_alone(self):
        gateway = self.start("plugins:\n  videoroom:\n  chat:\n")
        client = gateway.connect()
        client.request("room:join", {"roomId": "lobby", "name": "Ada"})
        self.assertEqual([p["name"] for p in self.change(gateway, "chat")["plugins"]], ["chat"])
        client.request("chat:send", {"message": "still here"})


class Found(PluginChanges):
    def test_what_is_installed_and_not_configured_is_shown(self):
        gateway = self.start("plugins:\n  lamp:\n")
        plugins = {p["name"]: p for p in self.admin_json(gateway, "/admin/v1/plugins")["plugins"]}
        self.assertEqual(plugins["lamp"]["state"], "running")
        self.assertEqual(plugins["reader"]["state"], "not_configured")
        self.assertEqual(plugins["reader"]["requires"], ["test.lamp/1"])
        self.assertIn("was built for", plugins["other-abi"]["whyNotLoaded"])
        self.assertEqual(gateway.admin("/admin/v1/health/ready").status, 200)
        self.assertEqual(gateway.admin("/admin/v1/plugins/nobody").status, 404)

    def test_callbacks_are_told_by_their_quantiles(self):
        gateway = self.start("plugins:\n  probe:\n")
        gateway.connect().request("probe:slow", {"ms": 20})
        callbacks = self.plugin(gateway, "probe")["callbacks"]
        self.assertGreaterEqual(callbacks["worstMs"], 20)
        self.assertGreaterEqual(callbacks["p99Ms"], 20)
        self.assertLessEqual(callbacks["p50Ms"], callbacks["p99Ms"])


class Process(PluginChanges):
    def post(self, gateway, path, body=None, status=200):
        response = gateway.admin(f"/admin/v1/{path}", "POST", body=json.dumps(body or {}).encode())
        self.assertEqual(response.status, status, response.text())
        return json.loads(response.text())

    def test_the_configuration_is_read_again_and_says_what_became_of_it(self):
        gateway = self.start("plugins:\n  probe:\n")
        self.write("sluice.yaml", "include: base.yaml\nlog: {level: debug}\nhttp: {public: {body_bytes: 2048}}\n"
                                  "plugins:\n  probe: {greeting: hi, fixed: 2}\n  lamp:\n")
        done = self.post(gateway, "reload")
        self.assertEqual(set(done["applied"]), {"log.level", "plugins.probe.greeting"})
        self.assertEqual(set(done["needsPluginReload"]), {"plugins.probe.fixed", "plugins.lamp"})
        self.assertEqual(done["needsRestart"], ["http.public.body_bytes"])
        self.assertEqual(gateway.connect().request("probe:options"), {"greeting": "hi", "fixed": 1})
        self.write("sluice.yaml", "include: base.yaml\nlog: {level: loud}\n")
        problem = self.post(gateway, "reload", status=409)["error"]["details"]["problems"][0]
        self.assertEqual((problem["file"], problem["line"], problem["column"]), ("sluice.yaml", 2, 14))

    def test_a_drain_is_asked_for_twice_said_once(self):
        gateway = self.start("plugins:\n  videoroom:\n  turncoat:\n")
        client = gateway.connect()
        client.request("room:join", {"roomId": "lobby", "name": "Ada"})
        self.assertEqual(self.admin_json(gateway, "/admin/v1/drain")["draining"], False)
        self.assertEqual(self.post(gateway, "drain", status=400)["error"]["details"], {"path": "confirm"})
        state = self.post(gateway, "drain", {"confirm": True, "timeoutMs": 3_600_000})
        self.assertEqual((state["draining"], state["waitingFor"]), (True, ["videoroom"]))
        client.event("room:draining")
        self.assertTrue(self.post(gateway, "drain", {"confirm": True})["draining"])  # and does not stop it
        self.assertEqual(gateway.admin("/admin/v1/health/ready").status, 503)
        self.assertEqual(self.change(gateway, "turncoat", status=503)["error"]["code"], "DRAINING")
        client.request("room:leave")
        with self.assertRaises(Closed):
            client.event("no such event")
        gateway.close_clients()
        self.assertEqual(gateway.wait(), 0)

    def test_the_overview_and_the_clients(self):
        gateway = self.start("plugins:\n  probe:\n  absent: {optional: true}\n")
        client = gateway.connect()
        client.request("probe:options")
        overview = self.admin_json(gateway, "/admin/v1/overview")
        self.assertEqual((overview["clients"], overview["ready"]), (1, True))
        self.assertEqual(overview["plugins"], {"running": 1, "notLoaded": 1})
        self.assertGreater(overview["process"]["memoryBytes"], 0)
        self.assertEqual(len(overview["workers"]), 1)
        page = self.admin_json(gateway, "/admin/v1/clients")
        self.assertEqual((page["total"], page["clients"][0]["door"]), (1, "websocket"))
        number = page["clients"][0]["id"]
        self.assertEqual(gateway.admin(f"/admin/v1/clients/{number}?reason=bye", "DELETE").status, 200)
        self.assertIn("bye", client.closed().reason)
        self.wait_until(lambda: self.admin_json(gateway, "/admin/v1/clients")["total"] == 0, "the client stays")
        self.assertEqual(gateway.admin(f"/admin/v1/clients/{number}", "DELETE").status, 404)


if __name__ == "__main__":
    unittest.main()
