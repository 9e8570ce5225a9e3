#include "core/base/fifo.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <deque>
#include <memory>

using sluice::Fifo;

TEST_CASE("items leave in the order in which they came") {
  Fifo<int> queue;
  std::deque<int> expected;
  // Bursts of every length up to 50, of which all but a growing rest is taken.
  int next = 0;
  for (std::size_t burst = 1; burst <= 50; ++burst) {
    for (std::size_t i = 0; i < burst; ++i) {
      queue.push_back(next);
      expected.push_back(next++);
    }
    while (expected.size() > burst / 2) {
      CHECK(queue.front() == expected.front());
      CHECK(queue.take() == expected.front());
      expected.pop_front();
      CHECK(queue.size() == expected.size());
    }
  }
  while (!queue.empty()) {
    CHECK(queue.take() == expected.front());
    expected.pop_front();
  }
  CHECK(expected.empty());
}

TEST_CASE("the newest can be forgotten, and all of them") {
  Fifo<int> queue;
  for (int i = 0; i < 5; ++i) queue.push_back(i);
  queue.drop_front();
  queue.truncate(2);
  CHECK(queue.size() == 2);
  CHECK(queue.take() == 1);
  queue.truncate(9);
  CHECK(queue.take() == 2);
  CHECK(queue.empty());
  queue.push_back(7);
  queue.truncate(0);
  CHECK(queue.empty());
}

TEST_CASE("items that can only be moved are taken whole") {
  Fifo<std::unique_ptr<int>> queue;
  queue.push_back(std::make_unique<int>(3));
  CHECK(*queue.take() == 3);
}
