#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <vector>

#include "core/media/bwe/bandwidth_estimator.h"
#include "core/media/bwe/sent_packets.h"
#include "core/media/bwe/transport_feedback.h"
#include "core/media/rtcp/rtcp_builder.h"
#include "tests/unit/core/media/bwe/bottleneck.h"

namespace sluice::testing {

/// A video that always fills its estimate, its pacer, and the receiver at the other end: everything that goes between
/// them is real feedback.
class MediaFlow {
 public:
  struct Config {
    DataRate start = DataRate::kbps(300);
    DataRate wanted = DataRate::kbps(10'000);
    DataRate app_limit = DataRate::kbps(100'000);  ///< media never takes more
    Duration one_way = 25ms;
    Instant begin{};
    Duration feedback_every = 100ms;
    double frame_spread = 0.2;  ///< sizes of frames, around their mean
    double feedback_loss = 0;
  };

  MediaFlow(int number, const Config& config, Instant now)
      : number_{number},
        config_{config},
        estimator_{{.min = DataRate::kbps(50), .start = config.start}, now},
        random_{static_cast<std::uint32_t>(number + 1)} {
    estimator_.set_wanted(config.wanted, now);
    results_.reserve(SentPackets::kMinCapacity * 4);
  }

  /// Sends what its pacer allows; once a tick of 5 ms.
  template <class Send>
  void tick(Instant now, const Send& send) {
    if (now < config_.begin || paused_) return;
    make_frame(now);
    if (const auto probe = estimator_.poll_probe(now)) begin_probe(*probe);
    const DataRate pace = probe_left_ > 0 || probe_packets_left_ > 0 ? probe_.rate : estimator_.estimate() * 1.5;
    budget_ = std::min(budget_ + static_cast<double>(pace.bytes_in(kTick)), 30'000.0);
    while (budget_ > 0 && (waiting_ > 0 || probing())) {
      const std::size_t bytes = waiting_ > 0 ? std::min<std::size_t>(waiting_, 1200) : 255;
      waiting_ -= waiting_ > 0 ? bytes : 0;
      budget_ -= static_cast<double>(bytes);
      send_packet(bytes, now, send);
    }
    if (waiting_ == 0) budget_ = std::min(budget_, 0.0);
  }

  /// At the receiver.
  void arrive(std::uint64_t id, std::size_t bytes, Instant now) {
    delivered_bytes_ += bytes;
    receiver_.on_packet(TransportSequence{static_cast<std::uint16_t>(id)}, now);
  }
  /// Writes feedback when due, and lets what is on its way back arrive.
  void run_feedback(Instant now) {
    if (receiver_.next_timeout() && now >= next_report_) write_feedback(now);
    while (!returning_.empty() && returning_.front().first <= now) {
      const auto feedback = sent_.on_feedback(returning_.front().second, results_, now);
      if (feedback) estimator_.on_feedback(*feedback, now);
      returning_.pop_front();
    }
  }

  void set_paused(bool paused) { paused_ = paused; }
  void set_silent(bool silent) { silent_ = silent; }
  void set_app_limit(DataRate rate) { config_.app_limit = rate; }
  [[nodiscard]] BandwidthEstimator& estimator() { return estimator_; }
  [[nodiscard]] SentPackets& sent() { return sent_; }
  [[nodiscard]] std::uint64_t delivered_bytes() const { return delivered_bytes_; }
  [[nodiscard]] std::uint64_t sent_packets() const { return next_id_; }
  [[nodiscard]] int probes() const { return probes_; }
  [[nodiscard]] Duration one_way() const { return config_.one_way; }

  static constexpr Duration kTick = 5ms;

 private:
  [[nodiscard]] bool probing() const { return probe_left_ > 0 || probe_packets_left_ > 0; }
  void make_frame(Instant now) {
    if (now < next_frame_) return;
    next_frame_ = now + 33ms;
    const double spread = 1 + config_.frame_spread * std::uniform_real_distribution<>{-1, 1}(random_);
    const DataRate rate = std::min(estimator_.estimate(), config_.app_limit);
    if (waiting_ < rate.bytes_in(300ms)) waiting_ += (rate * spread).bytes_in(33ms);
  }
  void begin_probe(const ProbeCluster& probe) {
    probe_ = probe;
    probe_left_ = probe.bytes;
    probe_packets_left_ = probe.packets;
    budget_ = 0;
    ++probes_;
  }
  template <class Send>
  void send_packet(std::size_t bytes, Instant now, const Send& send) {
    const std::uint8_t probe = probing() ? probe_.id : 0;
    probe_left_ -= std::min(probe_left_, bytes);
    if (probe_packets_left_ > 0) --probe_packets_left_;
    sent_.on_sent(TransportSequence{static_cast<std::uint16_t>(next_id_)}, bytes, probe, now);
    estimator_.on_sent(bytes, now);
    send(Bottleneck::Packet{number_, next_id_++, bytes, now});
  }
  void write_feedback(Instant now) {
    next_report_ = now + config_.feedback_every;
    while (true) {
      RtcpBuilder builder{buffer_};
      if (!receiver_.write(builder, Ssrc{1}, Ssrc{2})) return;
      const bool lost = std::uniform_real_distribution<>{}(random_) < config_.feedback_loss;
      if (silent_ || lost) continue;
      const Bytes fci = builder.bytes().subspan(12);
      returning_.emplace_back(now + config_.one_way, std::vector<std::uint8_t>{fci.begin(), fci.end()});
    }
  }

  int number_;
  Config config_;
  BandwidthEstimator estimator_;
  SentPackets sent_;
  TransportFeedback receiver_;
  std::mt19937 random_;
  std::vector<PacketResult> results_;
  std::array<std::uint8_t, 1400> buffer_{};
  std::deque<std::pair<Instant, std::vector<std::uint8_t>>> returning_;
  std::size_t waiting_ = 0;  // bytes of frames
  double budget_ = 0;
  Instant next_frame_{};
  Instant next_report_{};
  std::uint64_t next_id_ = 0;
  ProbeCluster probe_;
  std::size_t probe_left_ = 0;
  std::size_t probe_packets_left_ = 0;
  int probes_ = 0;
  bool paused_ = false;
  bool silent_ = false;
  std::uint64_t delivered_bytes_ = 0;
};

}  // namespace sluice::testing
