#include <doctest/doctest.h>

#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

SdpOffer read(const std::string& text) {
  SessionFixture fixture;
  return fixture.session.read_offer(text);
}

std::vector<int> payload_types(const RtpParameters& parameters) {
  std::vector<int> out;
  for (const auto& codec : parameters.codecs) out.push_back(codec.payload_type.value());
  return out;
}

/// What is said for the router must be what it takes.
void check_produces(const SdpOffer& offer) {
  std::uint32_t ssrc = 1;
  for (const SdpSending& section : offer.sending) {
    CHECK_NOTHROW(static_cast<void>(ortc::negotiate_producer(
        section.kind, section.rtp_parameters, router(), [&] { return Ssrc{ssrc++}; }, "cname")));
  }
}

std::string video_only(const std::string& lines) {
  return offers::kSession + offers::bundle("1") + offers::chrome_video("1", "sendonly") + lines;
}

std::vector<RtpEncodingParameters> encodings_of(const std::string& lines) {
  return read(video_only(lines)).sending.at(0).rtp_parameters.encodings;
}

}  // namespace

TEST_CASE("Chrome sends a microphone by SSRC and a camera in three qualities by rid") {
  const SdpOffer offer = read(offers::chrome_simulcast());
  check_produces(offer);
  CHECK(offer.receiving.empty());
  CHECK(!offer.rolled_back);
  REQUIRE(offer.sending.size() == 2);

  const SdpSending& audio = offer.sending[0];
  CHECK(audio.mid == "0");
  CHECK(audio.kind == MediaKind::audio);
  CHECK(audio.stream_id == "stream-1");
  CHECK(audio.track_id == "microphone-1");
  CHECK(payload_types(audio.rtp_parameters) == std::vector<int>{111});
  CHECK(audio.rtp_parameters.codecs[0].mime_type == "audio/opus");
  CHECK(audio.rtp_parameters.codecs[0].parameters == FormatParameters{{"minptime", 10}, {"useinbandfec", 1}});
  CHECK(audio.rtp_parameters.encodings == std::vector<RtpEncodingParameters>{{.ssrc = Ssrc{1001}}});
  CHECK(audio.rtp_parameters.rtcp.cname == "chrome-cname");
  CHECK(audio.rtp_parameters.rtcp.reduced_size);
  CHECK(audio.rtp_parameters.msid == "stream-1 microphone-1");

  const SdpSending& video = offer.sending[1];
  CHECK(video.rtp_parameters.mid == "1");
  CHECK(payload_types(video.rtp_parameters) == std::vector<int>{96, 97, 98, 99, 107, 108, 45, 46});
  CHECK(video.rtp_parameters.encodings == std::vector<RtpEncodingParameters>{{.rid = "q"}, {.rid = "h"}, {.rid = "f"}});
}

TEST_CASE("Firefox: what stands above the sections, SSRC and RTX, no stream") {
  const SdpOffer offer = read(offers::firefox());
  check_produces(offer);
  REQUIRE(offer.sending.size() == 2);
  CHECK(offer.sending[0].rtp_parameters.header_extensions.size() == 2);  // not the one that is recvonly
  const SdpSending& video = offer.sending[1];
  CHECK(video.stream_id.empty());
  CHECK(video.track_id == "{66666666-7777-8888-9999-000000000000}");
  CHECK(payload_types(video.rtp_parameters) == std::vector<int>{120, 124, 121, 125, 126, 127});
  CHECK(video.rtp_parameters.encodings ==
        std::vector<RtpEncodingParameters>{{.ssrc = Ssrc{2002}, .rtx = RtpRtxParameters{Ssrc{2003}}}});
}

