#include "core/store/store_engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

/// What is asked of a database, in order; the test says what fails.
struct Ledger {
  std::vector<std::string> asked;
  bool commit_fails = false;
  bool rolled_back_by_itself = false;
};

class RecordingDatabase final : public Database {
 public:
  explicit RecordingDatabase(Ledger& ledger) : ledger_{ledger} {}

  void begin() override { ask("begin"); }
  void commit() override {
    ask("commit");
    if (ledger_.commit_fails) throw std::runtime_error{"the disk is full"};
  }
  void rollback() noexcept override { ask("rollback"); }
  [[nodiscard]] bool in_transaction() const noexcept override { return !ledger_.rolled_back_by_itself; }
  void begin_part() override { ask("begin_part"); }
  void keep_part() override { ask("keep_part"); }
  void undo_part() override { ask("undo_part"); }
  std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>&) override {
    ask(std::string{sql});
    return {};
  }
  void run_script(std::string_view sql) override { ask(std::string{sql}); }
  void restrict_to(std::string_view) override {}

 private:
  void ask(std::string what) { ledger_.asked.push_back(std::move(what)); }
  Ledger& ledger_;
};

struct Fixture {
  // From now on the store's thread does nothing, until finish(): what is handed over meanwhile waits together.
  void hold() {
    std::promise<void> entered;
    auto held = entered.get_future();
    engine.submit(
        [this, &entered](Database&) {
          entered.set_value();
          release.get_future().get();
        },
        [](std::exception_ptr) {});
    held.get();
  }
  void unit(const std::string& name, bool fails = false) {
    engine.submit_unit(
        [name, fails](Database& database) {
          database.query(name, {});
          if (fails) throw std::runtime_error{name + " failed"};
        },
        [this, name](std::exception_ptr error) { outcomes.push_back(name + (error ? " -" : " +")); });
  }
  void finish() {
    release.set_value();
    engine.stop();
  }

  Ledger ledger;
  std::vector<std::string> outcomes;  // written by the store's thread, read when it has ended
  std::promise<void> release;
  StoreEngine engine{[this] { return std::make_unique<RecordingDatabase>(ledger); }};
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "units that wait together share one commit, and are answered after it in their order") {
  hold();
  for (const char* name : {"a", "b", "c"}) unit(name);
  finish();
  CHECK(ledger.asked == Names{"begin", "begin_part", "a", "keep_part", "begin_part", "b", "keep_part", "begin_part",
                              "c", "keep_part", "commit"});
  CHECK(outcomes == Names{"a +", "b +", "c +"});
}

TEST_CASE("an engine that is watched tells of its commits, of failures and of what waits") {
  const ManualClock clock;
  MetricRegistry registry;
  Metrics& metrics = registry.component("store");
  Ledger ledger;
  StoreEngine engine{[&] { return std::make_unique<RecordingDatabase>(ledger); },
                     {.clock = &clock,
                      .commit_seconds = &metrics.histogram("commit_seconds", "Commits.", {1}),
                      .failures = &metrics.counter("failures_total", "Failures.")}};
  engine.run([](Database&) {});
  CHECK_THROWS_AS(engine.run([](Database&) { throw std::runtime_error{"no"}; }), std::runtime_error);
  engine.stop();
  CHECK(engine.waiting() == 0);
  const std::string text = registry.expose();
  CHECK(text.find("sluice_store_commit_seconds_count 2\n") != std::string::npos);
  CHECK(text.find("sluice_store_failures_total 1\n") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "units that wait are counted") {
  hold();
  unit("a");
  unit("b");
  CHECK(engine.waiting() == 2);
  finish();
  CHECK(engine.waiting() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a unit that fails is undone alone") {
  hold();
  unit("a");
  unit("b", true);
  unit("c");
  finish();
  CHECK(ledger.asked == Names{"begin", "begin_part", "a", "keep_part", "begin_part", "b", "undo_part", "begin_part",
                              "c", "keep_part", "commit"});
  CHECK(outcomes == Names{"a +", "b -", "c +"});
}

TEST_CASE_FIXTURE(Fixture, "who waits for the units before hears when they have been answered, not before") {
  hold();
  unit("a");
  unit("b");
  engine.after_waiting([this] { outcomes.emplace_back("all before"); });
  unit("c");
  finish();
  CHECK(outcomes == Names{"a +", "b +", "all before", "c +"});
}

TEST_CASE("waiting for a store that was never used opens no database") {
  bool opened = false;
  StoreEngine engine{[&]() -> std::unique_ptr<Database> {
    opened = true;
    throw std::runtime_error{"no database"};
  }};
  bool done = false;
  engine.after_waiting([&] { done = true; });
  CHECK(done);
  engine.stop();
  CHECK(!opened);
}

TEST_CASE_FIXTURE(Fixture, "where the commit fails, nobody is told that it is done") {
  hold();
  ledger.commit_fails = true;
  unit("a");
  unit("b");
  finish();
  CHECK(ledger.asked.back() == "rollback");
  CHECK(outcomes == Names{"a -", "b -"});
}

TEST_CASE_FIXTURE(Fixture, "where the database has rolled back by itself, those before and after have failed, too") {
  hold();
  unit("a");
  unit("b", true);
  unit("c");
  ledger.rolled_back_by_itself = true;
  finish();
  CHECK(outcomes == Names{"a -", "b -", "c -"});
  CHECK(ledger.asked == Names{"begin", "begin_part", "a", "keep_part", "begin_part", "b", "rollback"});
}

TEST_CASE_FIXTURE(Fixture, "work with transactions of its own shares with nobody, and keeps its place") {
  hold();
  unit("a");
  engine.submit([](Database& database) { database.run_script("alone"); },
                [this](std::exception_ptr error) { outcomes.push_back(error ? "alone -" : "alone +"); });
  unit("b");
  finish();
  CHECK(ledger.asked == Names{"begin", "begin_part", "a", "keep_part", "commit", "alone", "begin", "begin_part", "b",
                              "keep_part", "commit"});
  CHECK(outcomes == Names{"a +", "alone +", "b +"});
}

TEST_CASE_FIXTURE(Fixture, "what others have done in between does not use up the queue") {
  // Each round's units are done together, and the next ones come while that goes on.
  std::atomic<std::size_t> done = 0;
  for (std::size_t i = 0; i < StoreEngine::kMaxWaiting * 3; ++i) {
    engine.submit_unit([](Database&) {}, [&](std::exception_ptr) { ++done; });
    while (i + 1 > done + 32) std::this_thread::yield();
  }
  engine.stop();
  CHECK(done == StoreEngine::kMaxWaiting * 3);
}

TEST_CASE_FIXTURE(Fixture, "a commit is shared by so many at most") {
  hold();
  for (std::size_t i = 0; i <= StoreEngine::kMostPerCommit; ++i) unit("x");
  finish();
  CHECK(std::ranges::count(ledger.asked, "commit") == 2);
  CHECK(outcomes.size() == StoreEngine::kMostPerCommit + 1);
}

}  // namespace sluice
