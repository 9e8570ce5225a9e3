#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/sampled_rate.h"
#include "core/media/bwe/bandwidth_estimator.h"
#include "core/media/bwe/bitrate_allocator.h"
#include "core/media/bwe/pacer.h"
#include "core/media/bwe/sent_packets.h"
#include "core/media/rtp/header_extension_values.h"

namespace sluice {

/// What one transport sends, under congestion control: how much its path carries, when each packet leaves, what became
/// of it, and who gets which share. Only for clients that negotiated transport-wide feedback or REMB.
///
/// Sans I/O: the transport hands over what it hears and what it sends, and asks what may leave.
/// @note Worker thread only.
class SendControl {
 public:
  /// What the send controls of one worker have in common; outlives them.
  struct Shared {
    BandwidthEstimator::Config config;
    std::vector<PacketResult> results{};        // of the feedback that is being read
    std::vector<AllocationRequest> requests{};  // of the share that is being made
  };

  /// Media leaves at up to this multiple of the estimate: a frame is sent in a part of its interval, so that delay does
  /// not add up hop by hop.
  static constexpr double kPacingFactor = 2.5;
  /// Between two looks at who gets what; a falling estimate does not wait for it.
  static constexpr Duration kShareInterval = std::chrono::milliseconds{200};
  /// While nobody wants a share.
  static constexpr Duration kIdleInterval = std::chrono::seconds{1};
  /// More is lost only where more is sent than fits, or nothing can be seen anyway.
  static constexpr double kLossOfPressure = 0.25;
  static constexpr Duration kShareGrid = std::chrono::milliseconds{20};
  /// Of the estimate: a fall by more than this is shared out at once.
  static constexpr double kFallThatCounts = 0.05;

  SendControl(Shared& shared, Instant now);

  // The packet path.
  [[nodiscard]] bool may_send(PacePriority priority, Instant now) noexcept { return pacer_.may_send(priority, now); }
  /// False: there is no room.
  bool push(PacePriority priority, Bytes packet, Instant now) noexcept { return pacer_.push(priority, packet, now); }
  /// A packet has left past the queue. `number`: where it carries a transport-wide one.
  void on_sent(PacePriority priority, std::optional<TransportSequence> number, std::size_t bytes, Instant now) noexcept;
  /// The next packet that has waited and leaves now; on_released() follows.
  [[nodiscard]] std::optional<MutableBytes> poll(Instant now) noexcept { return pacer_.poll(now); }
  [[nodiscard]] bool holds_packets() const noexcept { return pacer_.queued_packets() > 0; }
  void on_released(std::optional<TransportSequence> number, std::size_t bytes, Instant now) noexcept;
  /// Bytes of padding that a probe is short of.
  [[nodiscard]] std::size_t padding_due(Instant now) noexcept { return pacer_.padding_due(now); }
  /// The path is gone, and with it what waited for it.
  void clear() noexcept { pacer_.clear(); }

  // From the client.
  /// `fci`: of Feedback of the kind transport_cc.
  void handle_transport_feedback(Bytes fci, Instant now) noexcept;
  void handle_remb(DataRate rate, Instant now) noexcept;
  void handle_report(double fraction_lost, Duration round_trip, Instant now) noexcept;
  void handle_new_path(Instant now) noexcept;

  // Who gets what.
  [[nodiscard]] bool share_due(Instant now) const noexcept { return now >= next_share_; }
  /// Empty, to be filled with a request for each consumer that wants a share.
  [[nodiscard]] std::vector<AllocationRequest>& new_requests() noexcept {
    shared_.requests.clear();
    return shared_.requests;
  }
  /// One result for each of those; valid until the next call.
  [[nodiscard]] std::span<const AllocationResult> share(Instant now);
  /// Something has changed that the next share should not wait for.
  void share_soon(Instant now) noexcept { next_share_ = now; }

  void handle_timeout(Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  struct Stats {
    DataRate estimate;
    DataRate wanted;
    std::optional<Duration> round_trip;
    double loss = 0;  ///< 0 to 1
    std::size_t queued_packets = 0;
    std::uint64_t dropped = 0;  ///< by the pacer
    std::uint64_t probes = 0;
  };
  [[nodiscard]] Stats stats() const noexcept;

 private:
  void estimate_changed(Instant now) noexcept;
  [[nodiscard]] PathPressure pressure() const noexcept;

  Shared& shared_;
  BandwidthEstimator estimator_;
  SentPackets sent_;
  Pacer pacer_;
  BitrateAllocator allocator_;
  std::uint64_t unshared_bytes_ = 0;  // audio, which is never held
  SampledRate unshared_;              // comes off the estimate before it is shared
  DataRate last_shared_;              // the estimate that was shared out last
  Instant next_share_;
  std::uint64_t probes_ = 0;
};

}  // namespace sluice
