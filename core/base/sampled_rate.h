#pragma once

#include <cstddef>
#include <cstdint>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// The rate of a counter of bytes that is looked at now and then: costs the packets nothing.
class SampledRate {
 public:
  void sample(std::uint64_t bytes, Instant now) noexcept {
    // A stream that started over counts from 0 again.
    const bool grown = started_ && bytes >= bytes_;
    rate_ = grown ? DataRate::of(static_cast<std::size_t>(bytes - bytes_), now - at_) : DataRate{};
    started_ = true;
    bytes_ = bytes;
    at_ = now;
  }
  /// The same, unless the last look is not so long ago.
  void sample_at_most_every(Duration interval, std::uint64_t bytes, Instant now) noexcept {
    if (!started_ || now - at_ >= interval) sample(bytes, now);
  }
  [[nodiscard]] DataRate rate() const noexcept { return rate_; }

 private:
  bool started_ = false;
  std::uint64_t bytes_ = 0;
  Instant at_{};
  DataRate rate_;
};

}  // namespace sluice
