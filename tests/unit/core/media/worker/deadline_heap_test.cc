#include "core/media/worker/deadline_heap.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <map>
#include <random>

namespace sluice {
namespace {

using namespace std::chrono_literals;

struct Item {
  std::size_t heap_position = DeadlineHeap<Item>::kNotInHeap;
};
constexpr Instant t0{};

}  // namespace

TEST_CASE("an empty heap has no deadline") {
  DeadlineHeap<Item> heap;
  CHECK_FALSE(heap.earliest().has_value());
  CHECK(heap.due(t0 + 1000h) == nullptr);
}

TEST_CASE("an item is due at its deadline, not before") {
  DeadlineHeap<Item> heap;
  Item item;
  heap.set(item, t0 + 5ms);
  CHECK(heap.due(t0 + 4ms) == nullptr);
  CHECK(heap.due(t0 + 5ms) == &item);
  heap.set(item, t0 + 7ms);
  CHECK(heap.due(t0 + 5ms) == nullptr);
  CHECK(heap.earliest() == t0 + 7ms);
}

TEST_CASE("no deadline takes an item out, and twice does no harm") {
  DeadlineHeap<Item> heap;
  Item item;
  heap.set(item, std::nullopt);
  heap.set(item, t0);
  heap.set(item, std::nullopt);
  heap.remove(item);
  CHECK(heap.size() == 0);
  CHECK(item.heap_position == DeadlineHeap<Item>::kNotInHeap);
}

TEST_CASE("whatever is set and removed in any order, the earliest is that of a sorted list") {
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
    std::minstd_rand random{seed};
    DeadlineHeap<Item> heap;
    std::array<Item, 40> items;
    std::map<Item*, Instant> reference;
    for (int step = 0; step < 5000; ++step) {
      Item& item = items[random() % items.size()];
      if (random() % 4 == 0) {
        heap.remove(item);
        reference.erase(&item);
      } else {
        const Instant deadline = t0 + std::chrono::milliseconds{random() % 50};  // many are equal
        heap.set(item, deadline);
        reference[&item] = deadline;
      }
      REQUIRE(heap.size() == reference.size());
      const auto earliest = std::min_element(reference.begin(), reference.end(),
                                             [](const auto& a, const auto& b) { return a.second < b.second; });
      if (earliest == reference.end()) {
        REQUIRE_FALSE(heap.earliest().has_value());
        continue;
      }
      REQUIRE(heap.earliest() == earliest->second);
      REQUIRE(reference.at(heap.due(earliest->second)) == earliest->second);
    }
    // Emptied in order.
    for (Instant last = t0; heap.size() > 0;) {
      REQUIRE(*heap.earliest() >= last);
      last = *heap.earliest();
      heap.remove(*heap.due(last));
    }
  }
}

}  // namespace sluice
