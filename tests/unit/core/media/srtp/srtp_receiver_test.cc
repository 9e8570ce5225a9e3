#include "core/media/srtp/srtp_receiver.h"

#include <doctest/doctest.h>

#include "core/media/srtp/srtp_sender.h"
#include "tests/unit/core/media/srtp/srtp_packets.h"

using namespace sluice;

namespace {

using ByteVector = std::vector<std::uint8_t>;

struct Pair {
  explicit Pair(SrtpProfile used)
      : profile{used},
        sender{SrtpSender::create(used, test::master_key(used)).value()},
        receiver{SrtpReceiver::create(used, test::master_key(used)).value()} {}

  ByteVector protected_rtp(std::uint32_t ssrc, std::uint16_t sequence) {
    ByteVector packet = test::rtp_packet(ssrc, sequence);
    const std::size_t size = packet.size();
    packet.resize(size + kMaxSrtpTrailer);
    packet.resize(sender.protect_rtp(packet, size).value());
    return packet;
  }
  ByteVector protected_rtcp(std::uint32_t ssrc) {
    ByteVector packet = test::rtcp_packet(ssrc);
    const std::size_t size = packet.size();
    packet.resize(size + kMaxSrtpTrailer);
    packet.resize(sender.protect_rtcp(packet, size).value());
    return packet;
  }
  // By value: what fails leaves the original for another try.
  Result<std::size_t, SrtpError> receive_rtp(ByteVector packet) { return receiver.unprotect_rtp(packet); }
  Result<std::size_t, SrtpError> receive_rtcp(ByteVector packet) { return receiver.unprotect_rtcp(packet); }

  SrtpProfile profile;
  SrtpSender sender;
  SrtpReceiver receiver;
};

template <class Test>
void for_each_profile(Test test) {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    test(Pair{profile});
  }
}

}  // namespace

TEST_CASE("a damaged bit anywhere in an SRTP packet is an authentication failure, and the packet itself still passes") {
  for_each_profile([](Pair pair) {
    const ByteVector packet = pair.protected_rtp(7, 1000);
    constexpr std::size_t kVersionByte = 0;
    for (std::size_t i = kVersionByte + 1; i < packet.size(); ++i) {
      CAPTURE(i);
      ByteVector damaged = packet;
      damaged[i] ^= 0x01;
      const auto result = pair.receive_rtp(damaged);
      REQUIRE(!result.has_value());
      CHECK(result.error() == SrtpError::authentication_failed);
    }
    CHECK(pair.receiver.ssrc_count() == 0);  // a forged SSRC costs no state
    CHECK(pair.receive_rtp(packet).has_value());
  });
}

TEST_CASE("a damaged bit in the tag, the index or the body of an SRTCP packet is an authentication failure") {
  for_each_profile([](Pair pair) {
    const ByteVector packet = pair.protected_rtcp(7);
    for (std::size_t i = 4; i < packet.size(); ++i) {
      CAPTURE(i);
      ByteVector damaged = packet;
      damaged[i] ^= 0x01;
      CHECK(!pair.receive_rtcp(damaged).has_value());
    }
    CHECK(pair.receiver.ssrc_count() == 0);
    CHECK(pair.receive_rtcp(packet).has_value());
  });
}

TEST_CASE("SRTCP with the E bit cleared, as if it were not encrypted, does not pass") {
  for_each_profile([](Pair pair) {
    ByteVector packet = pair.protected_rtcp(7);
    // | index | at the very end under GCM, before the tag under AES-CM
    const std::size_t tag_behind = is_aead(pair.profile) ? 0 : 10;
    packet[packet.size() - tag_behind - 4] &= 0x7f;
    CHECK(!pair.receive_rtcp(packet).has_value());
  });
}

TEST_CASE("a replayed packet is refused, RTP as RTCP") {
  for_each_profile([](Pair pair) {
    const ByteVector rtp = pair.protected_rtp(7, 1000);
    const ByteVector rtcp = pair.protected_rtcp(7);
    CHECK(pair.receive_rtp(rtp).has_value());
    CHECK(pair.receive_rtp(rtp).error() == SrtpError::replayed);
    CHECK(pair.receive_rtcp(rtcp).has_value());
    CHECK(pair.receive_rtcp(rtcp).error() == SrtpError::replayed);
  });
}

TEST_CASE("packets out of order pass once each inside the replay window, and not behind it") {
  constexpr auto kWindow = static_cast<std::uint16_t>(kSrtpReplayWindow);
  for (const std::uint16_t start : {0, 65530, 32760}) {
    CAPTURE(start);
    for_each_profile([start](Pair pair) {
      const auto at = [start](int offset) { return static_cast<std::uint16_t>(start + offset); };
      // A receiver that joins guesses the roll-over counter 0, RFC 3711 section 3.3.1: it must hear one before the
      // wrap.
      CHECK(pair.receive_rtp(pair.protected_rtp(7, at(-1))).has_value());
      const ByteVector behind = pair.protected_rtp(7, at(0));
      const ByteVector oldest = pair.protected_rtp(7, at(1));
      const ByteVector middle = pair.protected_rtp(7, at(kWindow / 2));
      const ByteVector newest = pair.protected_rtp(7, at(kWindow));
      CHECK(pair.receive_rtp(middle).has_value());
      CHECK(pair.receive_rtp(newest).has_value());
      CHECK(pair.receive_rtp(oldest).has_value());
      CHECK(pair.receive_rtp(oldest).error() == SrtpError::replayed);
      CHECK(pair.receive_rtp(middle).error() == SrtpError::replayed);
      CHECK(pair.receive_rtp(behind).error() == SrtpError::too_old);
    });
  }
}

