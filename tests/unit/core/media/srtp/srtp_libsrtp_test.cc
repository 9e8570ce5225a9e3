// What we protect libsrtp understands, and the other way round.

#include <doctest/doctest.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/media/srtp/srtp_receiver.h"
#include "core/media/srtp/srtp_sender.h"
#include "tests/unit/core/media/srtp/srtp_packets.h"

using namespace sluice;

namespace {

using ByteVector = std::vector<std::uint8_t>;

/// A session of libsrtp for any SSRC of one direction.
class LibSrtp {
 public:
  LibSrtp(SrtpProfile profile, const SrtpMasterKey& key, srtp_ssrc_type_t direction) {
    static const srtp_err_status_t started = srtp_init();
    REQUIRE(started == srtp_err_status_ok);
    srtp_policy_t policy{};
    for (srtp_crypto_policy_t* part : {&policy.rtp, &policy.rtcp}) {
      if (profile == SrtpProfile::aead_aes_128_gcm) srtp_crypto_policy_set_aes_gcm_128_16_auth(part);
      if (profile == SrtpProfile::aead_aes_256_gcm) srtp_crypto_policy_set_aes_gcm_256_16_auth(part);
      if (!is_aead(profile)) srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(part);
    }
    policy.ssrc.type = direction;
    policy.key = const_cast<unsigned char*>(key.key_and_salt().data());  // libsrtp only reads it
    policy.window_size = 1024;
    srtp_t session = nullptr;
    REQUIRE(srtp_create(&session, &policy) == srtp_err_status_ok);
    session_.reset(session);
  }

  ByteVector run(srtp_err_status_t (*transform)(srtp_t, void*, int*), ByteVector packet) const {
    int length = static_cast<int>(packet.size());
    packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 4);
    const srtp_err_status_t status = transform(session_.get(), packet.data(), &length);
    CHECK(status == srtp_err_status_ok);
    packet.resize(status == srtp_err_status_ok ? static_cast<std::size_t>(length) : 0);
    return packet;
  }

 private:
  struct Free {
    void operator()(srtp_t session) const noexcept { srtp_dealloc(session); }
  };
  std::unique_ptr<srtp_ctx_t_, Free> session_;
};

template <class Session, class Method>
ByteVector protect(Session& session, Method method, ByteVector packet) {
  const std::size_t size = packet.size();
  packet.resize(size + kMaxSrtpTrailer);
  packet.resize((session.*method)(packet, size).value());
  return packet;
}

template <class Session, class Method>
ByteVector unprotect(Session& session, Method method, ByteVector packet) {
  packet.resize((session.*method)(packet).value());
  return packet;
}

constexpr std::uint32_t kSsrcs[] = {7, 0xfeed'beef};

/// With two CSRCs and a header extension of one word, all of which stay in the clear and are authenticated.
ByteVector packet_with_long_header(std::uint32_t ssrc, std::uint16_t sequence) {
  ByteVector packet = test::rtp_packet(ssrc, sequence, 2 * 4 + 4 + 4 + 50);
  packet[0] = 0x92;  // V=2, X, CC=2
  constexpr std::size_t kExtension = 12 + 2 * 4;
  ByteWriter{MutableBytes{packet}.subspan(kExtension, 4)}.u32(0xbede'0001);
  return packet;
}

}  // namespace

TEST_CASE("libsrtp reads what we protect, through a wrap of the sequence numbers") {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    const SrtpMasterKey key = test::master_key(profile);
    const LibSrtp other{profile, key, ssrc_any_inbound};
    SrtpSender ours = SrtpSender::create(profile, key).value();
    for (std::uint32_t i = 0; i < 40; ++i) {
      for (const std::uint32_t ssrc : kSsrcs) {
        const auto sequence = static_cast<std::uint16_t>(65'516 + i);
        ByteVector rtp = test::rtp_packet(ssrc, sequence, 20 + i * 7);
        CHECK(other.run(srtp_unprotect, protect(ours, &SrtpSender::protect_rtp, rtp)) == rtp);
        ByteVector rtcp = test::rtcp_packet(ssrc, i * 4);
        CHECK(other.run(srtp_unprotect_rtcp, protect(ours, &SrtpSender::protect_rtcp, rtcp)) == rtcp);
      }
    }
  }
}

TEST_CASE("we read what libsrtp protects, through a wrap of the sequence numbers") {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    const SrtpMasterKey key = test::master_key(profile);
    const LibSrtp other{profile, key, ssrc_any_outbound};
    SrtpReceiver ours = SrtpReceiver::create(profile, key).value();
    for (std::uint32_t i = 0; i < 40; ++i) {
      for (const std::uint32_t ssrc : kSsrcs) {
        const auto sequence = static_cast<std::uint16_t>(65'516 + i);
        ByteVector rtp = test::rtp_packet(ssrc, sequence, 20 + i * 7);
        CHECK(unprotect(ours, &SrtpReceiver::unprotect_rtp, other.run(srtp_protect, rtp)) == rtp);
        ByteVector rtcp = test::rtcp_packet(ssrc, i * 4);
        CHECK(unprotect(ours, &SrtpReceiver::unprotect_rtcp, other.run(srtp_protect_rtcp, rtcp)) == rtcp);
      }
    }
  }
}

TEST_CASE("both agree on how much of a long header is in the clear") {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    const SrtpMasterKey key = test::master_key(profile);
    const ByteVector rtp = packet_with_long_header(7, 1);
    SrtpSender sender = SrtpSender::create(profile, key).value();
    const ByteVector protected_rtp = protect(sender, &SrtpSender::protect_rtp, rtp);
    CHECK(std::equal(rtp.begin(), rtp.begin() + 28, protected_rtp.begin()));
    CHECK(LibSrtp{profile, key, ssrc_any_inbound}.run(srtp_unprotect, protected_rtp) == rtp);
    SrtpReceiver receiver = SrtpReceiver::create(profile, key).value();
    CHECK(unprotect(receiver, &SrtpReceiver::unprotect_rtp,
                    LibSrtp{profile, key, ssrc_any_outbound}.run(srtp_protect, rtp)) == rtp);
  }
}
