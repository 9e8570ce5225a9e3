#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "sluice/time.h"

namespace sluice::analytics {

class RoomWatch;

/// Spreads the rooms over the second, so that a thousand of them are not asked at once.
class SamplingWheel {
 public:
  static constexpr std::size_t kSlots = 20;
  static constexpr Duration kInterval = std::chrono::milliseconds{1'000} / kSlots;

  void add(RoomWatch& room) {
    std::ranges::min_element(slots_, {}, [](const auto& slot) { return slot.size(); })->push_back(&room);
  }
  void remove(RoomWatch& room) noexcept {
    for (auto& slot : slots_) std::erase(slot, &room);
  }
  [[nodiscard]] bool empty() const noexcept {
    return std::ranges::all_of(slots_, [](const auto& slot) { return slot.empty(); });
  }
  /// A twentieth of a second has passed: whose turn it is. Valid until a room is added or removed.
  [[nodiscard]] std::span<RoomWatch* const> turn() noexcept {
    now_ = (now_ + 1) % kSlots;
    return slots_[now_];
  }

 private:
  std::array<std::vector<RoomWatch*>, kSlots> slots_;
  std::size_t now_ = 0;
};

}  // namespace sluice::analytics
