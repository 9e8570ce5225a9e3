#include "tests/congestion/packet_log.h"

#include <algorithm>

namespace sluice::congestion {
namespace {

bool within(Instant at, const Window& window) noexcept { return at >= window.from && at < window.to; }

}  // namespace

std::size_t PacketLog::sent(std::size_t bytes, Instant now) {
  packets_.push_back({.sent = now, .bytes = bytes});
  return packets_.size() - 1;
}

void PacketLog::arrived(std::size_t number, Instant now) {
  Packet& packet = packets_.at(number);
  if (!packet.arrived) packet.arrived = now;
}

std::size_t PacketLog::bytes_arrived(const Window& window) const {
  std::size_t bytes = 0;
  for (const Packet& packet : packets_) {
    if (packet.arrived && within(*packet.arrived, window)) bytes += packet.bytes;
  }
  return bytes;
}

DataRate PacketLog::rate(const Window& window) const { return DataRate::of(bytes_arrived(window), window.length()); }

double PacketLog::loss(const Window& window) const {
  std::size_t all = 0;
  std::size_t lost = 0;
  for (const Packet& packet : packets_) {
    if (!within(packet.sent, window)) continue;
    ++all;
    if (!packet.arrived) ++lost;
  }
  return all == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(all);
}

void PacketLog::collect_queue_delays(const Window& window, std::vector<Duration>& out) const {
  for (const Packet& packet : packets_) {
    if (packet.arrived && within(*packet.arrived, window)) out.push_back(*packet.arrived - packet.sent - base_);
  }
}

std::chrono::milliseconds quantile(std::vector<Duration> delays, double share) {
  if (delays.empty()) return {};
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(delays.size() - 1));
  std::ranges::nth_element(delays, delays.begin() + static_cast<std::ptrdiff_t>(rank));
  return std::chrono::duration_cast<std::chrono::milliseconds>(delays[rank]);
}

}  // namespace sluice::congestion
