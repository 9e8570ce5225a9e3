// Redundant audio, DTX and in-band FEC in session descriptions.

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

RtpCapabilities router_with_red() {
  const auto codec = [](const char* mime_type) {
    return RtpCodecCapability{.kind = MediaKind::audio, .mime_type = mime_type};
  };
  return ortc::router_capabilities(
      {codec("audio/opus"), codec("audio/red"), {.kind = MediaKind::video, .mime_type = "video/VP8"}});
}

struct RedSession {
  RecordingTransport transport;
  RtpCapabilities capabilities = router_with_red();
  Negotiation session{transport, capabilities};
  std::deque<RtpParameters> consumed{};
  std::uint32_t next_ssrc = 900'000;
  std::function<Ssrc()> new_ssrc = [this] { return Ssrc{next_ssrc++}; };

  /// What a client receives that is sent what the offer's section sends.
  SdpTrack consume(const SdpSending& sent, const SdpReceiving& section) {
    const auto producer =
        ortc::negotiate_producer(MediaKind::audio, sent.rtp_parameters, capabilities, new_ssrc, "cname");
    consumed.push_back(
        ortc::negotiate_consumer(producer, section.rtp_capabilities, new_ssrc, {.mid = Mid::from(section.mid)})
            .parameters);
    return {.mid = section.mid, .rtp_parameters = consumed.back(), .stream_id = "somebody"};
  }
};

std::string microphone() { return offers::kSession + offers::bundle("0") + offers::chrome_audio("0"); }

}  // namespace

TEST_CASE("RED is answered with the client's own numbers, in the client's order") {
  RedSession red;
  const std::string preferred = offers::with(microphone(), "111 63 9", "63 111 9");
  const SdpOffer offer = red.session.read_offer(preferred);
  REQUIRE(offer.sending.size() == 1);
  const auto& codecs = offer.sending[0].rtp_parameters.codecs;
  REQUIRE(codecs.size() == 2);
  CHECK(codecs[0].mime_type == "audio/red");
  CHECK(codecs[0].parameters == FormatParameters{{"111/111", ""}});

  const std::string text = red.session.answer(std::vector<std::string>{"0"}, {});
  CHECK(SessionFixture::read(text).sections[0].formats == std::vector<std::string>{"63", "111"});
  CHECK(has_line(text, "a=rtpmap:63 red/48000/2"));
  CHECK(has_line(text, "a=fmtp:63 111/111"));
}

TEST_CASE("RED of another sender comes in the receiver's numbers") {
  RedSession sender;
  const SdpOffer sent = sender.session.read_offer(microphone());
  RedSession red;
  std::string listener =
      offers::with(offers::kSession + offers::bundle("0") + offers::chrome_audio("0", "recvonly"), "111 63", "109 45");
  listener = offers::with(offers::with(listener, ":111 ", ":109 "), ":63 111/111", ":45 109/109");
  listener = offers::with(listener, ":63 red", ":45 red");
  const SdpOffer offer = red.session.read_offer(listener);
  REQUIRE(offer.receiving.size() == 1);
  const std::string text = red.session.answer({}, std::vector{red.consume(sent.sending.at(0), offer.receiving[0])});
  CHECK(SessionFixture::read(text).sections[0].formats == std::vector<std::string>{"109", "45"});
  CHECK(has_line(text, "a=rtpmap:45 red/48000/2"));
  CHECK(has_line(text, "a=fmtp:45 109/109"));
}

TEST_CASE("RED of what the section does not list is passed over") {
  for (const char* parameter : {"110/110", "111/0", "128/128", "apt=111"}) {
    CAPTURE(parameter);
    RedSession red;
    static_cast<void>(red.session.read_offer(offers::with(microphone(), "111/111", parameter)));
    const std::string text = red.session.answer(std::vector<std::string>{"0"}, {});
    CHECK(SessionFixture::read(text).sections[0].formats == std::vector<std::string>{"111"});
  }
}

TEST_CASE("RED may not become RED of something else") {
  RedSession red;
  static_cast<void>(red.session.read_offer(microphone()));
  static_cast<void>(red.session.answer(std::vector<std::string>{"0"}, {}));
  std::string later = offers::with(microphone(), "a=fmtp:63 111/111\n", "a=fmtp:63 96/96\na=rtpmap:96 opus/48000/2\n");
  later = offers::with(later, "111 63 9", "111 63 96 9");
  const Error error = refusal([&] { static_cast<void>(red.session.read_offer(later)); });
  CHECK(error.code() == ErrorCode::invalid_payload);
  CHECK(line_of(error) == line_number(later, "a=rtpmap:63"));
}

TEST_CASE("a client that has shown no audio is offered RED of the number that opus has there") {
  RedSession red;
  static_cast<void>(
      red.session.read_offer(offers::kSession + offers::bundle("0") + offers::chrome_video("0", "sendonly")));
  static_cast<void>(red.session.answer(std::vector<std::string>{"0"}, {}));
  const auto codecs = red.session.next_section(MediaKind::audio).rtp_capabilities.codecs;
  REQUIRE(codecs.size() == 2);
  const std::string opus = std::to_string(codecs[0].preferred_payload_type->value());
  CHECK(opus != "96");  // the client's VP8
  CHECK(codecs[1].mime_type == "audio/red");
  CHECK(codecs[1].parameters == FormatParameters{{opus + "/" + opus, ""}});
}

TEST_CASE("DTX and in-band FEC are carried in both directions") {
  SessionFixture sender;
  const std::string quiet =
      offers::with(microphone(), "minptime=10;useinbandfec=1", "minptime=10;useinbandfec=1;usedtx=1");
  const SdpOffer sent = sender.session.read_offer(quiet);
  const auto& said = sent.sending.at(0).rtp_parameters.codecs.at(0).parameters;
  CHECK(said.at("usedtx") == json::value(1));
  CHECK(said.at("useinbandfec") == json::value(1));
  const std::string answer = sender.session.answer(std::vector<std::string>{"0"}, {});
  CHECK(has_line(answer, "a=fmtp:111 minptime=10;usedtx=1;useinbandfec=1"));

  RedSession receiver;
  const SdpOffer listening =
      receiver.session.read_offer(offers::kSession + offers::bundle("0") + offers::chrome_audio("0", "recvonly"));
  const std::string told =
      receiver.session.answer({}, std::vector{receiver.consume(sent.sending[0], listening.receiving.at(0))});
  CHECK(has_line(told, "a=fmtp:111 minptime=10;usedtx=1;useinbandfec=1"));
}

}  // namespace sluice::sdp
