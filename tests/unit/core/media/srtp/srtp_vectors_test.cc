#include <doctest/doctest.h>

#include <algorithm>

#include "core/media/srtp/srtp_receiver.h"
#include "core/media/srtp/srtp_sender.h"
#include "tests/unit/core/media/srtp/srtp_packets.h"
#include "tests/unit/core/media/srtp/srtp_reference.h"

using namespace sluice;
using reference::ByteVector;

namespace {

constexpr std::uint32_t kFirstSrtcpIndex = 1;  // as the field's senders do

ByteVector with_room(ByteVector packet) {
  packet.resize(packet.size() + kMaxSrtpTrailer);
  return packet;
}

}  // namespace

TEST_CASE("what a sender protects is what RFC 3711 and RFC 7714 prescribe") {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    const SrtpMasterKey key = test::master_key(profile);
    auto sender = SrtpSender::create(profile, key);
    REQUIRE(sender.has_value());

    const ByteVector rtp = test::rtp_packet(0x5501a0b2, 0xf17b);
    ByteVector buffer = with_room(rtp);
    auto size = sender->protect_rtp(buffer, rtp.size());
    REQUIRE(size.has_value());
    buffer.resize(*size);
    CHECK(buffer == reference::protect_rtp(profile, key, 0, rtp));
    CHECK(*size == rtp.size() + sizes_of(profile).rtp_trailer);

    const ByteVector rtcp = test::rtcp_packet(0x4d617273);
    buffer = with_room(rtcp);
    size = sender->protect_rtcp(buffer, rtcp.size());
    REQUIRE(size.has_value());
    buffer.resize(*size);
    CHECK(buffer == reference::protect_rtcp(profile, key, kFirstSrtcpIndex, rtcp));
    CHECK(*size == rtcp.size() + sizes_of(profile).rtcp_trailer);
  }
}

TEST_CASE("a receiver understands what RFC 3711 and RFC 7714 prescribe") {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    const SrtpMasterKey key = test::master_key(profile);
    auto receiver = SrtpReceiver::create(profile, key);
    REQUIRE(receiver.has_value());

    const ByteVector rtp = test::rtp_packet(0x5501a0b2, 0xf17b);
    ByteVector packet = reference::protect_rtp(profile, key, 0, rtp);
    auto size = receiver->unprotect_rtp(packet);
    REQUIRE(size.has_value());
    packet.resize(*size);
    CHECK(packet == rtp);

    const ByteVector rtcp = test::rtcp_packet(0x4d617273);
    packet = reference::protect_rtcp(profile, key, 0x5d4, rtcp);
    size = receiver->unprotect_rtcp(packet);
    REQUIRE(size.has_value());
    packet.resize(*size);
    CHECK(packet == rtcp);
  }
}

TEST_CASE("the roll-over counter enters the protection after each wrap, from any start") {
  for (const std::uint16_t start : {0, 1, 32767, 32768, 65000, 65534, 65535}) {
    for (const SrtpProfile profile : kSrtpProfilePreference) {
      CAPTURE(start);
      CAPTURE(to_string(profile));
      const SrtpMasterKey key = test::master_key(profile);
      auto sender = SrtpSender::create(profile, key);
      auto receiver = SrtpReceiver::create(profile, key);
      REQUIRE(sender.has_value());
      REQUIRE(receiver.has_value());

      // Strides of 3001 pass two wraps in 50 packets; the RFC allows less than 32768.
      for (std::uint32_t extended = start; extended < start + 150'000U; extended += 3001) {
        const ByteVector rtp = test::rtp_packet(7, static_cast<std::uint16_t>(extended), 20);
        ByteVector buffer = with_room(rtp);
        const auto size = sender->protect_rtp(buffer, rtp.size());
        REQUIRE(size.has_value());
        buffer.resize(*size);
        REQUIRE(buffer == reference::protect_rtp(profile, key, extended >> 16, rtp));

        const auto plain = receiver->unprotect_rtp(buffer);
        REQUIRE(plain.has_value());
        buffer.resize(*plain);
        REQUIRE(buffer == rtp);
      }
    }
  }
}
