#include "core/media/transport/equal_sizes.h"

#include <doctest/doctest.h>

#include <vector>

#include "core/media/rtp/rtp_writer.h"

namespace sluice {
namespace {

struct Sent {
  std::size_t payload;
  std::uint32_t timestamp = 1;
  std::uint8_t encoding = 0;
};

/// The paddings that a burst of these packets gets.
std::vector<int> paddings(const std::vector<Sent>& burst) {
  std::vector<std::vector<std::uint8_t>> bytes;
  std::vector<RoutedPacket> packets;
  std::vector<RoutedPacket*> pointers;
  for (const Sent& sent : burst) {
    auto& packet = bytes.emplace_back(kRtpFixedHeaderSize + sent.payload);
    const std::vector<std::uint8_t> payload(sent.payload, 0x11);
    REQUIRE(write_rtp(packet, {.timestamp = RtpTimestamp{sent.timestamp}}, {}, payload));
  }
  for (std::size_t i = 0; i < burst.size(); ++i) {
    packets.push_back({.rtp = *RtpPacketView::parse(bytes[i]), .encoding = burst[i].encoding});
  }
  for (RoutedPacket& packet : packets) pointers.push_back(&packet);
  equalise_sizes(pointers);
  std::vector<int> out;
  for (const RoutedPacket& packet : packets) out.push_back(packet.padding);
  return out;
}

using Paddings = std::vector<int>;

}  // namespace

TEST_CASE("packets of a frame that differ by little become equal") {
  CHECK(paddings({{1100}, {1100}, {1101}, {1101}}) == Paddings{1, 1, 0, 0});
  CHECK(paddings({{1101}, {1100}, {1101}}) == Paddings{0, 1, 0});
}

TEST_CASE("the last packet of a frame may be shorter") {
  CHECK(paddings({{1100}, {1099}, {300}}) == Paddings{0, 1, 0});
  CHECK(paddings({{1100}, {1099}}) == Paddings{0, 0});
}

TEST_CASE("no packet grows by more than the bound") {
  CHECK(paddings({{1000}, {1000 + kMaxEqualisingPadding}}) == Paddings{static_cast<int>(kMaxEqualisingPadding), 0});
  CHECK(paddings({{1000}, {1001 + kMaxEqualisingPadding}}) == Paddings{0, 0});
}

TEST_CASE("frames and encodings are looked at by themselves") {
  CHECK(paddings({{1000, 1}, {1001, 1}, {1004, 2}, {1005, 2}}) == Paddings{1, 0, 1, 0});
  CHECK(paddings({{1000, 1, 0}, {1001, 1, 1}}) == Paddings{0, 0});
  CHECK(paddings({{1000}}) == Paddings{0});
  CHECK(paddings({}) == Paddings{});
}

}  // namespace sluice
