"""A copy of the store, made while others write to it, and taken as the store of another gateway."""
import sqlite3
import threading
import unittest

from admin_client import ROOT, AdminTest


class Backup(AdminTest):
    def start_with_folder(self, **options):
        store = {"path": "sluice.db", "backup_dir": "copies"} | options
        return self.start(http={"admin": {"port": 0, "token": ROOT}}, store=store)

    def rows(self, file, sql):
        connection = sqlite3.connect(file)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def test_a_copy_made_while_others_write_is_whole(self):
        gateway = self.start_with_folder()
        self.operator(gateway, "first", "read")
        done = threading.Event()
        answered = []

        def write():
            while not done.is_set():
                answered.append(self.status(gateway, "PUT", "/admin/v1/log", body={"level": "info"}))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            before = len(answered)
            made = self.value(gateway, "POST", "/admin/v1/store/backup", expected=201)
        finally:
            done.set()
            writer.join()
        self.assertEqual(set(answered), {200})
        copy = self.folder / "copies" / made["name"]
        self.assertEqual(copy.stat().st_size, made["bytes"])
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.rows(copy, "PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.rows(copy, "SELECT name FROM admin_operators"), [("first",)])
        writes = self.rows(copy, "SELECT count(*) FROM admin_audit WHERE method = 'PUT'")[0][0]
        self.assertGreaterEqual(writes, before)  # answered before it was begun, hence in it
        self.assertLessEqual(writes, len(answered))

    def test_a_gateway_starts_from_a_copy_with_what_was_there(self):
        gateway = self.start_with_folder()
        token = self.operator(gateway, "ann", "read")
        made = self.value(gateway, "POST", "/admin/v1/store/backup", expected=201)
        _, _, answer = self.ask(gateway, "GET", f"/admin/v1/store/backups/{made['name']}")
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.status(gateway, "DELETE", "/admin/v1/operators/ann"), 204)
        gateway.stop()
        (self.folder / "restored.db").write_bytes(answer.body)
        restored = self.start_with_folder(path="restored.db")
        self.assertEqual(self.value(restored, "GET", "/admin/v1/me", token)["name"], "ann")

    def test_the_newest_stay_and_only_who_may_write_takes_one_away(self):
        gateway = self.start_with_folder(backups_kept=2)
        reader = self.operator(gateway, "ann", "read")
        made = [self.value(gateway, "POST", "/admin/v1/store/backup", expected=201)["name"] for _ in range(3)]
        listed = self.value(gateway, "GET", "/admin/v1/store/backups", reader)["backups"]
        self.assertEqual([backup["name"] for backup in listed], made[:0:-1])
        self.assertEqual(self.status(gateway, "GET", f"/admin/v1/store/backups/{made[2]}", reader), 403)
        self.assertEqual(self.status(gateway, "GET", f"/admin/v1/store/backups/{made[0]}"), 404)
        self.assertEqual(self.status(gateway, "GET", "/admin/v1/store/backups/sluice.db"), 404)

    def test_without_a_folder_it_says_what_to_set(self):
        gateway = self.start_guarded()
        status, refusal, _ = self.ask(gateway, "POST", "/admin/v1/store/backup")
        self.assertEqual((status, refusal["error"]["code"]), (409, "CONFLICT"))
        self.assertIn("store.backup_dir", refusal["error"]["message"])


if __name__ == "__main__":
    unittest.main()
