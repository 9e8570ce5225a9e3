#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/media/bwe/bandwidth_estimator.h"
#include "core/media/bwe/pacer.h"
#include "core/media/bwe/sent_packets.h"
#include "core/media/bwe/transport_feedback.h"
#include "tests/congestion/adaptive_source.h"
#include "tests/congestion/packet_log.h"
#include "tests/simulation/simulated_network.h"

namespace sluice::congestion {

using simulation::Address;
using simulation::SimulatedNetwork;

/// A video call's sender and receiver on the simulated network: the estimator, the pacer and the feedback are the
/// gateway's own, the packets are RTP with a transport-wide number, the feedback is RTCP that goes back through the
/// network.
class MediaFlow {
 public:
  struct Config {
    Address sender;
    Address receiver;
    AdaptiveSource::Config source{};
    BandwidthEstimator::Config estimator{.start = DataRate::kbps(300)};
    Duration base_delay{};  ///< one way, for the log
  };

  /// Both ends are attached; sending begins now.
  MediaFlow(SimulatedNetwork& network, const Config& config);
  ~MediaFlow();
  MediaFlow(const MediaFlow&) = delete;
  MediaFlow& operator=(const MediaFlow&) = delete;

  void pause() noexcept { source_.pause(); }
  void resume() noexcept { source_.resume(network_.now()); }

  [[nodiscard]] const BandwidthEstimator& estimator() const noexcept { return estimator_; }
  [[nodiscard]] const Pacer& pacer() const noexcept { return pacer_; }
  [[nodiscard]] const PacketLog& log() const noexcept { return log_; }
  [[nodiscard]] std::size_t probes() const noexcept { return probes_; }
  [[nodiscard]] Address sender() const noexcept { return config_.sender; }

 private:
  /// As SendControl::kPacingFactor has it.
  static constexpr double kPacing = 2.5;
  static constexpr std::size_t kMaxPayload = 1150;
  static constexpr std::uint8_t kTransportSequenceId = 5;
  /// In the payload: the packet's number in the log.
  static constexpr std::size_t kNumberSize = 4;

  void handle_timeout(Instant now);
  [[nodiscard]] std::optional<Instant> next_timeout() const;
  void send_frame(std::size_t bytes, Instant now);
  void send_waiting(Instant now);
  void send_padding(Instant now);
  void send_packet(MutableBytes packet, std::uint8_t probe, Instant now);
  [[nodiscard]] MutableBytes write_packet(std::size_t payload, std::uint8_t padding);
  void handle_rtcp(Bytes datagram, Instant now);
  void handle_rtp(Bytes datagram, Instant now);
  void send_feedback();
  void follow_estimate(Instant now);

  SimulatedNetwork& network_;
  Config config_;
  AdaptiveSource source_;
  BandwidthEstimator estimator_;
  Pacer pacer_;
  SentPackets sent_;
  TransportFeedback feedback_;
  PacketLog log_;
  std::vector<PacketResult> results_;
  std::array<std::uint8_t, 1500> buffer_{};
  std::uint16_t rtp_sequence_ = 0;
  std::size_t probes_ = 0;
};

}  // namespace sluice::congestion
