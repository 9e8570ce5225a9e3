#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/media/layers/packet_layers.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// What one more step of quality costs: the rate of everything up to and including this layer.
struct LayerRate {
  LayerPosition layer;
  DataRate rate;
};

/// One consumer of video that wants a share.
struct AllocationRequest {
  std::uint8_t priority = 1;  ///< 1 to 255, the higher the sooner
  /// What its producer sends now, ascending in layer; empty: nothing flows, nothing is needed.
  std::span<const LayerRate> layers;
  std::optional<LayerPosition> limit;    ///< the client wants no more than this
  std::optional<LayerPosition> current;  ///< of the last allocation; none: paused by it, or new
};

/// What it gets: a layer, or none when there is not enough for the lowest.
struct AllocationResult {
  std::optional<LayerPosition> layer;
  DataRate rate;
};

/// Shares an estimate among the video consumers of one transport, deterministically: by priority; within a priority
/// everybody gets the lowest layer before anybody gets the next one. Hysteresis: to rise costs a margin over the
/// layer's rate and a time in which the estimate allowed it, to fall costs nothing; a rise that had to be taken back
/// makes the next one wait longer.
///
/// Sans I/O; allocates when the number of consumers grows. @note Worker thread only.
class BitrateAllocator {
 public:
  /// @param available  The estimate without audio and what else is sent regardless.
  /// @return One result per request, in their order; valid until the next call.
  [[nodiscard]] std::span<const AllocationResult> allocate(DataRate available,
                                                           std::span<const AllocationRequest> requests, Instant now);
  /// What all would take together at their limits: nobody needs a better estimate than this.
  [[nodiscard]] DataRate wanted() const noexcept;
  /// When a rise that only waits for its time is due; none: nothing waits.
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;
};

}  // namespace sluice
