"""The installed tree, with the plugin that was built against it alone: it starts, loads the plugin and uses it."""
import os
import pathlib
import unittest

import gateway_process
from gateway_process import GatewayTest

# What integration.install has left: moved/ is the tree, echo/ a copy of the plugin's project, built.
WORK = os.environ.get("SLUICE_INSTALL_WORK", "")


@unittest.skipUnless(WORK, "SLUICE_INSTALL_WORK names no installation")
class Installed(GatewayTest):
    def setUp(self):
        super().setUp()
        work = pathlib.Path(WORK)
        self.tree = work / "moved"
        self.echo = work / "echo" / "build" / "lib" / "sluice" / "plugins" / "echo.so"
        mine = str(self.tree / "bin" / "sluice")
        before, gateway_process.SLUICE = gateway_process.SLUICE, mine
        self.addCleanup(setattr, gateway_process, "SLUICE", before)

    def test_a_third_party_plugin_is_loaded_and_used(self):
        gateway = self.start("plugins:\n  echo:\n    max_clients: 1\n", plugin_dirs=[str(self.echo.parent)])
        self.assertEqual(self.admin_json(gateway, "/admin/v1/plugins")["plugins"][0]["file"], str(self.echo))
        client = gateway.connect()
        self.assertEqual(client.refusal("echo:transport").code, "CONFLICT")
        codecs = client.request("echo:join")["rtpCapabilities"]["codecs"]
        self.assertIn("audio/opus", [codec["mimeType"] for codec in codecs])
        self.assertEqual(gateway.connect().refusal("echo:join").code, "LIMIT_EXCEEDED")
        transport = client.request("echo:transport")
        self.assertEqual(transport["iceCandidates"][0]["ip"], "127.0.0.1")
        refusal = client.refusal("echo:connect", {"transportId": transport["id"], "dtlsParameters": {
            "role": "client", "fingerprints": transport["dtlsParameters"]["fingerprints"]}})
        self.assertEqual(refusal.details["path"], "dtlsParameters.fingerprints")

    def test_the_tree_finds_its_own_plugins_wherever_it_stands(self):
        gateway = self.start("plugins:\n  videoroom:\n  echo:\n", plugin_dirs=[])
        for plugin in self.admin_json(gateway, "/admin/v1/plugins")["plugins"]:
            self.assertTrue(plugin["file"].startswith(str(self.tree)), plugin["file"])
        self.assertEqual(gateway.connect().request("room:join", {"roomId": "r"})["room"]["roomId"], "r")

    def test_the_shipped_configuration_fits_it(self):
        shipped = str(self.tree / "share" / "sluice" / "configs" / "sluice.yaml")
        self.assertEqual(self.run_sluice("--check", shipped), (0, f"{shipped}: fine\n", ""))


if __name__ == "__main__":
    unittest.main()
