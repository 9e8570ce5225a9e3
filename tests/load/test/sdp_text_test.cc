#include "tests/load/doors/sdp_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

namespace sluice::load {
namespace {

const std::string kHash =
    "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA";

// As a server writes its offer: all in the first section, a rejected one, and one of data.
const std::string kOffer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 101 102\r\nc=IN IP4 192.0.2.1\r\na=sendonly\r\na=mid:0\r\na=rtcp-mux\r\n"
    "a=ice-ufrag:uf\r\na=ice-pwd:password\r\na=fingerprint:SHA-256 " +
    kHash +
    "\r\na=setup:actpass\r\n"
    "a=rtpmap:101 VP8/90000\r\na=rtcp-fb:101 nack pli\r\na=rtpmap:102 rtx/90000\r\na=fmtp:102 apt=101\r\n"
    "a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:5 urn:other\r\n"
    "a=candidate:1 1 udp 2015363327 192.0.2.1 20000 typ host\r\na=candidate:2 1 tcp 1 192.0.2.1 9 typ host\r\n"
    "a=candidate:3 2 udp 1 192.0.2.1 20001 typ host\r\na=candidate:4 1 udp 1 name.local 20001 typ host\r\n"
    "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=rtpmap:111 opus/48000/2\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n";

LocalEnd local() { return {{"ufrag", "passwordpasswordpassword"}, Fingerprint::parse("sha-256", kHash).value()}; }

}  // namespace

TEST_CASE("a server's description is read") {
  const SdpDescription offer = require_sdp(kOffer);
  CHECK(offer.ice == IceCredentials{"uf", "password"});
  CHECK(offer.setup == "actpass");
  CHECK(offer.fingerprints.size() == 1);
  REQUIRE(offer.candidates.size() == 1);
  CHECK(offer.candidates[0].to_string() == "192.0.2.1:20000");
  REQUIRE(offer.media.size() == 3);
  CHECK(offer.media[0].codecs.at("vp8") == 101);
  CHECK(offer.media[0].retransmissions.at(101) == 102);
  CHECK(offer.media[0].extensions.at("urn:ietf:params:rtp-hdrext:sdes:mid") == 4);
  CHECK(offer.media[0].direction == "sendonly");
  CHECK(offer.media[1].rejected);
}

TEST_CASE("what is missing is missed") {
  CHECK(!read_sdp(""));
  CHECK(!read_sdp("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"));
  CHECK_THROWS_AS(static_cast<void>(require_sdp("nonsense")), std::runtime_error);
  std::string without = kOffer;
  for (std::size_t at; (at = without.find("a=candidate")) != std::string::npos;) {
    without.erase(at, without.find('\n', at) - at + 1);
  }
  CHECK_THROWS_AS(static_cast<void>(require_sdp(without)), std::runtime_error);
}

TEST_CASE("an answer takes what is known and rejects the rest in its place") {
  const std::string text =
      write_answer(local(), require_sdp(kOffer), {"urn:ietf:params:rtp-hdrext:sdes:mid", "urn:unknown"});
  const auto answer = read_sdp(text);
  REQUIRE(answer);
  CHECK(answer->setup == "active");
  REQUIRE(answer->media.size() == 3);
  CHECK(answer->media[0].direction == "recvonly");
  CHECK(answer->media[0].codecs.at("vp8") == 101);
  CHECK(answer->media[0].retransmissions.at(101) == 102);
  CHECK(answer->media[0].extensions.size() == 1);
  CHECK(answer->media[1].rejected);
  CHECK(answer->media[2].kind == "application");
  CHECK(answer->media[2].rejected);
  CHECK(text.find("a=group:BUNDLE 0\r\n") != std::string::npos);
}

TEST_CASE("an offer of a video names its streams, one of a simulcast its layers") {
  Identities identities{1};
  Source source{0, 0, MediaKind::video};
  const PublishedStream stream{&source, {100, 1100, 25}, {}};

  const OfferedMedia single = offer_media({MediaKind::video, {stream}}, 0, identities);
  CHECK(single.section.ssrcs.size() == 2);
  CHECK(single.streams.front().ssrc == single.section.ssrcs.front());
  CHECK(write_offer(local(), {single.section}).find("a=ssrc-group:FID ") != std::string::npos);

  const OfferedMedia layers = offer_media({MediaKind::video, {stream, stream, stream}}, 0, identities);
  CHECK(layers.section.ssrcs.empty());
  const std::string text = write_offer(local(), {layers.section});
  CHECK(text.find("a=simulcast:send r0;r1;r2\r\n") != std::string::npos);
  CHECK(text.find("a=rid:r2 send\r\n") != std::string::npos);
}

TEST_CASE("extensions that the answer does not have are not sent") {
  Identities identities{1};
  Source source{0, 0, MediaKind::video};
  OfferedMedia offered = offer_media({MediaKind::video, {{&source, {100, 1100, 25}, {}}}}, 0, identities);
  CHECK(offered.streams.front().mid_extension != 0);
  SdpDescription answer = require_sdp(kOffer);
  apply_answer(answer, offered.streams);
  CHECK(offered.streams.front().mid_extension == 4);
  answer.media[0].extensions.clear();
  apply_answer(answer, offered.streams);
  CHECK(offered.streams.front().mid_extension == 0);
}

TEST_CASE("credentials are as long as RFC 8445 wants them, and differ") {
  Identities identities{1};
  const IceCredentials first = identities.credentials();
  CHECK(is_valid_ufrag(first.ufrag));
  CHECK(is_valid_ice_password(first.pwd));
  CHECK(first != identities.credentials());
}

}  // namespace sluice::load
