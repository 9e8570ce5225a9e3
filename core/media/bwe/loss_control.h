#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// What the loss bound goes by, beside the packets themselves.
struct LossEvidence {
  DataRate estimate;                       ///< what is sent by now
  std::optional<DataRate> acknowledged{};  ///< what arrives
  Duration round_trip{};
  Duration queue{};       ///< that packets wait in
  bool overused = false;  ///< the delay grows: the loss is the queue's, and the delay's reaction is under way
};

/// A bound on the rate from losses, that tells random loss from congestion by trying: a share of packets that is lost
/// whatever the rate is the path's own, one that goes away with a lower rate was ours.
///
/// Loss that stands out makes a trial: the rate is lowered to what got through, by 15 % at most unless the loss is
/// heavy. A link that was overfull loses less then, and it is known how much less; a path that loses by chance loses as
/// before. Nearer to the first: the bound stays, and rises again slowly. Nearer to the second: so much loss counts as
/// inherent from then on, and the bound goes. The same is asked of all that was sent below the bound since when losses
/// stand out there: it may have been chance that they went.
///
/// Sans I/O; allocates nothing.
class LossControl {
 public:
  static constexpr Duration kWindow = std::chrono::milliseconds{300};  ///< and a round trip at least
  static constexpr std::size_t kMinPackets = 20;
  static constexpr double kMinTrialLosses = 6;        ///< that a trial should see if it brings no relief
  static constexpr std::size_t kEnoughPackets = 300;  ///< whatever the loss
  static constexpr Duration kMaxWindow = std::chrono::seconds{2};
  static constexpr double kTolerated = 0.02;  ///< beyond the inherent loss
  static constexpr double kHeavy = 0.3;       ///< no time for small steps
  static constexpr double kStep = 0.85;       ///< of a trial
  static constexpr double kMaxInherent = 0.3;
  static constexpr Duration kEmptyQueue = std::chrono::milliseconds{40};  ///< a longer one may well lose packets
  static constexpr double kSameRate = 0.95;                               ///< times the rate that had losses: as fast
  static constexpr Duration kHold = std::chrono::seconds{2};
  static constexpr double kGrowth = 1.05;        ///< of the bound in a second
  static constexpr double kProbedCeiling = 1.5;  ///< times the rate that had losses: what one probe can prove
  static constexpr double kOutgrown = 1.2;       ///< times the rate that had losses: the bound is over

  void on_arrived() noexcept { ++packets_; }
  void on_lost() noexcept;
  /// It was counted as lost.
  void on_late() noexcept;
  /// Once for each feedback message, after its packets.
  void update(const LossEvidence& evidence, Instant now) noexcept;
  /// A probe of this rate has lost no more than is inherent.
  /// @return whether the bound has risen.
  bool on_probe(DataRate rate) noexcept;
  void reset() noexcept { *this = LossControl{}; }

  /// None: losses limit nothing.
  [[nodiscard]] std::optional<DataRate> bound() const noexcept { return bound_; }
  /// Part of the packets that is lost whatever the rate.
  [[nodiscard]] double inherent() const noexcept { return inherent_; }
  /// Of all packets, smoothed over the last windows.
  [[nodiscard]] double loss() const noexcept { return loss_; }

 private:
  struct Trial {
    DataRate rate;  // before it
    double loss = 0;
    std::size_t packets = 0;
    double congested = 0;  // the loss that remains if it is the link's
  };
  [[nodiscard]] bool window_complete(const LossEvidence& evidence, Instant now) const noexcept;
  void begin_window(Instant at) noexcept;
  void watch_below(const LossEvidence& evidence) noexcept;
  void judge(double loss, const LossEvidence& evidence, Instant now) noexcept;
  void call_inherent(double loss, Instant now) noexcept;
  void conclude_trial(double loss, const LossEvidence& evidence, Instant now) noexcept;
  void begin_trial(double loss, const LossEvidence& evidence, Instant now) noexcept;
  void grow(const LossEvidence& evidence, Instant now) noexcept;
  [[nodiscard]] bool was_chance(double loss, const LossEvidence& evidence) const noexcept;
  [[nodiscard]] bool stands_out(double loss) const noexcept;

  std::size_t packets_ = 0;  // of the window
  std::size_t lost_ = 0;
  std::optional<Instant> window_begin_;  // none: with the next message
  double loss_ = 0;
  double inherent_ = 0;
  std::optional<DataRate> bound_;
  DataRate ceiling_;  // had losses
  double ceiling_loss_ = 0;
  std::size_t below_packets_ = 0;  // since the bound, slower than the ceiling
  std::size_t below_lost_ = 0;
  std::optional<Trial> trial_;
  Instant hold_until_{};
  Instant last_growth_{};
};

}  // namespace sluice
