#pragma once

#include <cstddef>
#include <span>

namespace sluice::media {

/// Turns a sum of sounds down where it would clip, and slowly up again. It looks ahead: the gain has come down by the
/// time it must, on a line, so that nothing clicks.
class Limiter {
 public:
  static constexpr float kCeiling = 0.99F;
  /// Frames of a step, over which the gain goes from one value to the next: 2.5 ms, and that far it looks ahead.
  static constexpr std::size_t kStep = 120;

  /// Interleaved stereo. `samples` are changed; `ahead` is what comes next (kStep frames or fewer), as far as is known.
  void apply(std::span<float> samples, std::span<const float> ahead);

 private:
  float gain_ = 1;  // at the end of what was given out
};

}  // namespace sluice::media
