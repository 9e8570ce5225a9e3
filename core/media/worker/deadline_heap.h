#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "sluice/time.h"

namespace sluice {

/// The earliest of many deadlines, one per item. Items are pointers to something with a `std::size_t heap_position`
/// member, initially kNotInHeap; setting and clearing cost O(log n) and allocate nothing once the heap has grown.
template <class Item>
class DeadlineHeap {
 public:
  static constexpr std::size_t kNotInHeap = static_cast<std::size_t>(-1);

  void set(Item& item, std::optional<Instant> deadline) {
    if (!deadline) return remove(item);
    if (item.heap_position == kNotInHeap) {
      entries_.push_back({*deadline, &item});
      item.heap_position = entries_.size() - 1;
      rise(item.heap_position);
      return;
    }
    const std::size_t position = item.heap_position;
    const Instant before = std::exchange(entries_[position].deadline, *deadline);
    *deadline < before ? rise(position) : sink(position);
  }

  void remove(Item& item) noexcept {
    const std::size_t position = std::exchange(item.heap_position, kNotInHeap);
    if (position == kNotInHeap) return;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (position == entries_.size()) return;
    place(position, last);
    rise(position);
    sink(last.item->heap_position);
  }

  [[nodiscard]] std::optional<Instant> earliest() const noexcept {
    if (entries_.empty()) return std::nullopt;
    return entries_.front().deadline;
  }
  /// The item of the earliest deadline, if that has come.
  [[nodiscard]] Item* due(Instant now) const noexcept {
    return entries_.empty() || now < entries_.front().deadline ? nullptr : entries_.front().item;
  }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    Instant deadline;
    Item* item;
  };

  void place(std::size_t position, const Entry& entry) noexcept {
    entries_[position] = entry;
    entry.item->heap_position = position;
  }

  void rise(std::size_t position) noexcept {
    const Entry entry = entries_[position];
    while (position > 0) {
      const std::size_t parent = (position - 1) / 2;
      if (entries_[parent].deadline <= entry.deadline) break;
      place(position, entries_[parent]);
      position = parent;
    }
    place(position, entry);
  }

  void sink(std::size_t position) noexcept {
    const Entry entry = entries_[position];
    while (true) {
      std::size_t child = 2 * position + 1;
      if (child >= entries_.size()) break;
      if (child + 1 < entries_.size() && entries_[child + 1].deadline < entries_[child].deadline) ++child;
      if (entry.deadline <= entries_[child].deadline) break;
      place(position, entries_[child]);
      position = child;
    }
    place(position, entry);
  }

  std::vector<Entry> entries_;
};

}  // namespace sluice
