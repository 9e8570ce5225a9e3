"""The description of the API, made by a running gateway of its routes, is valid OpenAPI 3.1."""
import json
import pathlib
import re
import subprocess
import unittest

from gateway_process import GatewayTest

HERE = pathlib.Path(__file__).resolve().parent
# Every plugin of the tree that has routes; one that this build lacks is left out.
PLUGINS = ("videoroom", "whip", "meetings", "chat", "waitingroom", "engagement", "recording")
CONFIG = "plugins:\n" + "".join(f"  {name}: {{optional: true}}\n" for name in PLUGINS)


def validate(document):
    done = subprocess.run(["node", HERE / "validate.mjs"], input=document, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return int(done.stdout)


class OpenApi(GatewayTest):
    def test_the_public_document_is_valid(self):
        gateway = self.start(CONFIG)
        answer = gateway.get("/api/openapi.json")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["content-type"], "application/json")
        self.assertGreater(validate(answer.text()), 0)
        paths = json.loads(answer.text())["paths"]
        self.assertIn("post", paths["/whip/{room}"])

    def test_the_admin_document_is_valid(self):
        gateway = self.start(CONFIG)
        answer = gateway.admin("/admin/v1/openapi.json")
        self.assertEqual(answer.status, 200)
        self.assertGreater(validate(answer.text()), 5)

    def test_a_wrong_document_is_noticed(self):
        for wrong in ('{"openapi": "3.1.0", "paths": {}}',
                      '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a/{b}": {"get": '
                      '{"summary": "s", "tags": ["t"], "operationId": "o", "responses": {"200": {"description": ""}}}}}}'):
            with self.subTest(document=wrong), self.assertRaises(AssertionError):
                validate(wrong)

    def test_the_page_loads_nothing_from_elsewhere(self):
        gateway = self.start(CONFIG)
        page = gateway.get("/api/docs")
        self.assertEqual(page.status, 200)
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])
        named = re.findall(r'(?:src|href)="([^"]*)"', page.text())
        self.assertEqual(len(named), 3)
        for target in named:
            self.assertTrue(target.startswith("/api/"), target)
            self.assertEqual(gateway.get(target).status, 200)
        self.assertNotRegex(page.text(), r"<script>|<style>|\son\w+=")
        self.assertNotIn("innerHTML", gateway.get("/api/docs/page.js").text())

    def test_it_can_be_switched_off_and_needs_no_token_otherwise(self):
        closed = self.start("auth: {guests: deny}\n" + CONFIG)
        self.assertEqual(closed.get("/api/openapi.json").status, 200)
        without = self.start("http: {public: {api_description: false, static_dir: none}}\n" + CONFIG)
        self.assertEqual(without.get("/api/openapi.json").status, 404)
        self.assertEqual(without.get("/api/docs").status, 404)


if __name__ == "__main__":
    unittest.main()
