#include "core/media/bwe/probe_estimator.h"

#include <algorithm>

namespace sluice {

void ProbeEstimator::begin(const ProbeCluster& cluster) noexcept {
  *this = ProbeEstimator{};
  cluster_ = cluster;
  running_ = true;
}

void ProbeEstimator::on_packet(const PacketResult& packet) noexcept {
  if (!running_ || packet.probe != cluster_.id || packet.late) return;
  if (sent_bytes_ == 0) first_sent_ = packet.sent;
  sent_bytes_ += packet.bytes;
  ++sent_packets_;
  if (packet.sent - last_sent_.at >= kTogether || sent_bytes_ == packet.bytes) last_sent_ = {packet.sent, 0};
  last_sent_.bytes += packet.bytes;
  if (!packet.arrived) return;

  const Instant arrived = *packet.arrived;
  if (packets_ == 0) {
    first_arrival_ = last_arrived_ = arrived;
    first_arrived_ = {arrived, 0};
    first_kept_ = packet.sent;
  }
  // Packets that arrive together at the start were held up together; the time starts after the last of them.
  if (bytes_ == first_arrived_.bytes && arrived - first_arrival_ < kTogether) {
    first_arrived_ = {std::max(first_arrived_.at, arrived), first_arrived_.bytes + packet.bytes};
  }
  last_arrived_ = std::max(last_arrived_, arrived);
  last_kept_ = packet.sent;
  bytes_ += packet.bytes;
  ++packets_;
}

std::optional<ProbeResult> ProbeEstimator::take_result() noexcept {
  if (!running_) return std::nullopt;
  const bool enough = static_cast<double>(sent_packets_) >= kMinReported * static_cast<double>(cluster_.packets) &&
                      static_cast<double>(sent_bytes_) >= kMinReported * static_cast<double>(cluster_.bytes);
  if (!enough) return std::nullopt;
  running_ = false;
  return measure();
}

/// The last burst's own time is not known when sending, nor the first one's when receiving: their bytes do not count.
/// So packets of different sizes make the two rates differ on an empty path, too, as they make the times differ on a
/// slow one: that the path has held them up is for both to say.
std::optional<ProbeResult> ProbeEstimator::measure() const noexcept {
  const Duration sending = last_sent_.at - first_sent_;
  const Duration receiving = last_arrived_ - first_arrived_.at;
  const Duration kept = last_kept_ - first_kept_;
  if (sending <= Duration::zero() || receiving <= Duration::zero() || kept <= Duration::zero()) return std::nullopt;
  if (sending > kMaxSpan || receiving > kMaxSpan) return std::nullopt;
  const double arrived = static_cast<double>(bytes_) / static_cast<double>(sent_bytes_);
  if (arrived < kMinArrived || kept > receiving * kMaxCompression) return std::nullopt;
  const Duration held = std::max(last_arrived_ - first_arrival_ - kTogether, Duration::zero());
  return ProbeResult{.id = cluster_.id,
                     .sent = DataRate::of(sent_bytes_ - last_sent_.bytes, sending),
                     .received = DataRate::of(bytes_ - first_arrived_.bytes, receiving) * (1 / arrived),
                     .stretch = std::chrono::duration<double>(held) / std::chrono::duration<double>(kept),
                     .loss = 1 - arrived};
}

}  // namespace sluice
