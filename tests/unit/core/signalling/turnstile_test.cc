#include "core/signalling/turnstile.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sluice {
namespace {

TEST_CASE("effects run after the work, in order, and may come back in") {
  Turnstile turnstile;
  std::vector<int> seen;
  turnstile.enter([&] {
    turnstile.effect([&] {
      seen.push_back(1);
      turnstile.enter([&] { turnstile.effect([&] { seen.push_back(3); }); });
    });
    turnstile.effect([&] { seen.push_back(2); });
    seen.push_back(0);
  });
  CHECK(seen == std::vector{0, 1, 2, 3});
}

TEST_CASE("posting does not wait for who holds the state, and the holder does the work") {
  Turnstile turnstile;
  std::atomic<bool> inside{false};
  std::atomic<bool> posted{false};
  std::thread::id worker;
  std::thread holder{[&] {
    turnstile.enter([&] {
      inside = true;
      while (!posted) std::this_thread::yield();
    });
  }};
  const std::thread::id holder_id = holder.get_id();
  while (!inside) std::this_thread::yield();
  turnstile.post([&] { worker = std::this_thread::get_id(); });  // would never return if it waited
  posted = true;
  holder.join();
  CHECK(worker == holder_id);
}

TEST_CASE("nothing that many threads hand in is lost or done twice") {
  constexpr int kThreads = 4;
  constexpr int kRounds = 2000;
  Turnstile turnstile;
  int state = 0;    // under the turnstile
  int effects = 0;  // one effect at a time
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, enters = i % 2 == 0] {
      const auto work = [&] {
        ++state;
        turnstile.effect([&] { ++effects; });
      };
      for (int round = 0; round < kRounds; ++round) enters ? turnstile.enter(work) : turnstile.post(work);
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(state == kThreads * kRounds);
  CHECK(effects == kThreads * kRounds);
}

}  // namespace
}  // namespace sluice
