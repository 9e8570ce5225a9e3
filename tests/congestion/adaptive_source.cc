#include "tests/congestion/adaptive_source.h"

#include <algorithm>

namespace sluice::congestion {

AdaptiveSource::AdaptiveSource(const Config& config, Instant now) noexcept
    : config_{config}, random_{config.seed}, tick_{now}, next_keyframe_{now} {
  tick_ += std::chrono::duration_cast<Duration>(kFrameInterval * random_.unit());
  next_frame_ = tick_;
}

void AdaptiveSource::schedule_frame() noexcept {
  tick_ += kFrameInterval;
  const double offset = config_.capture_jitter * (2 * random_.unit() - 1);
  next_frame_ = tick_ + std::chrono::duration_cast<Duration>(kFrameInterval * offset);
}

std::optional<std::size_t> AdaptiveSource::poll(DataRate target, Instant now) noexcept {
  if (paused_ || now < next_frame_) return std::nullopt;
  schedule_frame();
  const DataRate rate = std::clamp(target, config_.min, config_.max);
  const auto mean = static_cast<double>(rate.bytes_in(kFrameInterval));
  is_keyframe_ = now >= next_keyframe_;
  if (is_keyframe_) next_keyframe_ = now + config_.keyframe_interval;

  const double spread = 1 + config_.variation * (2 * random_.unit() - 1);
  const double wanted = is_keyframe_ ? mean * config_.keyframe_size : mean * spread - debt_ / kPayBack;
  const double size = std::max(wanted, mean / 4);
  debt_ = std::max(0.0, debt_ + size - mean);
  return static_cast<std::size_t>(size);
}

std::optional<Instant> AdaptiveSource::next_timeout() const noexcept {
  return paused_ ? std::nullopt : std::optional{next_frame_};
}

void AdaptiveSource::resume(Instant now) noexcept {
  paused_ = false;
  tick_ = next_frame_ = next_keyframe_ = now;
  debt_ = 0;
}

}  // namespace sluice::congestion
