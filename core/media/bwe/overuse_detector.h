#pragma once

#include <chrono>
#include <cstdint>

#include "sluice/time.h"

namespace sluice {

/// What the delay says about the path. draft-ietf-rmcat-gcc-02 section 5.4.
enum class PathUsage : std::uint8_t {
  normal,
  underuse,  ///< a queue empties
  overuse    ///< a queue grows
};

/// What the detector goes by.
struct TrendSample {
  double trend = 0;             ///< Trendline::value()
  Duration sent{};              ///< how far the last two groups were apart when they were sent
  Instant arrival{};            ///< of the last group, by the receiver's clock
  bool standing_queue = false;  ///< QueueDelay::standing()
};

/// Compares the delay's trend with a threshold that adapts to it: so a flow neither reacts to noise nor starves beside
/// a flow that fills the queue whatever it does. draft-ietf-rmcat-gcc-02 section 5.4; Carlucci et al., "Analysis and
/// design of the Google congestion control for WebRTC", MMSys 2016.
///
/// Sans I/O; allocates nothing.
class OveruseDetector {
 public:
  static constexpr double kStartThreshold = 12.5;
  static constexpr double kMinThreshold = 6;
  static constexpr double kMaxThreshold = 600;
  /// Per millisecond. Down faster than up: it is soon sensitive again after noise; so a flow would also yield to each
  /// queue that somebody else keeps full, and starve: beside such a one, the threshold stays up.
  static constexpr double kUp = 0.0087;
  static constexpr double kDown = 0.039;
  static constexpr double kDownBesideOthers = 0.0005;
  /// A trend beyond the threshold by more than this is a spike, which the threshold does not follow.
  static constexpr double kSpike = 15;
  static constexpr Duration kMaxStep = std::chrono::milliseconds{100};
  /// The trend must be above the threshold for so long, and must not be falling.
  static constexpr Duration kMinOveruse = std::chrono::milliseconds{10};

  PathUsage on_trend(const TrendSample& sample) noexcept;
  void reset() noexcept { *this = OveruseDetector{}; }
  /// The queue was filled on purpose, or just emptied by a decrease: what was seen so far counts for nothing.
  void forget_overuse() noexcept;

  [[nodiscard]] PathUsage usage() const noexcept { return usage_; }
  [[nodiscard]] double threshold() const noexcept { return threshold_; }

 private:
  void adapt(const TrendSample& sample) noexcept;

  PathUsage usage_ = PathUsage::normal;
  double threshold_ = kStartThreshold;
  double last_trend_ = 0;
  Duration over_{};  // for how long the trend has been above the threshold
  int over_count_ = 0;
  Instant last_arrival_{};
  bool started_ = false;
};

}  // namespace sluice
