#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// A burst that is sent faster than the estimate, to learn whether the path carries more.
struct ProbeCluster {
  std::uint8_t id = 0;      ///< never 0; marks its packets
  DataRate rate;            ///< at which to send
  std::size_t bytes = 0;    ///< at least so many,
  std::size_t packets = 0;  ///< and at least so many packets
};

/// What became of one packet that was sent with a transport-wide number.
struct PacketResult {
  Instant sent{};
  std::size_t bytes = 0;
  std::uint8_t probe = 0;            ///< ProbeCluster::id, or 0
  std::optional<Instant> arrived{};  ///< by the receiver's clock, of which only differences count; none: lost
  bool late = false;                 ///< arrived after all, having been reported lost before
};

/// One feedback message, its packets in the order in which they were sent.
struct FeedbackResults {
  std::span<const PacketResult> packets;
  Duration round_trip{};  ///< from the sending of the newest packet that arrived to now; zero: none did
};

/// The parts of an estimate, for statistics and traces. docs/congestion.md says how to read them.
struct BandwidthTrace {
  DataRate by_delay;                     ///< what the delay allows
  std::optional<DataRate> by_loss;       ///< bound of the losses
  std::optional<DataRate> by_receiver;   ///< REMB that stands
  std::optional<DataRate> acknowledged;  ///< rate of arrival, over half a second
  std::optional<DataRate> capacity;      ///< at which the queue last grew
  double trend = 0;                      ///< of the delay, as it is compared with
  double threshold = 0;
  double inherent_loss = 0;  ///< part of the packets that is lost whatever the rate
};

/// Estimates what the path to one client carries, from when its packets arrive: the delay's trend, losses, and the rate
/// that is acknowledged; asks for probes at the start, after a drop, and when more is wanted than was ever sent.
///
/// Sans I/O. @note Worker thread only; nothing here allocates after the first seconds.
class BandwidthEstimator {
 public:
  struct Config {
    DataRate min = DataRate::kbps(50);
    DataRate start = DataRate::kbps(600);
    DataRate max = DataRate::kbps(50'000);
  };

  BandwidthEstimator(const Config& config, Instant now);
  ~BandwidthEstimator();
  BandwidthEstimator(const BandwidthEstimator&) = delete;
  BandwidthEstimator& operator=(const BandwidthEstimator&) = delete;

  /// A packet has left; also those of probes and padding.
  void on_sent(std::size_t bytes, Instant now) noexcept;
  void on_feedback(const FeedbackResults& feedback, Instant now) noexcept;
  /// draft-alvestrand-rmcat-remb-03: the receiver's own estimate. A cap; where no transport-wide feedback ever came,
  /// the estimate.
  void on_remb(DataRate rate, Instant now) noexcept;
  /// Of receiver reports: counts only while there is no transport-wide feedback. `fraction_lost` 0 to 1.
  void on_report(double fraction_lost, Duration round_trip, Instant now) noexcept;
  /// What the consumers would take if there were no limit: probes do not go beyond twice this, and none is made while
  /// the estimate is above it. Zero, as it is at first: no probes.
  void set_wanted(DataRate rate, Instant now) noexcept;
  /// The path was replaced or came back (ICE restart, another address): starts over from half of the estimate.
  void on_path_changed(Instant now) noexcept;

  [[nodiscard]] DataRate estimate() const noexcept;
  /// Smoothed; none before the first feedback.
  [[nodiscard]] std::optional<Duration> round_trip() const noexcept;
  /// 0 to 1, of the last seconds.
  [[nodiscard]] double loss() const noexcept;
  /// More is sent than leaves the other end: bursts and probes would make it worse.
  [[nodiscard]] bool overused() const noexcept;
  [[nodiscard]] BandwidthTrace trace() const noexcept;

  /// A probe that should begin now, each once, and none while the last one is unanswered. Does what time alone does,
  /// too: call at next_timeout() and after each on_feedback().
  [[nodiscard]] std::optional<ProbeCluster> poll_probe(Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
