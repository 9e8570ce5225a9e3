"""Who may have a recording, and how much of it at a time."""
import unittest

from meeting_gateway import SOUTH
from recording_gateway import RecordingTest
from whip_client import eventually


class Downloads(RecordingTest):
    """One recording for all of them: it takes longer to make than to ask for."""

    async def test_downloads(self):
        self.start_recording_gateway()
        self.stranger = self.person("stranger", SOUTH)
        self.bystander = self.person("bystander")  # of the same tenant, not in the room
        film = await self.film("anna")
        self.recording = (await self.begin())["recordingId"]
        await film.films(3)
        with self.subTest("not before it is ready"):
            self.assertEqual(self.host.rest.call("GET", f"{self.path}/file").code, "CONFLICT")
        await self.end()
        await film.close()
        self.described = await self.description(self.recording)
        for check in (self.ranges, self.names, self.strangers, self.tickets, self.lists):
            with self.subTest(check.__name__):
                check()
        with self.subTest("deletion"):
            await self.deletion()

    @property
    def path(self):
        return f"/api/recordings/{self.recording}"

    def get(self, path, person=None, **headers):
        fields = {"Authorization": f"Bearer {person.bearer}"} if person else {}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.gateway.get(path, headers=fields)

    def ranges(self):
        whole = self.get(self.described["url"])
        self.assertEqual((whole.status, whole.headers["content-type"]), (200, "video/mp4"))
        self.assertEqual(whole.headers["accept-ranges"], "bytes")
        size = len(whole.body)
        for text, begin, end in (("bytes=0-0", 0, 1), ("bytes=100-299", 100, 300), (f"bytes={size - 7}-", size - 7, size),
                                 ("bytes=-9", size - 9, size)):
            part = self.get(self.described["url"], Range=text)
            self.assertEqual((part.status, part.body), (206, whole.body[begin:end]), text)
            self.assertEqual(part.headers["content-range"], f"bytes {begin}-{end - 1}/{size}")
        self.assertEqual(self.get(self.described["url"], Range=f"bytes={size}-").status, 416)
        tag = whole.headers["etag"]
        self.assertEqual(self.get(self.described["url"], If_None_Match=tag).status, 304)
        head = self.gateway.get(self.described["url"], "HEAD")
        self.assertEqual((head.status, head.headers["content-length"], head.body), (200, str(size), b""))

    def names(self):
        saved = self.get(f"{self.path}/file?download=1", self.host)
        self.assertRegex(saved.headers["content-disposition"], r'^attachment; filename="[^"/]+\.mp4"')
        for name in ("..%2f..%2fsluice.yaml", "..%2fjournal", "journal", "%00", "recording.mp4%00.jpg"):
            self.assertIn(self.get(f"{self.path}/files/{name}", self.host).status, (400, 404), name)

    def strangers(self):
        for path in (self.path, f"{self.path}/file", f"{self.path}/files/thumbnail.jpg"):
            self.assertEqual(self.get(path, self.stranger).status, 404, path)
            self.assertEqual(self.get(path, self.bystander).status, 404, path)
            self.assertIn(self.get(path).status, (401, 404), path)
        for other in (self.stranger, self.bystander):
            self.assertEqual(other.rest.call("DELETE", self.path).status, 404)

    def tickets(self):
        address, _, ticket = self.described["url"].partition("ticket=")
        self.assertGreaterEqual(len(ticket), 22)  # 128 bits
        self.assertEqual(self.get(address + "ticket=" + "x" * len(ticket)).status, 404)
        self.assertEqual(self.get(address.replace(self.recording, "another") + "ticket=" + ticket).status, 404)

    def lists(self):
        self.assertIn(self.recording, str(self.host.rest.ok("GET", "/api/recordings")))
        self.assertIn(self.recording, str(self.host.request("recording:list")))
        for other in (self.stranger, self.bystander):
            self.assertNotIn(self.recording, str(other.rest.ok("GET", "/api/recordings")))

    async def deletion(self):
        self.host.rest.ok("DELETE", self.path)
        for path in (self.path, f"{self.path}/file", self.described["url"]):
            self.assertEqual(self.get(path, self.host).status, 404, path)
        # It is nobody's any more at once; the files follow.
        await eventually(lambda: not self.files(), lambda: f"{self.files()} are left")

    def files(self):
        return [file for file in (self.folder / "recordings").rglob("*") if file.is_file()]


if __name__ == "__main__":
    unittest.main()
