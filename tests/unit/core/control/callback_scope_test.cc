#include "core/control/callback_scope.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

class RecordingLog final : public Log {
 public:
  bool enabled(LogLevel) const noexcept override { return true; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    std::string line{message};
    for (const LogField& field : fields) {
      if (const auto* text = field.value.if_string()) line.append(" ").append(*text);
    }
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

struct Fixture {
  std::shared_ptr<CallbackScope> scope(const std::string& name) {
    return std::make_shared<CallbackScope>(CallbackScope::Options{.name = name, .warn_after = 50ms}, clock, log,
                                           registry.component("plugins"));
  }
  ManualClock clock;
  RecordingLog log;
  MetricRegistry registry;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the watchdog names the plugin whose callback took too long") {
  const auto slow = scope("slow");
  slow->call("event a", [&] { clock.advance(50ms); });
  CHECK(log.lines.empty());
  slow->call("event b", [&] { clock.advance(51ms); });
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0] == "a callback held the control thread slow event b");
  CHECK(slow->usage().calls == 2);
  CHECK(slow->usage().slow_calls == 1);
  CHECK(slow->usage().worst == 51ms);
  CHECK(registry.expose().find(R"(sluice_plugins_slow_callbacks_total{plugin="slow"} 1)") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "the usage says how long callbacks usually take, and how long the slow ones") {
  const auto busy = scope("busy");
  for (int i = 0; i < 98; ++i) busy->call("event", [&] { clock.advance(1ms); });
  for (int i = 0; i < 2; ++i) busy->call("event", [&] { clock.advance(40ms); });
  const CallbackScope::Usage usage = busy->usage();
  CHECK(usage.p50 >= 1ms);
  CHECK(usage.p50 <= 1125us);
  CHECK(usage.p99 == 40ms);
  CHECK(usage.worst == 40ms);
}

TEST_CASE_FIXTURE(Fixture, "time that a nested scope takes counts for it alone") {
  const auto outer = scope("outer");
  const auto inner = scope("inner");
  outer->call("publish", [&] {
    clock.advance(10ms);
    inner->call("hear", [&] { clock.advance(60ms); });
    inner->call("hear", [&] { clock.advance(1ms); });
    clock.advance(10ms);
  });
  CHECK(outer->usage().total == 20ms);
  CHECK(inner->usage().total == 61ms);
  CHECK(outer->usage().slow_calls == 0);
  CHECK(inner->usage().slow_calls == 1);
}

TEST_CASE_FIXTURE(Fixture, "what a callback throws is logged with the plugin's name and goes no further") {
  const auto bad = scope("bad");
  bad->call("timer", [] { throw std::runtime_error{"boom"}; });
  bad->call("timer", [] { throw 7; });
  REQUIRE(log.lines.size() == 2);
  CHECK(log.lines[0] == "a callback threw bad timer boom");
  CHECK(bad->usage().exceptions == 2);
}

TEST_CASE_FIXTURE(Fixture, "a callback registered in a scope runs in it, and not after it was closed") {
  const auto owner = scope("owner");
  int runs = 0;
  Function<void(int)> callback;
  owner->call("start", [&] {
    callback = in_current_scope<int>("later", [&](int by) {
      runs += by;
      CHECK(CallbackScope::current() == owner);
    });
  });
  CHECK(CallbackScope::current() == nullptr);
  callback(2);
  CHECK(runs == 2);
  owner->close();
  callback(2);
  CHECK(runs == 2);
}

}  // namespace sluice
