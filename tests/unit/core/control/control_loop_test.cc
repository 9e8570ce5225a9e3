#include "core/control/control_loop.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "core/control/background_pool.h"
#include "core/metrics/metric_registry.h"

namespace sluice {

using namespace std::chrono_literals;

TEST_CASE("work posted from many threads runs on the control thread") {
  const ManualClock clock;
  ControlLoop loop{clock};
  int count = 0;  // touched by the control thread alone
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n) loop.post([&] { ++count; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  loop.stop();
  loop.run();
  CHECK(count == 400);
}

TEST_CASE("a loop that is watched tells how much waits, and how long") {
  ManualClock clock;
  MetricRegistry registry;
  Metrics& metrics = registry.component("control");
  ControlLoop loop{clock,
                   {.wait_seconds = &metrics.histogram("wait_seconds", "Waits.", {0.1, 1}),
                    .waiting = &metrics.gauge("waiting", "Tasks.")}};
  int ran = 0;
  loop.post([&] { ++ran; });
  loop.post([&] { ++ran; });
  CHECK(registry.expose().find("sluice_control_waiting 2\n") != std::string::npos);
  clock.advance(500ms);
  loop.run_ready();
  CHECK(ran == 2);
  const std::string text = registry.expose();
  CHECK(text.find("sluice_control_waiting 0\n") != std::string::npos);
  CHECK(text.find("sluice_control_wait_seconds_bucket{le=\"0.1\"} 0\n") != std::string::npos);
  CHECK(text.find("sluice_control_wait_seconds_bucket{le=\"1\"} 2\n") != std::string::npos);
}

TEST_CASE("timers follow the injected clock") {
  ManualClock clock;
  ControlLoop loop{clock};
  int fired = 0;
  const Timer timer = loop.after(1h, [&] { ++fired; });
  loop.run_ready();
  CHECK(fired == 0);
  clock.advance(1h);
  loop.run_ready();
  CHECK(fired == 1);
}

TEST_CASE("the pool runs what waits before it stops, and refuses afterwards") {
  std::atomic<int> done = 0;
  BackgroundPool pool{2};
  for (int i = 0; i < 50; ++i) REQUIRE(pool.submit([&] { ++done; }));
  pool.stop();
  CHECK(done == 50);
  CHECK_FALSE(pool.submit([] {}));
}

TEST_CASE("the pool's queue is bounded") {
  std::promise<void> gate;
  BackgroundPool pool{1};
  auto opened = gate.get_future().share();
  std::promise<void> started;
  REQUIRE(pool.submit([&, opened] {
    started.set_value();
    opened.wait();
  }));
  started.get_future().wait();
  for (std::size_t i = 0; i < BackgroundPool::kMaxWaiting; ++i) REQUIRE(pool.submit([] {}));
  CHECK_FALSE(pool.submit([] {}));
  gate.set_value();
}

}  // namespace sluice
