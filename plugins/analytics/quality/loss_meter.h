#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace sluice::analytics {

/// The loss of streams whose packets may come seldom: a second of silence has two or three packets, of which one lost
/// would be a third. So seconds are put together until they have enough of them.
class LossMeter {
 public:
  static constexpr std::int64_t kLeastPackets = 20;
  static constexpr int kMostSeconds = 10;  ///< what has not had enough packets by then is not known

  /// `lost` may be negative: a packet that was missing came late.
  void add(std::int64_t lost, std::int64_t expected) noexcept {
    lost_ += lost;
    expected_ += expected;
  }

  /// A second is over. Gives 0 to 1.
  std::optional<double> end_second() noexcept {
    if (expected_ >= kLeastPackets) {
      loss_ = std::clamp(static_cast<double>(lost_) / static_cast<double>(expected_), 0.0, 1.0);
      restart();
    } else if (++seconds_ >= kMostSeconds) {
      loss_.reset();
      restart();
    }
    return loss_;
  }

 private:
  void restart() noexcept { lost_ = expected_ = seconds_ = 0; }

  std::int64_t lost_ = 0;
  std::int64_t expected_ = 0;
  int seconds_ = 0;
  std::optional<double> loss_;
};

}  // namespace sluice::analytics
