#pragma once

#include <cstdint>

#include "sluice/media/frame.h"
#include "sluice/time.h"

namespace sluice::livestream {

using media::MediaTime;

/// When the program's pictures are due, and which samples belong to them: by the job's clock, so that neither drifts.
/// The n-th tick is at n / frames per second, rounded down to a microsecond.
class ProgramClock {
 public:
  ProgramClock(Instant begin, int frames_per_second) noexcept : begin_{begin}, rate_{frames_per_second} {}

  [[nodiscard]] Instant begin() const noexcept { return begin_; }
  /// On the program's time line, which begins at 0.
  [[nodiscard]] MediaTime time_of(Instant instant) const noexcept {
    return std::chrono::floor<MediaTime>(instant - begin_);
  }
  [[nodiscard]] MediaTime tick(std::int64_t number) const noexcept { return MediaTime{number * kSecond / rate_}; }
  [[nodiscard]] Instant instant_of(std::int64_t number) const noexcept { return begin_ + tick(number); }
  /// The newest tick that is due; -1: none.
  [[nodiscard]] std::int64_t newest(Instant now) const noexcept {
    if (now < begin_) return -1;
    return ((time_of(now).count() + 1) * rate_ - 1) / kSecond;
  }
  /// How many samples of sound come before a tick's.
  [[nodiscard]] std::int64_t samples_before(std::int64_t number) const noexcept {
    return number * media::AudioBlock::kSampleRate / rate_;
  }

 private:
  static constexpr std::int64_t kSecond = 1'000'000;

  Instant begin_;
  std::int64_t rate_;
};

}  // namespace sluice::livestream