TEST_CASE("aiortc gives one id two meanings, in audio and in video") {
  const SdpOffer offer = read(offers::aiortc());
  check_produces(offer);
  REQUIRE(offer.sending.size() == 2);
  CHECK(offer.sending[0].rtp_parameters.header_extensions[1].uri == "urn:ietf:params:rtp-hdrext:ssrc-audio-level");
  CHECK(offer.sending[1].rtp_parameters.header_extensions[1].uri ==
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time");
  REQUIRE(offer.receiving.size() == 2);
  for (const SdpReceiving& receiving : offer.receiving) {  // it reads one table for both, and must not be sent that id
    REQUIRE(receiving.rtp_capabilities.header_extensions.size() == 1);
    CHECK(receiving.rtp_capabilities.header_extensions[0].uri == uri(HeaderExtension::mid));
  }
  CHECK(offer.receiving[1].rtp_capabilities.codecs.size() == 4);
  CHECK_NOTHROW(static_cast<void>(ortc::can_consume(
      ortc::negotiate_producer(
          MediaKind::video, offer.sending[1].rtp_parameters, router(), [] { return Ssrc{1}; }, "cname")
          .consumable,
      offer.receiving[1].rtp_capabilities)));
}

TEST_CASE("OBS sends H.264 and stereo") {
  const SdpOffer offer = read(offers::obs());
  check_produces(offer);
  REQUIRE(offer.sending.size() == 2);
  CHECK(offer.sending[1].rtp_parameters.codecs[0].mime_type == "video/H264");
  CHECK(offer.sending[1].rtp_parameters.encodings[0].ssrc == Ssrc{4002});
  SessionFixture fixture;
  const std::string answer = fixture.answer_all(offers::obs());
  // RFC 7587 section 7: sprop-stereo is the sender's word, stereo the receiver's.
  CHECK(has_line(answer, "a=fmtp:111 maxaveragebitrate=96000;minptime=10;stereo=1;useinbandfec=1"));
}

TEST_CASE("GStreamer: feedback of all codecs, a long MID, no header extensions") {
  const SdpOffer offer = read(offers::gstreamer());
  check_produces(offer);
  REQUIRE(offer.sending.size() == 1);
  CHECK(offer.sending[0].mid == "video0");
  CHECK(offer.sending[0].stream_id == "user3@host-1");
  CHECK(offer.sending[0].rtp_parameters.codecs[0].rtcp_feedback == std::vector<RtcpFeedback>{{"nack", "pli"}});
  CHECK(offer.sending[0].rtp_parameters.encodings == std::vector<RtpEncodingParameters>{{.ssrc = Ssrc{5001}}});
}

TEST_CASE("how a section tells its streams") {
  using Encodings = std::vector<RtpEncodingParameters>;
  const auto rtx = [](std::uint32_t ssrc) { return RtpRtxParameters{Ssrc{ssrc}}; };
  SUBCASE("simulcast by rid, with payload types and bounds") {
    CHECK(encodings_of("a=rid:a send pt=45,96;max-br=500000\na=rid:b send pt=46\na=simulcast:send a;~b\n") ==
          Encodings{{.rid = "a", .codec_payload_type = PayloadType{45}, .max_bitrate = 500'000}, {.rid = "b"}});
  }
  SUBCASE("of alternatives the first; what no rid explains is ignored") {
    CHECK(encodings_of("a=rid:a send\na=rid:b send\na=rid:c recv\na=simulcast:send a,b;c;d\n") ==
          Encodings{{.rid = "a"}});
  }
  SUBCASE("a group SIM with RTX") {
    CHECK(encodings_of("a=ssrc-group:SIM 1 2\na=ssrc-group:FID 1 11\na=ssrc-group:FID 2 12\na=ssrc:1 cname:x\n") ==
          Encodings{{.ssrc = Ssrc{1}, .rtx = rtx(11)}, {.ssrc = Ssrc{2}, .rtx = rtx(12)}});
  }
  SUBCASE("the media stream of FID, whichever SSRC comes first") {
    CHECK(encodings_of("a=ssrc:12 cname:x\na=ssrc:2 cname:x\na=ssrc-group:FID 2 12\n") ==
          Encodings{{.ssrc = Ssrc{2}, .rtx = rtx(12)}});
  }
  SUBCASE("nothing: the MID in its packets will tell") {
    CHECK(encodings_of("") == Encodings{{}});
    check_produces(read(video_only("")));
  }
  SUBCASE("one rid that is no simulcast") { CHECK(encodings_of("a=rid:only send\n") == Encodings{{.rid = "only"}}); }
}

TEST_CASE("audio has one stream, whatever it says of rids") {
  const std::string text = offers::kSession + offers::bundle("0") + offers::chrome_audio("0", "sendonly") +
                           "a=rid:a send\na=rid:b send\na=simulcast:send a;b\n";
  SessionFixture fixture;
  const SdpOffer offer = fixture.session.read_offer(text);
  CHECK(offer.sending.at(0).rtp_parameters.encodings.size() == 1);
  CHECK(count(fixture.session.answer(fixture.mids_of(offer), {}), "a=simulcast") == 0);
}

TEST_CASE("streams that could not be told apart are refused with the section's line") {
  for (const auto& [text, line] : std::vector<std::pair<std::string, std::size_t>>{
           {offers::with(video_only(""), "sdes:mid", "sdes:other"), 6},
           {offers::with(video_only(offers::kThreeRids), "sdes:rtp-stream-id", "sdes:other"), 6}}) {
    const Error error = refusal([&] { static_cast<void>(read(text)); });
    CHECK(error.code() == ErrorCode::unsupported);
    CHECK(line_of(error) == line);
  }
}

TEST_CASE("SSRCs that contradict each other are refused") {
  const Error error = refusal([&] { static_cast<void>(encodings_of("a=ssrc-group:SIM 1 1\n")); });
  CHECK(error.code() == ErrorCode::invalid_payload);
  CHECK(line_of(error) == 6);
  CHECK(error.details().at("path") == "sdp");
}

}  // namespace sluice::sdp
