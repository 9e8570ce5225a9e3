#include "quality/stream_counters.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sluice::analytics {

namespace {

// More than any stream has in a second: what would not fit is a defect, and no reason to overflow.
constexpr std::uint64_t kMostGrowth = std::numeric_limits<std::uint32_t>::max();

std::int64_t difference(std::uint64_t now, std::uint64_t before) noexcept {
  if (now >= before) return static_cast<std::int64_t>(std::min(now - before, kMostGrowth));
  return -static_cast<std::int64_t>(std::min(before - now, kMostGrowth));
}

}  // namespace

std::optional<StreamCounters::Growth> StreamCounters::look_at(const RtpStreamStats& stream) {
  const auto found = std::ranges::find(seen_, stream.ssrc, &Seen::ssrc);
  if (found == seen_.end()) {
    if (seen_.size() < kMostStreams) seen_.push_back({stream.ssrc, stream.packets, stream.packets_lost});
    return std::nullopt;
  }
  const Seen before = std::exchange(*found, {stream.ssrc, stream.packets, stream.packets_lost});
  const Growth growth{.packets = difference(stream.packets, before.packets),
                      .lost = difference(stream.packets_lost, before.lost)};
  if (growth.packets < 0 || growth.expected() < 0) return std::nullopt;
  return growth;
}

void StreamCounters::end_second() {
  std::erase_if(seen_, [](const Seen& one) { return !one.now; });
  for (Seen& one : seen_) one.now = false;
}

}  // namespace sluice::analytics
