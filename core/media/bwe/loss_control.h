#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// What the loss bound goes by, beside the packets themselves.
struct LossEvidence {
  DataRate estimate;                     ///< what is sent by now
  std::optional<DataRate> acknowledged;  ///< what arrives
  Duration round_trip{};
  bool overused = false;  ///< the delay grows: the loss is the queue's, and the delay's reaction is under way
};

/// A bound on the rate from losses, that tells random loss from congestion by trying: a share of packets that is lost
/// whatever the rate is the path's own, one that goes away with a lower rate was ours.
///
/// Loss that stands out makes a trial: the rate is lowered to what got through, by 15 % at most unless the loss is
/// heavy. When the path has answered and the loss is less, the bound stays, and rises again slowly; when it is not, it
/// counts as inherent from then on, and the bound goes.
///
/// Sans I/O; allocates nothing.
class LossControl {
 public:
  static constexpr Duration kWindow = std::chrono::milliseconds{300};  ///< and a round trip at least
  static constexpr std::size_t kMinPackets = 20;
  static constexpr std::size_t kMinTrialPackets = 60;  ///< to compare two windows
  static constexpr Duration kMaxWindow = std::chrono::seconds{2};
  static constexpr double kTolerated = 0.02;  ///< beyond the inherent loss
  static constexpr double kHeavy = 0.3;       ///< no time for small steps
  static constexpr double kStep = 0.85;       ///< of a trial
  static constexpr double kMaxInherent = 0.3;
  static constexpr double kRelief = 0.25;  ///< the loss must go down by this part of itself
  static constexpr Duration kHold = std::chrono::seconds{2};
  static constexpr double kGrowth = 1.05;   ///< of the bound in a second
  static constexpr double kOutgrown = 1.2;  ///< times the rate that had losses: the bound is over

  void on_packet(bool lost) noexcept;
  /// It was counted as lost.
  void on_late() noexcept;
  /// Once for each feedback message, after its packets.
  void update(const LossEvidence& evidence, Instant now) noexcept;
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
  };
  [[nodiscard]] bool window_complete(const LossEvidence& evidence, Instant now) const noexcept;
  void begin_window(Instant at) noexcept;
  void judge(double loss, const LossEvidence& evidence, Instant now) noexcept;
  void conclude_trial(double loss, const LossEvidence& evidence, Instant now) noexcept;
  void begin_trial(double loss, const LossEvidence& evidence, Instant now) noexcept;
  void grow(const LossEvidence& evidence, Instant now) noexcept;
  [[nodiscard]] bool stands_out(double loss) const noexcept;

  std::size_t packets_ = 0;  // of the window
  std::size_t lost_ = 0;
  std::optional<Instant> window_begin_;  // none: with the next message
  double loss_ = 0;
  double inherent_ = 0;
  std::optional<DataRate> bound_;
  DataRate ceiling_;  // had losses
  std::optional<Trial> trial_;
  Instant hold_until_{};
  Instant last_growth_{};
};

}  // namespace sluice
