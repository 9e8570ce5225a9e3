#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// The least that a rate was during the last kWindow, in fixed memory. Before anything was seen, it always was as it
/// is.
class RateFloor {
 public:
  static constexpr Duration kWindow = std::chrono::seconds{2};

  /// From `now` on the rate is this.
  void set(DataRate rate, Instant now) noexcept {
    const std::int64_t slot = slot_of(now);
    if (!started_) {
      started_ = true;
      newest_ = slot;
      least_.fill(rate);
    }
    for (std::size_t i = 0; newest_ < slot && i < kSlots; ++i) at(++newest_) = last_;  // it stood as it was meanwhile
    newest_ = std::max(newest_, slot);
    at(newest_) = std::min(at(newest_), rate);
    last_ = rate;
  }

  [[nodiscard]] DataRate least() const noexcept { return *std::ranges::min_element(least_); }

  /// When the floor can be higher than it is, if the rate is not lower until then.
  [[nodiscard]] Instant rises_at() const noexcept {
    const DataRate least = this->least();
    std::int64_t slot = newest_;
    while (slot > newest_ - static_cast<std::int64_t>(kSlots) && at(slot) != least) --slot;
    return Instant{(slot + static_cast<std::int64_t>(kSlots)) * kSlot};
  }

 private:
  static constexpr Duration kSlot = std::chrono::milliseconds{250};
  static constexpr std::size_t kSlots = kWindow / kSlot + 1;  // the window, and the slot that is not over

  [[nodiscard]] static std::int64_t slot_of(Instant now) noexcept { return now.time_since_epoch() / kSlot; }
  [[nodiscard]] DataRate& at(std::int64_t slot) noexcept { return least_[static_cast<std::uint64_t>(slot) % kSlots]; }
  [[nodiscard]] DataRate at(std::int64_t slot) const noexcept {
    return least_[static_cast<std::uint64_t>(slot) % kSlots];
  }

  std::array<DataRate, kSlots> least_{};
  DataRate last_;
  std::int64_t newest_ = 0;
  bool started_ = false;
};

}  // namespace sluice
