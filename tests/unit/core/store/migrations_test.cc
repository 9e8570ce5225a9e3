#include "core/store/migrations.h"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "core/store/sqlite_database.h"
#include "tests/unit/core/store/temporary_folder.h"

namespace sluice {
namespace {

const Migration kFirst{1, "CREATE TABLE chat_messages (id INTEGER PRIMARY KEY); INSERT INTO chat_messages VALUES (7)"};
const Migration kSecond{2, "ALTER TABLE chat_messages ADD COLUMN body TEXT;\n-- and nothing more\n"};
const Migration kBrokenSecond{2, "ALTER TABLE chat_messages ADD COLUMN body TEXT; INSERT INTO chat_nowhere VALUES (1)"};

struct Fixture {
  void apply(const std::vector<Migration>& steps) { apply_migrations(*database, "chat", steps, now); }
  std::string failure(const std::vector<Migration>& steps) {
    try {
      apply(steps);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  }
  std::vector<StoreRow> applied() {
    return database->query("SELECT plugin, version, applied_at FROM sluice_migrations ORDER BY plugin, version");
  }

  test::TemporaryFolder folder;
  std::unique_ptr<Database> database = open_sqlite(folder.file("sluice.db"));
  WallTime now{std::chrono::seconds{1'000'000'000}};
};

StoreRow row(const char* plugin, std::int64_t version) {
  return {std::string{plugin}, version, std::string{"2001-09-09T01:46:40.000Z"}};
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "steps are applied once, in their order, with the time of their application") {
  apply({kFirst, kSecond});
  apply({kFirst, kSecond});
  CHECK(applied() == std::vector<StoreRow>{row("chat", 1), row("chat", 2)});
  CHECK(database->query("SELECT id, body FROM chat_messages") ==
        std::vector<StoreRow>{{std::int64_t{7}, std::monostate{}}});
}

TEST_CASE_FIXTURE(Fixture, "a failed step leaves the version before it, and a corrected one goes on from there") {
  const std::string text = failure({kFirst, kBrokenSecond});
  CHECK(text.find("plugin 'chat': migration 2 failed: no such table: chat_nowhere") == 0);
  CHECK(applied() == std::vector<StoreRow>{row("chat", 1)});
  CHECK_THROWS_AS(database->query("SELECT body FROM chat_messages"), std::runtime_error);

  apply({kFirst, kSecond});
  CHECK(applied().size() == 2);
  CHECK(database->query("SELECT count(*) FROM chat_messages") == std::vector<StoreRow>{{std::int64_t{1}}});
}

TEST_CASE_FIXTURE(Fixture, "tables newer than the plugin are refused, and both versions are named") {
  apply({kFirst, kSecond});
  const std::string text = failure({kFirst});
  CHECK(text.find("of version 2") != std::string::npos);
  CHECK(text.find("up to 1") != std::string::npos);
  CHECK(applied().size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "versions are 1, 2, 3 without holes") {
  CHECK(failure({kSecond}).find("migration 1 is missing") != std::string::npos);
  CHECK(failure({kFirst, kFirst}).find("migration 2 is missing") != std::string::npos);
  CHECK(failure({}).empty());
}

TEST_CASE_FIXTURE(Fixture, "each plugin has versions of its own, and a step keeps to the plugin's tables") {
  apply({kFirst});
  apply_migrations(*database, "rooms", std::vector<Migration>{{1, "CREATE TABLE rooms_list (id TEXT)"}}, now);
  CHECK(applied() == std::vector<StoreRow>{row("chat", 1), row("rooms", 1)});
  CHECK(failure({kFirst, {2, "DROP TABLE rooms_list"}}).find("may not touch the table 'rooms_list'") !=
        std::string::npos);
  CHECK(failure({kFirst, {2, "COMMIT"}}).find("the store owns the transaction") != std::string::npos);
  CHECK(failure({kFirst, {2, "DELETE FROM sluice_migrations"}}).find("may not touch") != std::string::npos);
  CHECK(applied().size() == 2);
}

}  // namespace sluice
