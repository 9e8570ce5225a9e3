#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/media/bwe/layer_rate.h"
#include "core/media/bwe/rate_floor.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// One consumer of video that wants a share.
struct AllocationRequest {
  std::uint8_t priority = 1;  ///< 1 to 255, the higher the sooner
  /// What its producer sends now, ascending in layer; empty: nothing flows, nothing is needed. Rates need not ascend.
  std::span<const LayerRate> layers{};
  /// The client wants no more than this. Where nothing so low is sent, it gets the lowest that is.
  std::optional<LayerPosition> limit{};
  std::optional<LayerPosition> current{};  ///< of the last allocation; none: paused by it, or new
  /// Has no share yet, or has none because its source was silent: its lowest layer needs no margin and knows no
  /// backoff.
  bool is_new = false;
};

/// Why a consumer has what it has, and not more.
enum class AllocationReason : std::uint8_t {
  source,     ///< its producer sends no more
  limit,      ///< its client wants no more
  bandwidth,  ///< there is not enough for more, or not for long enough yet
};

/// What it gets: a layer, or none: there is not enough for the lowest (bandwidth), or nothing is sent (source).
struct AllocationResult {
  std::optional<LayerPosition> layer;
  DataRate rate;
  AllocationReason reason = AllocationReason::source;
};

/// Whether the path shows that more is sent than it carries, whatever the estimate says.
enum class PathPressure : std::uint8_t { none, felt };

/// Shares an estimate among the video consumers of one transport, deterministically, and never more than is there.
/// docs/allocation.md has the rule with examples:
///
///  1. those above the lowest priority get their second resolution, as far as half of what is there goes;
///  2. everybody gets the lowest layer;
///  3. what is left raises them, one priority after the other;
///
///  4. where that gave nobody anything, the first one gets its lowest layer nevertheless, while nothing speaks against
///     it: an estimate is too low when little was sent lately, and where nothing is sent it never rises;
///
/// each time by priority, and within a priority everybody gets a layer before anybody gets the next one. A layer that a
/// consumer has is kept while it fits. A layer more must fit with a margin, and have done so for RateFloor::kWindow; if
/// that was an error, the next one waits longer.
///
/// Sans I/O; allocates when the number of consumers grows. @note Worker thread only.
class BitrateAllocator {
 public:
  /// Over all that is given, for a layer more.
  static constexpr double kRiseMargin = 1.15;
  /// Of what is available, for the second resolution of those above the lowest priority; and for keeping it.
  static constexpr double kComfortShare = 0.5;
  static constexpr double kComfortKept = 0.65;
  /// A rise that must be taken back within this time was an error; after it, it was none.
  static constexpr Duration kProving = std::chrono::seconds{10};
  /// Of the lowest layer's rate: with so much of it, the last picture stays.
  static constexpr double kLeastOfPicture = 0.75;
  /// So long the last picture is tried with less while pressure is felt; and without pressure as long as that lasts.
  static constexpr Duration kTrial = std::chrono::seconds{3};
  /// Wait after the first error; doubles with each one that follows.
  static constexpr Duration kFirstBackoff = std::chrono::seconds{5};
  static constexpr Duration kMaxBackoff = std::chrono::seconds{40};
  /// wanted() over the sum of the layers: an estimate at it has room for the margin and for its own noise.
  static constexpr double kWantedHeadroom = 1.3;

  /// Call when the estimate or the requests change, at next_timeout(), and some times a second.
  ///
  /// @param available  The estimate without audio and what else is sent regardless.
  /// @return One result per request, in their order; valid until the next call.
  [[nodiscard]] std::span<const AllocationResult> allocate(DataRate available,
                                                           std::span<const AllocationRequest> requests, Instant now,
                                                           PathPressure pressure = PathPressure::none);
  /// What all would take together at their limits, and kWantedHeadroom: nobody needs a better estimate than this.
  [[nodiscard]] DataRate wanted() const noexcept { return wanted_; }
  /// When a rise that only waits for its time is due; none: nothing waits.
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept { return retry_; }

 private:
  // A request while it is served. Its ladder are the steps [first, first + count), ascending in layer and in rate.
  struct Share {
    std::size_t request = 0;
    std::size_t first = 0;
    std::size_t count = 0;
    std::size_t comfort = 0;  // steps to the end of its second resolution
    std::size_t held = 0;     // steps that it has
    std::size_t taken = 0;    // steps that it gets
    std::uint8_t priority = 0;
    bool limited = false;
    bool is_new = false;
  };
  // Up to which sum a step may go that is held, and one that is not.
  struct Caps {
    DataRate keep;
    DataRate rise;
  };
  using Shares = std::span<Share>;

  void prepare(std::span<const AllocationRequest> requests);
  [[nodiscard]] Share make_share(const AllocationRequest& request);
  [[nodiscard]] std::size_t held_steps(const AllocationRequest& request, const Share& share) const noexcept;
  void judge_last_rise(Instant now) noexcept;
  void give_comfort() noexcept;
  void give_lowest() noexcept;
  void give_the_rest() noexcept;
  void save_one_picture(Instant now) noexcept;
  [[nodiscard]] bool trial_runs(Instant now) noexcept;
  void give_level(Shares shares, std::size_t level) noexcept;
  bool take(Share& share, const Caps& caps) noexcept;
  void conclude(Instant now) noexcept;
  [[nodiscard]] Shares same_priority(std::size_t first) noexcept;
  [[nodiscard]] DataRate rate_at(const Share& share, std::size_t steps) const noexcept;

  RateFloor floor_;
  std::optional<Instant> last_rise_;  // that is not proven yet
  Duration backoff_{};
  Instant blocked_until_{};
  std::optional<Instant> pressure_at_;  // felt last
  std::optional<Instant> trial_began_;  // of the last picture
  Instant no_trial_until_{};
  Duration trial_pause_{};
  DataRate wanted_;
  std::optional<Instant> retry_;

  // Of one call.
  DataRate available_;
  Caps caps_;
  DataRate given_;
  bool waits_ = false;  // a step was refused that fits, but for the time
  std::vector<LayerRate> steps_;
  std::vector<Share> shares_;  // by priority
  std::vector<AllocationResult> results_;
};

}  // namespace sluice
