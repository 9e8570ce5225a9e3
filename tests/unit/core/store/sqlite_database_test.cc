#include "core/store/sqlite_database.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include "tests/unit/core/store/temporary_folder.h"

namespace sluice {
namespace {

struct Fixture {
  test::TemporaryFolder folder;
  std::string path = folder.file("sluice.db");
  std::unique_ptr<Database> database = open_sqlite(path);
};

std::string text_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

bool mentions(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE_FIXTURE(Fixture, "values come back with the type and the value that they went in with") {
  database->run_script("CREATE TABLE t (a INTEGER, b REAL, c TEXT, d)");
  const std::vector<StoreValue> values{std::numeric_limits<std::int64_t>::min(), 0.1, std::string{"z\0\xC3\xA9", 4},
                                       std::monostate{}};
  database->query("INSERT INTO t VALUES (?, ?, ?, ?)", values);
  CHECK(database->query("SELECT a, b, c, d FROM t") == std::vector<StoreRow>{values});

  const std::vector<StoreValue> others{std::numeric_limits<std::int64_t>::max(), -1.5e300, std::string{},
                                       std::string{"'; DROP TABLE t; --"}};
  database->query("UPDATE t SET a = ?, b = ?, c = ?, d = ?", others);
  CHECK(database->query("SELECT a, b, c, d FROM t") == std::vector<StoreRow>{others});
}

TEST_CASE_FIXTURE(Fixture, "what is computed has its own type, not the text that it looks like") {
  const auto rows = database->query("SELECT count(*), 1.5, 'a', NULL FROM (SELECT 1 AS x UNION SELECT 2)");
  CHECK(rows == std::vector<StoreRow>{{std::int64_t{2}, 1.5, std::string{"a"}, std::monostate{}}});
}

TEST_CASE_FIXTURE(Fixture, "a commit is on disk: write-ahead log with full synchronisation; references are enforced") {
  CHECK(database->query("PRAGMA journal_mode") == std::vector<StoreRow>{{std::string{"wal"}}});
  CHECK(database->query("PRAGMA synchronous") == std::vector<StoreRow>{{std::int64_t{2}}});
  CHECK(database->query("PRAGMA foreign_keys") == std::vector<StoreRow>{{std::int64_t{1}}});
}

TEST_CASE_FIXTURE(Fixture, "nobody else may read the file") {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE_FIXTURE(Fixture, "at most 10,000 rows") {
  database->run_script("CREATE TABLE t (n INTEGER)");
  database->query(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
      "INSERT INTO t SELECT i FROM n");
  CHECK(database->query("SELECT n FROM t").size() == 10'000);
  database->query("INSERT INTO t VALUES (10001)");
  CHECK(mentions(text_of([&] { database->query("SELECT n FROM t"); }), "more than 10,000 rows"));
}

TEST_CASE_FIXTURE(Fixture, "an error says what, where and in which statement, and keeps the parameters to itself") {
  database->run_script("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE)");
  database->query("INSERT INTO t (name) VALUES (?)", {std::string{"secret"}});
  const std::string text =
      text_of([&] { database->query("INSERT INTO t (name) VALUES (?)", {std::string{"secret"}}); });
  CHECK(mentions(text, "UNIQUE constraint failed: t.name"));
  CHECK(mentions(text, "sluice.db"));
  CHECK(mentions(text, "INSERT INTO t (name)"));
  CHECK(!mentions(text, "secret"));

  CHECK(mentions(text_of([&] { database->query("SELECT ?, ?", {std::int64_t{1}}); }), "takes 2 parameters, not 1"));
  CHECK(mentions(text_of([&] { database->query("SELECT 1; SELECT 2"); }), "one statement at a time"));
  CHECK(mentions(text_of([&] { database->query(" -- nothing"); }), "there is no statement"));
  CHECK(mentions(text_of([&] { database->query(std::string_view{"SELECT 1\0;", 10}); }), "NUL"));
  CHECK(mentions(text_of([&] { database->query("SELECT " + std::string(2 << 20, ' ') + "1"); }), "1 MiB"));
  CHECK(mentions(text_of([&] { database->query("SELECT \"text\""); }), "no such column"));
}

TEST_CASE("a file that cannot be opened is named, with the reason") {
  const test::TemporaryFolder folder;
  const std::string missing = folder.file("no/such/folder/sluice.db");
  CHECK(mentions(text_of([&] { static_cast<void>(open_sqlite(missing)); }), missing));
  CHECK(mentions(text_of([&] { static_cast<void>(open_sqlite(missing)); }), "No such file or directory"));
  CHECK(mentions(text_of([] { static_cast<void>(open_sqlite("")); }), "no file is named"));

  const std::string no_database = folder.file("notes.txt");
  std::ofstream{no_database} << std::string(4096, 'x');
  CHECK(mentions(text_of([&] { static_cast<void>(open_sqlite(no_database)); }), no_database));
  CHECK(mentions(text_of([&] { static_cast<void>(open_sqlite(no_database)); }), "not a database"));

  std::filesystem::create_directory(folder.file("folder"));
  CHECK(mentions(text_of([&] { static_cast<void>(open_sqlite(folder.file("folder"))); }), folder.file("folder")));
}

TEST_CASE_FIXTURE(Fixture, "a plugin reaches its own tables") {
  database->begin();
  const OnBehalfOf owner{*database, "chat"};
  database->run_script(
      "CREATE TABLE chat_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT UNIQUE, n INTEGER);"
      "CREATE INDEX chat_by_n ON chat_messages (n);"
      "CREATE VIRTUAL TABLE chat_search USING fts5(body);"
      "CREATE TRIGGER chat_insert AFTER INSERT ON chat_messages BEGIN"
      "  INSERT INTO chat_search (rowid, body) VALUES (new.id, new.body); END;"
      "CREATE VIEW chat_recent AS SELECT body FROM chat_messages WHERE n > 1;"
      "ALTER TABLE chat_messages ADD COLUMN at TEXT;");
  CHECK(database->query("INSERT INTO chat_messages (body, n) VALUES (?, 1) RETURNING id", {std::string{"hello"}}) ==
        std::vector<StoreRow>{{std::int64_t{1}}});
  database->query(
      "INSERT INTO chat_messages (body, n) VALUES ('hello', 2) "
      "ON CONFLICT (body) DO UPDATE SET n = chat_messages.n + excluded.n");
  const std::vector<StoreRow> one{{std::int64_t{1}}};
  CHECK(database->query("WITH recent AS (SELECT n FROM chat_messages WHERE n = 3) SELECT count(*) FROM recent") == one);
  CHECK(database->query("SELECT count(*) FROM chat_search WHERE chat_search MATCH 'hello'") == one);
  CHECK(database->query("SELECT count(body) FROM chat_recent") == one);
  CHECK(database->query("SELECT sum(value) FROM json_each('[1]')") == one);
  database->run_script("SAVEPOINT a; DELETE FROM chat_messages; ROLLBACK TO a; RELEASE a");
  CHECK(database->query("SELECT count(*) FROM chat_messages") == one);
  database->run_script(
      "DROP VIEW chat_recent; DROP TRIGGER chat_insert; DROP INDEX chat_by_n; DROP TABLE chat_messages;"
      "DROP TABLE chat_search");
  database->rollback();
}

TEST_CASE_FIXTURE(Fixture, "a plugin does not reach the tables of others, and cannot end the transaction") {
  database->run_script("CREATE TABLE rooms_list (id TEXT); CREATE TABLE chat_messages (id INTEGER)");
  database->begin();
  const OnBehalfOf owner{*database, "chat"};
  for (const char* sql :
       {"SELECT id FROM rooms_list", "INSERT INTO rooms_list VALUES ('a')", "UPDATE rooms_list SET id = 'b'",
        "DELETE FROM rooms_list", "DROP TABLE rooms_list", "ALTER TABLE rooms_list ADD COLUMN x",
        "CREATE INDEX chat_index ON rooms_list (id)", "CREATE TABLE messages (id INTEGER)",
        "CREATE TEMP TABLE messages (id INTEGER)", "CREATE VIEW recent AS SELECT 1",
        "SELECT m.id FROM chat_messages m JOIN rooms_list r ON r.id = m.id"}) {
    CAPTURE(sql);
    const std::string text = text_of([&] { database->query(sql); });
    CHECK(mentions(text, "plugin 'chat' may not touch the table '"));
  }
  CHECK(mentions(text_of([&] { database->query("COMMIT"); }), "the store owns the transaction"));
  CHECK(mentions(text_of([&] { database->query("PRAGMA synchronous=OFF"); }), "may not use PRAGMA synchronous"));
  CHECK(mentions(text_of([&] { database->query("ATTACH 'x.db' AS x"); }), "may not use this kind of statement"));
  CHECK(mentions(text_of([&] { database->query("UPDATE sqlite_master SET sql = ''"); }), "may not be modified"));
  CHECK(text_of([&] { database->query("SELECT id FROM chat_messages"); }) == "");
  database->rollback();
}

TEST_CASE_FIXTURE(Fixture, "where SQLite has rolled back by itself, nothing is committed after it") {
  database->run_script("CREATE TABLE chat_messages (id INTEGER PRIMARY KEY)");
  const auto work = [&] {
    const OnBehalfOf owner{*database, "chat"};
    database->query("INSERT INTO chat_messages VALUES (1)");
    CHECK(mentions(text_of([&] { database->query("INSERT OR ROLLBACK INTO chat_messages VALUES (1)"); }), "UNIQUE"));
    CHECK(mentions(text_of([&] { database->query("INSERT INTO chat_messages VALUES (2)"); }), "rolled back"));
  };
  CHECK_THROWS_AS(in_transaction(*database, work), std::runtime_error);  // there is nothing to commit
  CHECK(database->query("SELECT count(*) FROM chat_messages") == std::vector<StoreRow>{{std::int64_t{0}}});
}

}  // namespace sluice
