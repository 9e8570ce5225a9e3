#include "core/store/store_backups.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/store/sqlite_database.h"
#include "tests/unit/core/store/temporary_folder.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'785'405'900'123ms};  // 2026-07-30T10:05:00.123Z
const std::atomic<bool> kGoOn{false};

std::vector<std::string> names(const StoreBackups& backups) {
  std::vector<std::string> out;
  for (const auto& backup : backups.list()) out.push_back(backup.name);
  return out;
}

struct Fixture {
  void insert(std::int64_t first, std::int64_t count) {
    in_transaction(*database, [&] {
      for (std::int64_t n = first; n < first + count; ++n) {
        database->query("INSERT INTO rows (n, text) VALUES (?, ?)", {n, std::string(500, 'x')});
      }
    });
  }
  static std::int64_t number(Database& database, const std::string& sql) {
    return std::get<std::int64_t>(database.query(sql).at(0).at(0));
  }

  Fixture() { database->run_script("CREATE TABLE rows (n INTEGER PRIMARY KEY, text TEXT)"); }

  test::TemporaryFolder folder;
  std::string file = folder.file("sluice.db");
  std::unique_ptr<Database> database = open_sqlite(file);
  StoreBackups backups{{.database = file, .folder = folder.file("copies"), .kept = 2}};
};

}  // namespace

TEST_CASE("the name of a copy is the time at which it was begun, and nothing else is such a name") {
  CHECK(backup_name(kNow) == "sluice-20260730T100500.123Z.db");
  CHECK(backup_time("sluice-20260730T100500.123Z.db") == kNow);
  for (const char* other : {"", "sluice.db", "sluice-20260730T100500.123Z.db.part", "../sluice-20260730T100500.123Z.db",
                            "sluice-20260231T100500.123Z.db", "sluice-2026073xT100500.123Z.db"}) {
    CAPTURE(other);
    CHECK(!backup_time(other).has_value());
  }
}

TEST_CASE_FIXTURE(Fixture, "a copy holds what was committed when it was begun, for its owner alone") {
  insert(0, 1'000);
  const auto made = backups.make(kNow, kGoOn);
  CHECK(made.name == "sluice-20260730T100500.123Z.db");
  const std::string path = backups.file_of(made.name).value();
  CHECK(std::filesystem::file_size(path) == made.bytes);
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  insert(1'000, 1);
  const auto copy = open_sqlite(path);
  CHECK(number(*copy, "SELECT count(*) FROM rows") == 1'000);
  CHECK(copy->query("PRAGMA integrity_check") == std::vector<StoreRow>{{std::string{"ok"}}});
}

TEST_CASE_FIXTURE(Fixture, "a copy that is made while others write is of one moment") {
  insert(0, 2'000);
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> committed{2'000};
  // Each transaction adds two rows: a copy with an odd number of them would have half of one.
  std::thread writer{[&] {
    const auto connection = open_sqlite(file);
    for (std::int64_t n = 2'000; !stop; n += 2) {
      in_transaction(*connection, [&] {
        connection->query("INSERT INTO rows (n, text) VALUES (?, ?)", {n, std::string(500, 'y')});
        connection->query("INSERT INTO rows (n, text) VALUES (?, ?)", {n + 1, std::string(500, 'y')});
      });
      committed = n + 2;
    }
  }};
  while (committed == 2'000) std::this_thread::yield();
  const std::int64_t before = committed;
  const auto made = backups.make(kNow, kGoOn);
  const std::int64_t after = committed + 2;  // one more may have been on disk before it was counted
  stop = true;
  writer.join();
  const auto copy = open_sqlite(backups.file_of(made.name).value());
  const std::int64_t rows = number(*copy, "SELECT count(*) FROM rows");
  CHECK(rows >= before);
  CHECK(rows <= after);
  CHECK(rows % 2 == 0);
  CHECK(number(*copy, "SELECT max(n) FROM rows") == rows - 1);
  CHECK(copy->query("PRAGMA integrity_check") == std::vector<StoreRow>{{std::string{"ok"}}});
}

TEST_CASE_FIXTURE(Fixture, "the newest copies stay, and files of other names are nobody's business") {
  std::filesystem::create_directory(folder.file("copies"));
  std::ofstream{folder.file("copies/notes.txt")} << "mine";
  std::ofstream{folder.file("copies/.sluice-20260729T100500.123Z.db.part")} << "broken off";
  for (int day = 0; day < 3; ++day) static_cast<void>(backups.make(kNow + day * 24h, kGoOn));
  CHECK(names(backups) == std::vector<std::string>{"sluice-20260801T100500.123Z.db", "sluice-20260731T100500.123Z.db"});
  CHECK(std::filesystem::exists(folder.file("copies/notes.txt")));
  CHECK(!std::filesystem::exists(folder.file("copies/.sluice-20260729T100500.123Z.db.part")));
}

TEST_CASE_FIXTURE(Fixture, "a copy that fails leaves nothing") {
  std::atomic<bool> stop{true};
  CHECK_THROWS_WITH_AS(static_cast<void>(backups.make(kNow, stop)), doctest::Contains("the gateway stops"),
                       std::runtime_error);
  CHECK(names(backups).empty());
  CHECK(std::filesystem::is_empty(folder.file("copies")));

  static_cast<void>(backups.make(kNow, kGoOn));
  CHECK_THROWS_WITH_AS(static_cast<void>(backups.make(kNow, kGoOn)), doctest::Contains("is there already"),
                       std::runtime_error);
  const StoreBackups of_nothing{{.database = folder.file("none.db"), .folder = folder.file("copies"), .kept = 2}};
  CHECK_THROWS_AS(static_cast<void>(of_nothing.make(kNow + 1s, kGoOn)), std::runtime_error);
  CHECK(!std::filesystem::exists(folder.file("none.db")));
  CHECK(names(backups).size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "only a copy's name leads to a file") {
  CHECK(!backups.file_of("../sluice.db").has_value());
  CHECK(!backups.file_of("notes.txt").has_value());
  CHECK(backups.file_of("sluice-20260730T100500.123Z.db") == folder.file("copies/sluice-20260730T100500.123Z.db"));
  CHECK(backups.list().empty());  // the folder is not there yet
}

}  // namespace sluice
