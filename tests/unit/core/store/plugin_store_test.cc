#include "core/store/plugin_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/control/callback_scope.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"
#include "core/store/sqlite_database.h"
#include "sluice/error.h"
#include "sluice/result.h"
#include "tests/unit/core/store/temporary_folder.h"

namespace sluice {
namespace {

using Rows = std::vector<StoreRow>;

const std::vector<Migration> kChat{{1, "CREATE TABLE chat_log (id INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE)"}};
const std::vector<Migration> kRooms{{1, "CREATE TABLE rooms_log (id INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE)"}};

struct Fixture {
  // Runs one unit of work and its completion; the loop runs on this thread meanwhile.
  Rows rows(Store& store, const std::string& sql) {
    Rows out;
    store.transact([sql](StoreTransaction& transaction) { return transaction.query(sql); },
                   [&](JobResult<Rows> result) {
                     loop.stop();
                     out = result.value();
                   });
    loop.run();
    return out;
  }

  test::TemporaryFolder folder;
  std::string path = folder.file("sluice.db");
  ManualClock clock;
  ControlLoop loop{clock};
  StoreEngine engine{sqlite_opener(path)};
  std::unique_ptr<Store> chat = make_plugin_store(engine, loop, "chat");
  std::unique_ptr<Store> rooms = make_plugin_store(engine, loop, "rooms");
};

auto insert(const std::string& table, std::int64_t n) {
  return [=](StoreTransaction& transaction) {
    transaction.query("INSERT INTO " + table + " (n) VALUES (?)", {n});
    return Ok{};
  };
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the file is made when something is to be kept, not before") {
  CHECK(!std::filesystem::exists(path));
  chat->migrate(kChat);
  CHECK(std::filesystem::exists(path));
}

TEST_CASE_FIXTURE(Fixture, "work that throws leaves nothing behind, and its caller gets what it threw") {
  chat->migrate(kChat);
  std::string thrown;
  chat->transact(
      [](StoreTransaction& transaction) -> int {
        transaction.query("INSERT INTO chat_log (n) VALUES (1)");
        throw std::runtime_error{"changed my mind"};
      },
      [&](JobResult<int> result) {
        loop.stop();
        try {
          static_cast<void>(result.value());
        } catch (const std::runtime_error& error) {
          thrown = error.what();
        }
      });
  loop.run();
  CHECK(thrown == "changed my mind");
  CHECK(rows(*chat, "SELECT count(*) FROM chat_log") == Rows{{std::int64_t{0}}});
}

TEST_CASE_FIXTURE(Fixture, "a statement that fails fails the whole of its work, unless the work goes on without it") {
  chat->migrate(kChat);
  bool failed = false;
  chat->transact(
      [](StoreTransaction& transaction) {
        transaction.query("INSERT INTO chat_log (n) VALUES (1)");
        transaction.query("INSERT INTO chat_log (n) VALUES (1)");
        return Ok{};
      },
      [&](JobResult<Ok> result) { failed = !result.has_value(); });
  chat->transact(
      [](StoreTransaction& transaction) {
        transaction.query("INSERT INTO chat_log (n) VALUES (2)");
        CHECK_THROWS_AS(transaction.query("INSERT INTO chat_log (n) VALUES (2)"), std::runtime_error);
        return Ok{};
      },
      [](JobResult<Ok> result) { CHECK(result.has_value()); });
  CHECK(rows(*chat, "SELECT n FROM chat_log") == Rows{{std::int64_t{2}}});
  CHECK(failed);
}

TEST_CASE_FIXTURE(Fixture, "completions come on the control thread, in the order of the work") {
  chat->migrate(kChat);
  const auto control_thread = std::this_thread::get_id();
  std::vector<int> order;
  for (int i = 0; i < 20; ++i) {
    chat->transact(
        [=](StoreTransaction& transaction) {
          CHECK(std::this_thread::get_id() != control_thread);
          return insert("chat_log", i)(transaction);
        },
        [&, i](JobResult<Ok> result) {
          CHECK(std::this_thread::get_id() == control_thread);
          static_cast<void>(result.value());
          order.push_back(i);
          if (i == 19) loop.stop();
        });
  }
  CHECK(order.empty());
  loop.run();
  REQUIRE(order.size() == 20);
  CHECK(std::ranges::is_sorted(order));
}

TEST_CASE_FIXTURE(Fixture, "two plugins use the store at the same time, each its own tables") {
  chat->migrate(kChat);
  rooms->migrate(kRooms);
  // Read, then write: work that mingled would read the same maximum twice.
  const auto next = [](const std::string& table) {
    return [=](StoreTransaction& transaction) {
      return transaction.query("INSERT INTO " + table + " (n) SELECT coalesce(max(n), 0) + 1 FROM " + table +
                               " RETURNING n");
    };
  };
  int completed = 0;
  const auto count = [&](JobResult<Rows> result) {
    CHECK(result.has_value());
    if (++completed == 40) loop.stop();
  };
  for (int i = 0; i < 20; ++i) {
    chat->transact(next("chat_log"), count);
    rooms->transact(next("rooms_log"), count);
  }
  loop.run();
  CHECK(rows(*chat, "SELECT max(n), count(*) FROM chat_log") == Rows{{std::int64_t{20}, std::int64_t{20}}});
  CHECK(rows(*rooms, "SELECT max(n), count(*) FROM rooms_log") == Rows{{std::int64_t{20}, std::int64_t{20}}});
  CHECK_THROWS_AS(rows(*chat, "SELECT n FROM rooms_log"), std::runtime_error);
}

TEST_CASE_FIXTURE(Fixture, "a migration that cannot be is told to the plugin at once") {
  CHECK_THROWS_AS(chat->migrate(std::vector<Migration>{{2, "CREATE TABLE chat_log (n)"}}), std::logic_error);
  CHECK_THROWS_AS(chat->migrate(std::vector<Migration>{{1, "CREATE TABLE log (n)"}}), std::runtime_error);
  chat->migrate(kChat);
}

TEST_CASE_FIXTURE(Fixture,
                  "a database that cannot be opened fails the work, not the gateway; once it can, work goes on") {
  const std::string later = folder.file("later/sluice.db");
  StoreEngine other{sqlite_opener(later)};
  const auto store = make_plugin_store(other, loop, "chat");
  CHECK_THROWS_WITH_AS(store->migrate(kChat), doctest::Contains("later/sluice.db"), std::runtime_error);
  std::filesystem::create_directory(folder.file("later"));
  store->migrate(kChat);
  CHECK(rows(*store, "SELECT count(*) FROM chat_log") == Rows{{std::int64_t{0}}});
}

TEST_CASE_FIXTURE(Fixture, "the queue is bounded, and what it takes is done before the store closes") {
  chat->migrate(kChat);
  std::promise<void> release;
  std::promise<void> entered;
  chat->transact(
      [&](StoreTransaction&) {
        entered.set_value();
        release.get_future().get();
        return Ok{};
      },
      [](JobResult<Ok>) {});
  entered.get_future().get();  // now it holds the thread, and waits no more
  std::atomic<std::size_t> done = 0;
  for (std::size_t i = 0; i < StoreEngine::kMaxWaiting; ++i) {
    chat->transact([&done](StoreTransaction&) { return ++done; }, [](JobResult<std::size_t>) {});
  }
  try {
    chat->transact(insert("chat_log", -1), [](JobResult<Ok>) {});
    FAIL("one more was taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::limit_exceeded);
    CHECK(error.details().at("limit") == 1024);
  }
  release.set_value();
  engine.stop();
  CHECK(done == StoreEngine::kMaxWaiting);

  try {
    chat->transact(insert("chat_log", -1), [](JobResult<Ok>) {});
    FAIL("a closed store took work");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::draining);
  }
}

TEST_CASE_FIXTURE(Fixture, "a plugin that has stopped hears no more of its work, which is done nevertheless") {
  MetricRegistry metrics;
  const auto scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "chat"}, clock, null_log(),
                                                     metrics.component("plugins"));
  chat->migrate(kChat);
  int heard = 0;
  const auto write = [&](std::int64_t n) {
    chat->transact(insert("chat_log", n), [&](JobResult<Ok>) {
      CHECK(CallbackScope::current() == scope);
      ++heard;
    });
  };
  scope->call("start", [&] { write(1); });
  rows(*rooms, "SELECT 1");  // the one before it is done by then
  CHECK(heard == 1);
  scope->call("stop", [&] { write(2); });
  scope->close();
  rows(*rooms, "SELECT 1");
  CHECK(heard == 1);
  CHECK(rows(*chat, "SELECT count(*) FROM chat_log") == Rows{{std::int64_t{2}}});
}

}  // namespace sluice
