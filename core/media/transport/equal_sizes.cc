#include "core/media/transport/equal_sizes.h"

#include <algorithm>

namespace sluice {
namespace {

// What a packet will be long but for what all packets of the source have in common: its own padding is not forwarded.
std::size_t size_of(const RoutedPacket& packet) noexcept {
  return packet.rtp.bytes().size() - packet.rtp.padding_size();
}

bool same_frame(const RoutedPacket& a, const RoutedPacket& b) noexcept {
  return a.encoding == b.encoding && a.rtp.timestamp() == b.rtp.timestamp();
}

void equalise_frame(std::span<RoutedPacket* const> frame) noexcept {
  const std::size_t longest =
      size_of(**std::ranges::max_element(frame, {}, [](const RoutedPacket* packet) { return size_of(*packet); }));
  for (RoutedPacket* packet : frame.first(frame.size() - 1)) {
    const std::size_t missing = longest - size_of(*packet);
    if (missing <= kMaxEqualisingPadding) packet->padding = static_cast<std::uint8_t>(missing);
  }
}

}  // namespace

void equalise_sizes(std::span<RoutedPacket* const> packets) noexcept {
  while (packets.size() > 1) {
    std::size_t count = 1;
    while (count < packets.size() && same_frame(*packets[0], *packets[count])) ++count;
    equalise_frame(packets.first(count));
    packets = packets.subspan(count);
  }
}

}  // namespace sluice
