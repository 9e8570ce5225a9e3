#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sluice/data_rate.h"
#include "sluice/time.h"
#include "tests/simulation/random.h"

namespace sluice::congestion {

/// A camera with an encoder that follows a target rate as real ones do: 30 frames a second whose sizes vary, a key
/// frame now and then that is several times as large, and smaller frames after it until the rate is right again.
class AdaptiveSource {
 public:
  struct Config {
    DataRate min = DataRate::kbps(100);  ///< an encoder makes no less
    DataRate max = DataRate::kbps(5000);
    double variation = 0.25;      ///< of the size of a frame, up and down
    double capture_jitter = 0.1;  ///< of the time between frames, up and down
    double keyframe_size = 4;     ///< times a mean frame
    Duration keyframe_interval = std::chrono::seconds{10};
    std::uint64_t seed = 1;
  };
  static constexpr Duration kFrameInterval = std::chrono::microseconds{33'333};

  /// The first frame comes within one interval from `now`, as no two cameras are in step.
  AdaptiveSource(const Config& config, Instant now) noexcept;

  /// The size of a frame that is due by `now`; none: it is not time yet, or the source is paused.
  [[nodiscard]] std::optional<std::size_t> poll(DataRate target, Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  /// The next frame is one.
  void request_keyframe() noexcept { next_keyframe_ = Instant::min(); }
  /// Whether the frame that poll() gave last is one.
  [[nodiscard]] bool is_keyframe() const noexcept { return is_keyframe_; }

  void pause() noexcept { paused_ = true; }
  /// With a key frame.
  void resume(Instant now) noexcept;
  [[nodiscard]] DataRate max() const noexcept { return config_.max; }

 private:
  /// Frames over which an encoder saves what a large one has cost.
  static constexpr double kPayBack = 20;

  void schedule_frame() noexcept;

  Config config_;
  simulation::Random random_;
  Instant tick_;        // of an even clock
  Instant next_frame_;  // a little before or after it
  Instant next_keyframe_;
  double debt_ = 0;  // bytes sent beyond the target
  bool is_keyframe_ = false;
  bool paused_ = false;
};

}  // namespace sluice::congestion
