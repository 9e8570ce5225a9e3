#include <doctest/doctest.h>

#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

std::vector<std::string> formats(const SessionDescription& description, std::size_t section) {
  return description.sections.at(section).formats;
}

const Codec& codec(const MediaSection& section, std::uint8_t payload_type) {
  for (const Codec& candidate : section.codecs) {
    if (candidate.payload_type == PayloadType{payload_type}) return candidate;
  }
  throw std::out_of_range{"no such payload type"};
}

std::vector<int> extension_ids(const MediaSection& section) {
  std::vector<int> ids;
  for (const Extension& extension : section.extensions) ids.push_back(extension.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

TEST_CASE("Chrome's simulcast is received in Chrome's own numbering") {
  SessionFixture fixture;
  const std::string text = fixture.answer_all(offers::chrome_simulcast());
  const SessionDescription answer = fixture.read(text);
  REQUIRE(answer.sections.size() == 2);
  CHECK(formats(answer, 0) == std::vector<std::string>{"111"});
  // Baseline (42001f) is another profile than the router's constrained baseline.
  CHECK(formats(answer, 1) == std::vector<std::string>{"96", "97", "98", "99", "107", "108", "45", "46"});

  const MediaSection& video = answer.sections[1];
  CHECK(video.direction == Direction::recvonly);
  CHECK(extension_ids(video) == std::vector<int>{2, 3, 4, 5, 10, 11, 13, 14});
  CHECK(codec(video, 96).feedback ==
        std::vector<RtcpFeedback>{{"transport-cc", ""}, {"ccm", "fir"}, {"nack", ""}, {"nack", "pli"}});
  CHECK(codec(video, 97).feedback.empty());
  CHECK(has_line(text, "a=fmtp:97 apt=96"));
  CHECK(has_line(text, "a=rid:q recv"));
  CHECK(has_line(text, "a=rid:f recv"));
  CHECK(has_line(text, "a=simulcast:recv q;h;f"));
  CHECK(!has_line(text, "a=ssrc-group:FID"));
}

TEST_CASE("one transport is described: all candidates in the first section, no more to come") {
  SessionFixture fixture;
  const std::string text = fixture.answer_all(offers::chrome_simulcast());
  CHECK(has_line(text, "a=ice-lite"));
  CHECK(has_line(text, "a=group:BUNDLE 0 1"));
  CHECK(count(text, "a=candidate:1 1 udp 2130706431 198.51.100.1 40000 typ host\r\n") == 1);
  CHECK(count(text, "a=end-of-candidates\r\n") == 1);
  CHECK(count(text, "a=ice-ufrag:ours0\r\n") == 2);
  CHECK(count(text, "a=ice-pwd:ourPasswordOf22Letters0\r\n") == 2);
  CHECK(count(text, "a=fingerprint:sha-256 00:11:22:33\r\n") == 2);
  CHECK(count(text, "a=setup:passive\r\n") == 2);
  CHECK(count(text, "a=rtcp-mux\r\n") == 2);
  CHECK(count(text, "a=rtcp-rsize\r\n") == 2);
  CHECK(count(text, "a=extmap-allow-mixed\r\n") == 2);
}

TEST_CASE("a full ICE agent does not say that it is lite") {
  SessionFixture fixture;
  fixture.transport.ice.ice_lite = false;
  CHECK(!has_line(fixture.answer_all(offers::chrome_simulcast()), "a=ice-lite"));
}

TEST_CASE("the transport is connected with what the client says") {
  SessionFixture fixture;
  static_cast<void>(fixture.session.read_offer(offers::aiortc()));
  REQUIRE(fixture.transport.connected.has_value());
  const ConnectOptions& connected = *fixture.transport.connected;
  CHECK(connected.dtls_parameters.role == DtlsRole::auto_);
  CHECK(connected.dtls_parameters.fingerprints ==
        std::vector<DtlsFingerprint>{{"sha-256", std::string{offers::kFingerprint}}});
  CHECK(connected.ice_parameters->username_fragment == "aiuf");
  CHECK(connected.ice_parameters->password == "aiortcPasswordOf22Char");
  REQUIRE(connected.ice_candidates.size() == 1);
  CHECK(connected.ice_candidates[0].address == "192.0.2.7");
}

TEST_CASE("who opens DTLS") {
  SessionFixture fixture;
  SUBCASE("a client that is active gets the passive side") {
    const std::string text = fixture.answer_all(offers::with(offers::obs(), "setup:actpass", "setup:active"));
    CHECK(has_line(text, "a=setup:passive"));
    CHECK(fixture.transport.connected->dtls_parameters.role == DtlsRole::client);
  }
  SUBCASE("a client that is passive gets the active side") {
    const std::string text = fixture.answer_all(offers::with(offers::obs(), "setup:actpass", "setup:passive"));
    CHECK(has_line(text, "a=setup:active"));
    CHECK(fixture.transport.connected->dtls_parameters.role == DtlsRole::server);
  }
}

TEST_CASE("Chrome gets tracks in its own numbering") {
  SessionFixture fixture;
  const std::string text = fixture.answer_all(offers::chrome_recvonly());
  const SessionDescription answer = fixture.read(text);
  CHECK(answer.sections[0].direction == Direction::sendonly);
  CHECK(formats(answer, 0) == std::vector<std::string>{"111"});
  CHECK(formats(answer, 1) == std::vector<std::string>{"96", "97"});
  CHECK(has_line(text, "a=msid:somebody track-1"));
  CHECK(has_line(text, "a=ssrc-group:FID 900003 900004"));
  CHECK(has_line(text, "a=ssrc:900003 cname:somebody"));
  CHECK(has_line(text, "a=ssrc:900004 cname:somebody"));
  CHECK(extension_ids(answer.sections[1]) == std::vector<int>{2, 3, 4, 5, 13});
}

TEST_CASE("one section may go both ways") {
  SessionFixture fixture;
  const std::string text = fixture.answer_all(offers::aiortc());
  const SessionDescription answer = fixture.read(text);
  CHECK(answer.sections[1].direction == Direction::sendrecv);
  CHECK(formats(answer, 1) == std::vector<std::string>{"97", "98", "99", "100"});
  CHECK(count(text, "a=ssrc-group:FID") == 1);
}

TEST_CASE("what nobody takes is inactive, and stays open") {
  SessionFixture fixture;
  static_cast<void>(fixture.session.read_offer(offers::chrome_simulcast()));
  const std::string text = fixture.session.answer({}, {});
  const SessionDescription answer = fixture.read(text);
  CHECK(answer.sections[0].direction == Direction::inactive);
  CHECK(answer.sections[0].port == 9);
  CHECK(has_line(text, "a=group:BUNDLE 0 1"));
  CHECK(count(text, "a=rid:") == 0);
}

TEST_CASE("the answer goes no further than the client's own direction") {
  SessionFixture fixture;
  const SdpOffer offer = fixture.session.read_offer(offers::chrome_simulcast());
  CHECK(offer.receiving.empty());
  const SdpTrack track = fixture.consume({.mid = "0", .kind = MediaKind::audio, .rtp_capabilities = router()});
  const std::string text = fixture.session.answer(fixture.mids_of(offer), std::vector{track});
  CHECK(fixture.read(text).sections[0].direction == Direction::recvonly);
}

TEST_CASE("data channels and sections without a common codec are refused with port 0") {
  const std::string data =
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n" + offers::kTransport + "a=mid:d\na=sctp-port:5000\n";
  SUBCASE("the transport may be theirs in the offer; the answer's first section has ours") {
    SessionFixture fixture;
    const std::string text =
        fixture.answer_all(offers::kSession + offers::bundle("d 0") + data + offers::chrome_audio("0", "sendonly"));
    CHECK(has_line(text, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"));
    CHECK(has_line(text, "a=group:BUNDLE 0"));
    CHECK(fixture.transport.connected.has_value());
    CHECK(count(text, "a=candidate:") == 1);
  }
  SUBCASE("an offer of nothing else connects nothing") {
    SessionFixture fixture;
    const std::string text = fixture.answer_all(offers::kSession + offers::bundle("d") + data);
    CHECK(has_line(text, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"));
    CHECK(count(text, "a=group:BUNDLE") == 0);
    CHECK(!fixture.transport.connected.has_value());
  }
  SUBCASE("audio that nobody routes") {
    SessionFixture fixture;
    const std::string audio = offers::with(offers::chrome_audio("0", "sendonly"), "opus/48000/2", "speex/16000");
    const std::string text =
        fixture.answer_all(offers::kSession + offers::bundle("0 1") + audio + offers::chrome_video("1", "recvonly"));
    CHECK(has_line(text, "m=audio 0 UDP/TLS/RTP/SAVPF 111"));
    CHECK(has_line(text, "a=group:BUNDLE 1"));
  }
}

TEST_CASE("the o= line names one session whose version grows") {
  SessionFixture fixture;
  const std::string first = fixture.answer_all(offers::chrome_simulcast());
  const std::string second = fixture.answer_all(offers::chrome_simulcast());
  const auto id = [](const std::string& text) { return text.substr(9, text.find(' ', 9) - 9); };
  CHECK(id(first) == id(second));
  CHECK(has_line(first, "o=- " + id(first) + " 1 IN IP4 127.0.0.1"));
  CHECK(has_line(second, "o=- " + id(first) + " 2 IN IP4 127.0.0.1"));
}

}  // namespace sluice::sdp
