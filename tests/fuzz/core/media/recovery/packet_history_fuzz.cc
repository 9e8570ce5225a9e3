// Whatever is stored, in any order and at any time: what is found is what was stored last under that number, and not
// old; the ring keeps its bounds.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <vector>

#include "core/media/recovery/packet_history.h"

namespace sluice {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Stored {
  std::vector<std::uint8_t> bytes;
  Instant at;
};

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  FuzzedDataProvider in{data, size};
  const PacketHistory::Limits limits = in.ConsumeBool() ? PacketHistory::kVideo : PacketHistory::kAudio;
  PacketHistory history{limits};
  std::map<std::uint16_t, Stored> stored;
  Instant now = Instant{} + std::chrono::hours{1};
  std::uint16_t next = in.ConsumeIntegral<std::uint16_t>();
  const auto store = [&](std::size_t bytes) {
    std::vector<std::uint8_t> packet(bytes, static_cast<std::uint8_t>(next ^ next >> 8));
    history.store(packet, RtpSequence{next}, {.payload_type = static_cast<std::uint8_t>(bytes % 128)}, now);
    if (bytes <= PacketHistory::kMaxPacket) stored[next] = {std::move(packet), now};
    ++next;
  };
  const auto look = [&](std::uint16_t sequence) {
    const auto found = history.find(RtpSequence{sequence}, now);
    if (!found) return;
    const auto known = stored.find(sequence);
    require(known != stored.end() && now - known->second.at <= limits.max_age);
    require(std::ranges::equal(found->packet, known->second.bytes));
    require(found->label.payload_type == found->packet.size() % 128);
  };
  for (int i = 0; i < 300 && in.remaining_bytes() > 0; ++i) {
    switch (in.ConsumeIntegralInRange<int>(0, 6)) {
      case 0:
        store(in.ConsumeIntegralInRange<std::size_t>(0, 2100));
        break;
      case 1: {
        const auto count = in.ConsumeIntegralInRange<int>(1, 400);
        const auto bytes = in.ConsumeIntegralInRange<std::size_t>(0, 1500);
        for (int packet = 0; packet < count; ++packet) store(bytes);
        break;
      }
      case 2:
        next = in.ConsumeIntegral<std::uint16_t>();
        break;
      case 3:
        now += std::chrono::milliseconds{in.ConsumeIntegralInRange<int>(0, 2000)};
        break;
      case 4:
        history.clear();
        stored.clear();
        break;
      case 5:
        history.release_if_idle(now);
        break;
      default:
        look(in.ConsumeIntegral<std::uint16_t>());
    }
    for (std::uint16_t back = 1; back < 20; ++back) look(static_cast<std::uint16_t>(next - back));
    require(history.capacity() <= limits.max_bytes);
    require(history.capacity() == 0 || history.capacity() >= limits.min_bytes);
  }
  return 0;
}
