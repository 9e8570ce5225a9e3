#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/media/rtcp/rtcp_builder.h"
#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/sequence_number.h"
#include "sluice/time.h"

namespace sluice {

/// Tells a sender when each of its packets arrived, from which it estimates what the path can carry: transport-wide
/// congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01. Without it browsers lower their
/// video to almost nothing.
///
/// Sans I/O; allocates nothing.
class TransportFeedback {
 public:
  /// From the first packet that has not been reported to the report.
  static constexpr Duration kInterval = std::chrono::milliseconds{100};
  /// Packets that a report can go back to; older ones are forgotten.
  static constexpr std::size_t kWindow = 2048;
  /// Packets in one message: keeps it under a kilobyte whatever the pattern of losses.
  static constexpr std::size_t kMaxPerMessage = 300;
  /// Stands for a packet that is missing: an optional would double the window.
  static constexpr Instant kNotArrived = Instant::min();

  TransportFeedback() noexcept { arrivals_.fill(kNotArrived); }

  void on_packet(TransportSequence sequence, Instant now) noexcept;

  /// Writes one message of what arrived since the last one. False: there is nothing to report, or no room.
  /// Call until it returns false.
  bool write(RtcpBuilder& out, Ssrc sender, Ssrc media) noexcept;
  /// When write() should be called; none while everything has been reported.
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept { return deadline_; }

 private:
  [[nodiscard]] Instant& arrival(std::int64_t position) noexcept {
    return arrivals_[static_cast<std::uint64_t>(position) % kWindow];
  }
  void forget_until(std::int64_t position) noexcept;

  Unwrapper<TransportSequence> unwrapper_;
  std::array<Instant, kWindow> arrivals_;
  bool started_ = false;
  std::int64_t begin_ = 0;  // first position of the next report
  std::int64_t end_ = 0;    // one after the newest packet
  std::optional<Instant> deadline_;
  std::uint8_t count_ = 0;  // of messages
};

}  // namespace sluice
