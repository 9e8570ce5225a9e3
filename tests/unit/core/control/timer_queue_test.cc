#include "core/control/timer_queue.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice {
namespace {

using namespace std::chrono_literals;
constexpr Instant t0{};

}  // namespace

TEST_CASE("timers run in the order of their deadlines, equal ones as they were set") {
  TimerQueue queue;
  std::string order;
  const auto late = queue.at(t0 + 20ms, [&] { order += 'c'; });
  const auto first = queue.at(t0 + 10ms, [&] { order += 'a'; });
  const auto second = queue.at(t0 + 10ms, [&] { order += 'b'; });
  CHECK(queue.next_deadline() == t0 + 10ms);
  queue.run_due(t0 + 9ms);
  CHECK(order.empty());
  queue.run_due(t0 + 20ms);
  CHECK(order == "abc");
  CHECK_FALSE(queue.next_deadline().has_value());
}

TEST_CASE("a destroyed handle cancels its timer, also from inside a callback") {
  TimerQueue queue;
  int runs = 0;
  auto victim = queue.at(t0 + 2ms, [&] { ++runs; });
  const auto killer = queue.at(t0 + 1ms, [&] { victim.reset(); });
  queue.run_due(t0 + 5ms);
  CHECK(runs == 0);
}

TEST_CASE("a repeating timer keeps its phase and skips what was missed") {
  TimerQueue queue;
  int runs = 0;
  auto handle = queue.every(t0 + 10ms, 10ms, [&] { ++runs; });
  queue.run_due(t0 + 10ms);
  queue.run_due(t0 + 47ms);
  CHECK(runs == 2);
  CHECK(queue.next_deadline() == t0 + 50ms);
  handle.reset();
  queue.run_due(t0 + 100ms);
  CHECK(runs == 2);
}

TEST_CASE("a repeating timer may cancel itself") {
  TimerQueue queue;
  int runs = 0;
  std::unique_ptr<Timer::Handle> handle;
  handle = queue.every(t0, 1ms, [&] {
    if (++runs == 3) handle.reset();
  });
  for (int i = 0; i < 10; ++i) queue.run_due(t0 + i * 1ms);
  CHECK(runs == 3);
}

TEST_CASE("a timer of zero delay set by a callback waits for the next round") {
  TimerQueue queue;
  int runs = 0;
  std::unique_ptr<Timer::Handle> next;
  Function<void()> again;
  const auto first = queue.at(t0, [&] { next = queue.at(t0, [&] { ++runs; }); });
  queue.run_due(t0);
  CHECK(runs == 0);
  queue.run_due(t0);
  CHECK(runs == 1);
}

TEST_CASE("a handle may outlive the queue") {
  std::unique_ptr<Timer::Handle> handle;
  {
    TimerQueue queue;
    handle = queue.at(t0, [] {});
  }
  handle.reset();
  CHECK(handle == nullptr);
}

}  // namespace sluice
