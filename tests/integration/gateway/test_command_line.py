"""The command line: what each option says, and with which status the process ends."""
import unittest

from gateway_process import SOURCE, GatewayTest


class CommandLine(GatewayTest):
    def test_help_names_every_option(self):
        status, out, errors = self.run_sluice("--help")
        self.assertEqual((status, errors), (0, ""))
        for option in ("--config", "--check", "--print-defaults", "--version", "--help"):
            self.assertIn(option, out)

    def test_version_tells_what_plugins_must_be_built_for(self):
        status, out, _ = self.run_sluice("--version")
        self.assertEqual(status, 0)
        self.assertRegex(out, r"^sluice \d+\.\d+\.\d+ \(sluice-abi \d+; ")

    def test_wrong_arguments_end_with_status_2_and_one_line(self):
        for arguments in (["--bogus"], ["extra"], ["--config"], ["--check"], [], ["--config", "a.yaml", "b.yaml"]):
            with self.subTest(arguments=arguments):
                status, out, errors = self.run_sluice(*arguments)
                self.assertEqual((status, out), (2, ""))
                self.assertRegex(errors, r"\Asluice: [^\n]*; see --help\n\Z")

    def test_the_printed_defaults_are_a_configuration(self):
        status, out, _ = self.run_sluice("--print-defaults")
        self.assertEqual(status, 0)
        self.write("defaults.yaml", out)
        self.assertEqual(self.run_sluice("--check", "defaults.yaml")[0], 0)

    def test_a_missing_configuration_is_one_line(self):
        for option in ("--config", "--check"):
            status, _, errors = self.run_sluice(option, "nowhere.yaml")
            self.assertEqual((status, errors), (1, "nowhere.yaml: No such file or directory\n"))


class Check(GatewayTest):
    def test_a_good_file_is_fine(self):
        config = self.write_config("plugins:\n  videoroom:\n    max_participants: 3\n")
        self.assertEqual(self.run_sluice("--check", config), (0, "sluice.yaml: fine\n", ""))

    def test_the_configuration_that_is_shipped_is_fine(self):
        status, _, errors = self.run_sluice("--check", str(SOURCE / "configs" / "sluice.yaml"))
        if "there is no echo.so" in errors:
            self.skipTest("the echo plugin is not built")
        self.assertEqual((status, errors), (0, ""))

    def test_the_configuration_for_measurements_is_fine(self):
        status, _, errors = self.run_sluice("--check", str(SOURCE / "configs" / "loopback-bench.yaml"))
        self.assertEqual((status, errors), (0, ""))

    def test_every_mistake_is_told_with_file_line_and_column(self):
        self.write("bad.yaml", "http:\n  public:\n    prot: 80\n  admin:\n    port: many\nauth:\n  guests: alow\n"
                               "log:\n  level: ${LEVEL_THAT_IS_NOT_SET}\n")
        status, out, errors = self.run_sluice("--check", "bad.yaml")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("bad.yaml:3:5: key 'http.public.prot' is unknown; did you mean 'port'?", errors)
        self.assertRegex(errors, r"bad\.yaml:5:11: key 'http\.admin\.port' must be .*'many'")
        self.assertIn("did you mean 'allow'?", errors)
        self.assertRegex(errors, r"bad\.yaml:9:10: .*LEVEL_THAT_IS_NOT_SET")

    def test_a_mistake_in_an_included_file_names_that_file(self):
        self.write("inner.yaml", "http:\n  threads: 0\n")
        self.write("outer.yaml", "include: inner.yaml\n")
        self.assertRegex(self.run_sluice("--check", "outer.yaml")[2], r"^inner\.yaml:2:12: key 'http\.threads'")

    def test_a_plugin_option_is_checked_as_the_gateways_own(self):
        config = self.write_config("plugins:\n  videoroom:\n    max_participant: 3\n")
        status, _, errors = self.run_sluice("--check", config)
        self.assertEqual(status, 1)
        self.assertIn("sluice.yaml:4:5: key 'plugins.videoroom.max_participant' is unknown; "
                      "did you mean 'max_participants'?", errors)

    def test_what_is_not_in_the_text_is_checked_too(self):
        short = self.write_config("auth: {jwt: {secret: too-short}}\n")
        status, _, errors = self.run_sluice("--check", short)
        self.assertEqual(status, 1)
        self.assertIn("shorter than 32 bytes", errors)
        status, _, errors = self.run_sluice("--check", self.write_config("auth: {jwt: {jwks_file: keys.json}}\n"))
        self.assertEqual(status, 1)
        self.assertIn("keys.json: cannot be read", errors)

    def test_an_admin_listener_for_the_world_demands_a_token(self):
        config = self.write_config("http: {admin: {address: 0.0.0.0}}\n")
        self.assertIn("http.admin.token", self.run_sluice("--check", config)[2])


if __name__ == "__main__":
    unittest.main()
