#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "core/store/plugin_store.h"
#include "core/store/sqlite_database.h"
#include "sluice/result.h"
#include "tests/unit/core/store/temporary_folder.h"

// The parent starts this program once more, as a child that writes row after row and tells each one's number on a pipe
// when the store has acknowledged it. The parent kills it in the middle, with the one signal that nothing can catch.
namespace sluice {
namespace {

constexpr const char* kDatabaseVariable = "SLUICE_TEST_DATABASE";
constexpr int kPipe = 3;
constexpr std::int64_t kEnough = 50;

const std::vector<Migration> kTables{{1, "CREATE TABLE chat_log (n INTEGER PRIMARY KEY)"}};

void write_rows_from(std::int64_t n, Store& store) {
  store.transact(
      [n](StoreTransaction& transaction) {
        transaction.query("INSERT INTO chat_log (n) VALUES (?)", {n});
        return Ok{};
      },
      [n, &store](JobResult<Ok> result) {
        static_cast<void>(result.value());
        if (::write(kPipe, &n, sizeof n) != sizeof n) std::_Exit(1);
        write_rows_from(n + 1, store);
      });
}

[[noreturn]] void become_child(int pipe_end) {
  // No O_CLOEXEC on the copy; nothing between fork and exec allocates.
  if (::dup2(pipe_end, kPipe) != kPipe) ::_exit(1);
  ::execl("/proc/self/exe", "store_test", "--no-skip", "--test-case=child: *", static_cast<char*>(nullptr));
  ::_exit(1);
}

// The last number that came through; -1 if none did.
std::int64_t read_until_end(int pipe_end, pid_t child) {
  std::int64_t last = -1;
  std::int64_t n = 0;
  while (::read(pipe_end, &n, sizeof n) == sizeof n) {
    last = n;
    if (n == kEnough) ::kill(child, SIGKILL);  // it is in the midst of the next one; what it told meanwhile is read too
  }
  return last;
}

}  // namespace

TEST_CASE("child: writes rows and tells which ones were acknowledged, until it is killed" * doctest::skip()) {
  const char* path = std::getenv(kDatabaseVariable);
  if (path == nullptr) return;  // somebody ran every test with --no-skip
  const ManualClock clock;
  ControlLoop loop{clock};
  StoreEngine engine{sqlite_opener(path)};
  const auto store = make_plugin_store(engine, loop, "chat");
  store->migrate(kTables);
  write_rows_from(0, *store);
  loop.run();
}

TEST_CASE("what was acknowledged is there after the process was killed") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("sluice.db");
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  REQUIRE(::setenv(kDatabaseVariable, path.c_str(), 1) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) become_child(ends[1]);
  ::close(ends[1]);
  ::unsetenv(kDatabaseVariable);

  const std::int64_t last = read_until_end(ends[0], child);
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
  REQUIRE(last >= kEnough);

  const auto database = open_sqlite(path);
  const auto rows = database->query("SELECT n FROM chat_log ORDER BY n");
  // One more may have been committed, and not yet told.
  CHECK(std::ssize(rows) >= last + 1);
  CHECK(std::ssize(rows) <= last + 2);
  for (std::int64_t n = 0; n <= last; ++n) {
    REQUIRE(rows.at(static_cast<std::size_t>(n)) == StoreRow{n});
  }
  CHECK(database->query("PRAGMA integrity_check") == std::vector<StoreRow>{{std::string{"ok"}}});
}

}  // namespace sluice
