#include "core/media/srtp/srtp_sender.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/srtp/srtp_packets.h"

using namespace sluice;

namespace {

using ByteVector = std::vector<std::uint8_t>;

SrtpSender sender_of(SrtpProfile profile) { return SrtpSender::create(profile, test::master_key(profile)).value(); }

}  // namespace

TEST_CASE("a buffer without room for the trailer is refused, one byte short as well") {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    SrtpSender sender = sender_of(profile);
    ByteVector rtp = test::rtp_packet(7, 1);
    const std::size_t rtp_size = rtp.size();
    rtp.resize(rtp_size + sizes_of(profile).rtp_trailer - 1);
    CHECK(sender.protect_rtp(rtp, rtp_size).error() == SrtpError::buffer_too_small);
    rtp.resize(rtp_size + sizes_of(profile).rtp_trailer);
    CHECK(sender.protect_rtp(rtp, rtp_size).value() == rtp.size());

    ByteVector rtcp = test::rtcp_packet(7);
    const std::size_t rtcp_size = rtcp.size();
    rtcp.resize(rtcp_size + sizes_of(profile).rtcp_trailer - 1);
    CHECK(sender.protect_rtcp(rtcp, rtcp_size).error() == SrtpError::buffer_too_small);
    rtcp.resize(rtcp_size + sizes_of(profile).rtcp_trailer);
    CHECK(sender.protect_rtcp(rtcp, rtcp_size).value() == rtcp.size());
  }
}

TEST_CASE("a size larger than the buffer, than any datagram, or smaller than a header is refused") {
  SrtpSender sender = sender_of(SrtpProfile::aead_aes_128_gcm);
  ByteVector buffer(100);
  CHECK(sender.protect_rtp(buffer, 101).error() == SrtpError::buffer_too_small);
  CHECK(sender.protect_rtp(buffer, 70'000).error() == SrtpError::too_large);
  CHECK(sender.protect_rtp(buffer, SIZE_MAX).error() == SrtpError::too_large);
  CHECK(sender.protect_rtp(buffer, 11).error() == SrtpError::too_small);
  CHECK(sender.protect_rtcp(buffer, 7).error() == SrtpError::too_small);
}

TEST_CASE("a retransmission under AES-CM comes out as it did the first time") {
  SrtpSender sender = sender_of(SrtpProfile::aes128_cm_hmac_sha1_80);
  ByteVector first = test::rtp_packet(7, 1);
  const std::size_t size = first.size();
  first.resize(size + kMaxSrtpTrailer);
  ByteVector again = first;
  REQUIRE(sender.protect_rtp(first, size).has_value());
  REQUIRE(sender.protect_rtp(again, size).has_value());
  CHECK(first == again);
}

TEST_CASE("GCM never uses a nonce twice") {
  for (const SrtpProfile profile : {SrtpProfile::aead_aes_128_gcm, SrtpProfile::aead_aes_256_gcm}) {
    SrtpSender sender = sender_of(profile);
    ByteVector first = test::rtp_packet(7, 1);
    const std::size_t size = first.size();
    first.resize(size + kMaxSrtpTrailer);
    ByteVector again = first;
    REQUIRE(sender.protect_rtp(first, size).has_value());
    CHECK(sender.protect_rtp(again, size).error() == SrtpError::replayed);
  }
}

TEST_CASE("a key of another profile's length makes no sender") {
  const SrtpMasterKey key = test::master_key(SrtpProfile::aead_aes_128_gcm);
  CHECK(!SrtpSender::create(SrtpProfile::aead_aes_256_gcm, key).has_value());
}