TEST_CASE("packets under another key, or of the other direction, do not pass") {
  for_each_profile([](Pair pair) {
    auto other = SrtpReceiver::create(pair.profile, test::master_key(pair.profile, 99)).value();
    ByteVector packet = pair.protected_rtp(7, 1);
    CHECK(other.unprotect_rtp(packet).error() == SrtpError::authentication_failed);
  });
}

TEST_CASE("plain RTP does not pass a receiver of SRTP") {
  for_each_profile([](Pair pair) {
    ByteVector packet = test::rtp_packet(7, 1);
    CHECK(pair.receiver.unprotect_rtp(packet).error() == SrtpError::authentication_failed);
  });
}

TEST_CASE("a packet cut short anywhere is refused") {
  for_each_profile([](Pair pair) {
    const ByteVector rtp = pair.protected_rtp(7, 1);
    for (std::size_t size = 0; size < rtp.size(); ++size) {
      CAPTURE(size);
      CHECK(!pair.receive_rtp(ByteVector(rtp.begin(), rtp.begin() + static_cast<std::ptrdiff_t>(size))).has_value());
    }
    const ByteVector rtcp = pair.protected_rtcp(7);
    for (std::size_t size = 0; size < rtcp.size(); ++size) {
      CAPTURE(size);
      CHECK(!pair.receive_rtcp(ByteVector(rtcp.begin(), rtcp.begin() + static_cast<std::ptrdiff_t>(size))).has_value());
    }
    CHECK(pair.receive_rtp({}).error() == SrtpError::too_small);
    CHECK(pair.receive_rtcp({}).error() == SrtpError::too_small);
  });
}

TEST_CASE("a header extension that runs past the packet is malformed") {
  for_each_profile([](Pair pair) {
    ByteVector packet = test::rtp_packet(7, 1);
    packet[0] |= 0x10;  // X
    packet[14] = 0xff;  // length of the extension: 65535 words
    packet[15] = 0xff;
    CHECK(pair.receiver.unprotect_rtp(packet).error() == SrtpError::malformed);
  });
}

TEST_CASE("a packet larger than any datagram is refused") {
  for_each_profile([](Pair pair) {
    ByteVector packet = test::rtp_packet(7, 1, 70'000);
    CHECK(pair.receiver.unprotect_rtp(packet).error() == SrtpError::too_large);
    CHECK(pair.receiver.unprotect_rtcp(packet).error() == SrtpError::too_large);
  });
}

TEST_CASE("an SSRC that comes back after its producer has ended goes on with its roll-over counter") {
  for_each_profile([](Pair pair) {
    CHECK(pair.receive_rtp(pair.protected_rtp(7, 65'535)).has_value());
    CHECK(pair.receive_rtp(pair.protected_rtp(7, 0)).has_value());  // the counter is 1 from here on
    pair.receiver.forget(Ssrc{7});
    CHECK(pair.receiver.ssrc_count() == 0);
    const ByteVector next = pair.protected_rtp(7, 1);
    CHECK(pair.receive_rtp(next).has_value());
    CHECK(pair.receiver.ssrc_count() == 1);
    CHECK(pair.receive_rtp(next).error() == SrtpError::replayed);
  });
}

TEST_CASE("an authenticated peer cannot make the receiver keep state for more SSRCs than the limit") {
  Pair pair{SrtpProfile::aead_aes_128_gcm};
  for (std::uint32_t ssrc = 1; ssrc <= kMaxReceivedSsrcs; ++ssrc) {
    REQUIRE(pair.receive_rtp(pair.protected_rtp(ssrc, 1)).has_value());
  }
  const ByteVector one_more = pair.protected_rtp(5000, 1);
  CHECK(pair.receive_rtp(one_more).error() == SrtpError::ssrc_limit);
  CHECK(pair.receive_rtcp(pair.protected_rtcp(5001)).error() == SrtpError::ssrc_limit);
  CHECK(pair.receiver.ssrc_count() == kMaxReceivedSsrcs);

  SUBCASE("known SSRCs go on") { CHECK(pair.receive_rtp(pair.protected_rtp(3, 2)).has_value()); }
  SUBCASE("a forgotten one makes room") {
    pair.receiver.forget(Ssrc{3});
    CHECK(pair.receiver.ssrc_count() == kMaxReceivedSsrcs - 1);
    CHECK(pair.receive_rtp(one_more).has_value());
  }
  SUBCASE("forgetting an unknown one changes nothing") {
    pair.receiver.forget(Ssrc{9999});
    CHECK(pair.receiver.ssrc_count() == kMaxReceivedSsrcs);
  }
}
