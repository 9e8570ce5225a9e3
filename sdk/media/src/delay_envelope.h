#pragma once

#include <vector>

namespace sluice::media {

/// Lays a sender's clock on the session's time line: where its least delayed packets arrived. All in microseconds.
///
/// A packet's offset, its arrival less the sender's time, is the clocks' difference and its delay. The difference
/// drifts steadily; delays come and go, and may stay (a queue that stands). So the drift is the median of many slopes,
/// which a delay that stays bends in few places, and the difference is the lower envelope of what remains, which may
/// wander but slowly.
class DelayEnvelope {
 public:
  struct Seen {
    double local = 0;   ///< by the sender's clock
    double offset = 0;  ///< arrival - local
  };
  /// In any order, one at least.
  explicit DelayEnvelope(std::vector<Seen> seen);
  /// The session's time less the sender's.
  [[nodiscard]] double at(double local) const noexcept;

 private:
  std::vector<Seen> knots_;  // their offsets without the drift, by rising `local`
  double drift_ = 0;
};

}  // namespace sluice::media
