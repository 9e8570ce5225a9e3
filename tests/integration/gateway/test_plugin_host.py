"""What becomes of plugins that cannot be loaded or started: the gateway says which, where it stands, and what to do."""
import os
import shutil
import unittest

import gateway_process
from gateway_process import GatewayTest, TEST_PLUGINS

LAMP = os.path.join(TEST_PLUGINS, "lamp.so")


class PluginsThatCannotStart(GatewayTest):
    def test_a_plugin_that_throws_in_start_is_named_with_its_reason(self):
        errors = self.fails_to_start("plugins:\n  lamp:\n    throws: the bulb is broken\n")
        self.assertIn("sluice.yaml:3:3: plugin 'lamp' was not loaded: its start failed: the bulb is broken", errors)

    def test_a_missing_service_names_the_installed_plugin_that_provides_it(self):
        errors = self.fails_to_start("plugins: {reader: }\n")
        self.assertIn("sluice.yaml:2:11: plugin 'reader' was not loaded", errors)
        self.assertIn("requires the service 'test.lamp/1', which no configured plugin provides: "
                      "add 'lamp:' under 'plugins:'", errors)

    def test_a_missing_service_that_nobody_provides_asks_for_an_installation(self):
        shutil.copy(os.path.join(TEST_PLUGINS, "reader.so"), self.folder)
        errors = self.fails_to_start("plugins:\n  reader:\n", plugin_dirs=[str(self.folder)])
        self.assertIn("install a plugin that does", errors)

    def test_a_cycle_of_services_is_named_whole(self):
        errors = self.fails_to_start("plugins:\n  ring-a:\n  ring-b:\n")
        self.assertIn("plugin 'ring-a' was not loaded", errors)
        self.assertIn("plugin 'ring-b' was not loaded", errors)
        self.assertIn("cycle of required services (ring-a -> ring-b -> ring-a)", errors)

    def test_a_plugin_of_another_abi_is_refused_before_its_code_runs(self):
        errors = self.fails_to_start("plugins:\n  other-abi:\n")
        self.assertIn("was built for 'sluice-abi 0; a compiler of yesteryear'", errors)
        self.assertIn("build it again with this gateway's SDK", errors)

    def test_a_library_that_is_no_plugin_is_told_what_is_missing(self):
        errors = self.fails_to_start("plugins:\n  no-symbol:\n")
        self.assertIn("no-symbol.so exports no 'sluice_plugin': end its source with SLUICE_PLUGIN(...)", errors)

    def test_a_plugin_that_is_not_there_names_the_folders(self):
        errors = self.fails_to_start("plugins:\n  absent:\n")
        self.assertIn(f"there is no absent.so in {TEST_PLUGINS}", errors)

    def test_a_file_that_is_not_there_is_named(self):
        errors = self.fails_to_start("plugins:\n  lamp:\n    file: /nowhere/lamp.so\n")
        self.assertIn("cannot load /nowhere/lamp.so: there is no such file", errors)

    def test_a_text_file_is_no_library(self):
        self.write("lamp.so", "I shine.\n")
        errors = self.fails_to_start("plugins:\n  lamp:\n    file: lamp.so\n")
        self.assertRegex(errors, r"cannot load .*lamp\.so: .*(file too short|invalid ELF header)")

    def test_a_file_without_permission_is_told_so(self):
        shutil.copy(LAMP, self.folder / "lamp.so")
        (self.folder / "lamp.so").chmod(0)
        self.folder.chmod(0o755)
        config = self.write_config("plugins:\n  lamp:\n    file: lamp.so\n")
        try:
            status, _, errors = self.run_sluice("--check", config, user="nobody" if os.geteuid() == 0 else None)
        except PermissionError:
            self.skipTest("root may read everything, and nobody may not even run the gateway")
        self.assertEqual(status, 1)
        self.assertRegex(errors, r"cannot load .*lamp\.so: .*[Pp]ermission denied")

    def test_a_file_by_a_relative_name_is_taken_from_the_working_directory(self):
        shutil.copy(LAMP, self.folder / "local.so")
        self.start("plugins:\n  lamp:\n    file: local.so\n").log.wait_for("plugin started plugin=lamp version=1.2.3")

    def test_two_files_with_one_plugin_in_both_are_told_apart(self):
        errors = self.fails_to_start(f"plugins:\n  lamp:\n  lantern:\n    file: {LAMP}\n")
        self.assertIn("plugin 'lantern' was not loaded", errors)
        self.assertIn("calls itself 'lamp' like the plugin under 'lamp'", errors)

    def test_a_plugin_under_another_name_is_told_the_right_one(self):
        errors = self.fails_to_start(f"plugins:\n  lantern:\n    file: {LAMP}\n")
        self.assertIn("holds the plugin 'lamp': write 'lamp:' instead of 'lantern:'", errors)

    def test_wrong_options_are_told_with_their_place_and_the_nearest_key(self):
        errors = self.fails_to_start("plugins:\n  lamp:\n    brightnes: 3\n    brightness: 12\n")
        self.assertIn("sluice.yaml:4:5: key 'plugins.lamp.brightnes' is unknown; did you mean 'brightness'?", errors)
        self.assertRegex(errors, r"sluice\.yaml:5:17: key 'plugins\.lamp\.brightness' must be .*9")

    def test_the_second_plugin_that_answers_an_event_is_refused(self):
        errors = self.fails_to_start(
            "plugins:\n  lamp:\n    answers: [light:on]\n  reader:\n    answers: [light:on]\n")
        self.assertIn("plugin 'reader' was not loaded: its start failed: "
                      "plugin 'lamp' answers to the event 'light:on' already", errors)

    def test_who_depends_on_a_plugin_that_fails_is_told_which(self):
        errors = self.fails_to_start("plugins:\n  lamp:\n    throws: no current\n  reader:\n")
        self.assertIn("plugin 'lamp' was not loaded: its start failed: no current", errors)
        self.assertIn("plugin 'reader' was not loaded: requires the service 'test.lamp/1' of plugin 'lamp', "
                      "which did not start", errors)

    def test_a_configured_provider_with_wrong_options_is_not_advised_to_be_added(self):
        errors = self.fails_to_start("plugins:\n  lamp:\n    brightness: 100\n  reader:\n")
        self.assertIn("requires the service 'test.lamp/1' of plugin 'lamp', which cannot start", errors)
        self.assertNotIn("add 'lamp:'", errors)

    def test_a_service_that_is_declared_and_not_offered_is_a_defect_of_its_plugin(self):
        errors = self.fails_to_start("plugins:\n  lamp:\n    offers: false\n  reader:\n")
        self.assertIn("'lamp', which declares it but does not offer it", errors)

    def test_the_check_finds_what_can_be_found_without_starting(self):
        config = self.write_config("plugins:\n  absent:\n  lamp:\n    brightness: 100\n  reader:\n")
        status, _, errors = self.run_sluice("--check", config)
        self.assertEqual(status, 1)
        self.assertIn("there is no absent.so", errors)
        self.assertIn("plugins.lamp.brightness", errors)


