#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/media/bwe/bandwidth_estimator.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// What a probe has shown.
struct ProbeResult {
  std::uint8_t id = 0;
  DataRate sent;       ///< at which its packets left
  DataRate received;   ///< at which they arrived, made up for those that were lost
  double stretch = 1;  ///< how many times as long they took to arrive as to leave
  double loss = 0;
};

/// Measures one probe: how fast its packets left and how fast they arrived.
///
/// Sans I/O; allocates nothing.
class ProbeEstimator {
 public:
  /// Of the bytes and packets asked for, this part must have been reported.
  static constexpr double kMinReported = 0.8;
  /// Of those reported, this part must have arrived.
  static constexpr double kMinArrived = 0.5;
  static constexpr Duration kMaxSpan = std::chrono::seconds{1};
  /// Faster arrival than sending beyond this is a link that had held the packets back.
  static constexpr int kMaxCompression = 2;
  /// What is closer together than this left, or arrived, at once.
  static constexpr Duration kTogether = std::chrono::milliseconds{1};

  /// Forgets what came before.
  void begin(const ProbeCluster& cluster) noexcept;
  void on_packet(const PacketResult& packet) noexcept;
  /// Once, when enough of the probe has been reported. Call after each message's packets.
  [[nodiscard]] std::optional<ProbeResult> take_result() noexcept;

 private:
  struct Edge {
    Instant at{};
    std::size_t bytes = 0;  // of what left, or arrived, together at this edge
  };
  [[nodiscard]] std::optional<ProbeResult> measure() const noexcept;

  ProbeCluster cluster_;
  bool running_ = false;
  std::size_t sent_packets_ = 0;  // that were reported, arrived or lost
  std::size_t sent_bytes_ = 0;
  std::size_t packets_ = 0;  // that have arrived
  std::size_t bytes_ = 0;
  Instant first_sent_{};
  Edge last_sent_;
  Instant first_arrival_{};
  Edge first_arrived_;
  Instant last_arrived_{};
  Instant first_kept_{};  // sending of those that arrived
  Instant last_kept_{};
};

}  // namespace sluice