class OptionalPlugins(GatewayTest):
    CONFIG = """
plugins:
  lamp: {optional: true, throws: no current}
  reader: {optional: true}
  absent: {optional: true}
  probe:
"""

    def test_the_gateway_goes_on_without_them_and_says_so(self):
        gateway = self.start(self.CONFIG)
        for name, reason in (("lamp", "no current"), ("reader", "did not start"), ("absent", "there is no absent.so")):
            gateway.log.wait_for(f"warning .*plugin '{name}' was not loaded: .*{reason}.*it is optional")
        self.assertEqual(gateway.connect().request("probe:options")["greeting"], "hello")

    def test_the_admin_api_shows_why(self):
        gateway = self.start(self.CONFIG)
        plugins = {p["name"]: p for p in self.admin_json(gateway, "/admin/v1/plugins")["plugins"]}
        self.assertEqual(plugins["probe"]["state"], "running")
        self.assertEqual(plugins["lamp"]["state"], "not_loaded")
        self.assertIn("no current", plugins["lamp"]["whyNotLoaded"])
        self.assertEqual(plugins["lamp"]["version"], "1.2.3")
        self.assertIn("which did not start", plugins["reader"]["whyNotLoaded"])
        self.assertIn("probe:options", plugins["probe"]["events"])
        self.assertEqual(self.admin_json(gateway, "/admin/v1/health/ready")["ready"], True)

    def test_a_required_plugin_that_needs_an_optional_one_ends_the_start(self):
        errors = self.fails_to_start("plugins:\n  lamp: {optional: true, throws: no current}\n  reader:\n")
        self.assertIn("plugin 'reader' was not loaded", errors)


class OrderOfPlugins(GatewayTest):
    def steps(self, gateway):
        lines = [line for line in gateway.log.lines if "[plugin.lamp]" in line or "[plugin.reader]" in line]
        return [" ".join(line.split(" ")[2:]) for line in lines]

    def test_providers_start_first_and_everything_ends_in_reverse(self):
        gateway = self.start("plugins:\n  reader:\n  lamp:\n")
        self.assertEqual(gateway.stop(), 0)
        self.assertEqual(self.steps(gateway), [
            "[plugin.lamp] started", "[plugin.reader] started",
            "[plugin.reader] stopped", "[plugin.reader] destroyed",
            "[plugin.lamp] stopped", "[plugin.lamp] destroyed"])

    def test_what_had_started_is_stopped_when_the_start_fails(self):
        gateway = self.start_failing("plugins:\n  lamp:\n  reader: {throws: too dark}\n")
        self.assertEqual(self.steps(gateway), [
            "[plugin.lamp] started", "[plugin.reader] destroyed",
            "[plugin.lamp] stopped", "[plugin.lamp] destroyed"])

    def start_failing(self, text):
        gateway = gateway_process.Gateway(self.folder, self.write_config(text), self.environment)
        self.assertEqual(gateway.wait(gateway_process.START_SECONDS), 1)
        self.assertNotRegex(gateway.log.text(), gateway_process.SANITIZER)
        return gateway


if __name__ == "__main__":
    unittest.main()
