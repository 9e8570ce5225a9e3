#include <doctest/doctest.h>

#include "core/media/ortc/codec.h"
#include "tests/unit/core/media/ortc/negotiation_fixture.h"

namespace sluice::ortc {

TEST_CASE("a Chromium camera is mapped into the router's numbering") {
  const auto producer = produce(MediaKind::video, fixtures::kChromiumVideo);
  const auto& mapping = producer.mapping;
  CHECK(producer.type == ProducerType::simple);

  SUBCASE("payload types: VP8 and its RTX, nothing else") {
    CHECK(int{mapping.codecs[96].payload_type} == 97);
    CHECK(mapping.codecs[96].video_codec == VideoCodec::vp8);
    CHECK(mapping.codecs[96].clock_rate == 90000);
    CHECK_FALSE(mapping.codecs[96].is_rtx());
    CHECK(int{mapping.codecs[97].payload_type} == 98);
    CHECK(int{mapping.codecs[97].repaired_payload_type} == 96);
    CHECK_FALSE(mapping.codecs[97].video_codec);
    for (std::size_t i = 0; i < kPayloadTypes; ++i) {
      if (i != 96 && i != 97) CHECK(mapping.codecs[i].payload_type == kNoPayloadType);
    }
  }
  SUBCASE("header extensions, by id and by meaning") {
    CHECK(int{mapping.extensions[9]} == 1);   // mid
    CHECK(int{mapping.extensions[10]} == 2);  // rid
    CHECK(int{mapping.extensions[4]} == 5);   // transport-cc
    CHECK(mapping.extensions[6] == kNoExtension);
    CHECK(mapping.extension_map.id_of(HeaderExtension::mid) == 9);
    CHECK(mapping.extension_map.id_of(HeaderExtension::transport_sequence_number) == 4);
    CHECK(mapping.extension_map.extension_of(1) == HeaderExtension::transmission_offset);
    CHECK_FALSE(mapping.extension_map.id_of(HeaderExtension::audio_level));
  }
  SUBCASE("the encoding keeps its SSRCs and gets the router's") {
    REQUIRE(mapping.encodings.size() == 1);
    CHECK(mapping.encodings[0].ssrc == Ssrc{1474518793});
    CHECK(mapping.encodings[0].rtx_ssrc == Ssrc{213135497});
    CHECK(mapping.encodings[0].mapped_ssrc == Ssrc{1000});
    CHECK_FALSE(mapping.encodings[0].rid);
    CHECK(mapping.mid == Mid::from("0"));
  }
  SUBCASE("transport-cc is used and goog-remb is not") {
    CHECK(mapping.feedback == FeedbackSet{.nack = true, .pli = true, .fir = true, .transport_cc = true});
  }
}

TEST_CASE("consumable parameters speak the router's numbering") {
  const auto consumable = produce(MediaKind::video, fixtures::kChromiumVideo).consumable;
  REQUIRE(consumable.codecs.size() == 2);
  CHECK(consumable.codecs[0].mime_type == "video/VP8");
  CHECK(consumable.codecs[0].payload_type == PayloadType{97});
  CHECK(consumable.codecs[1].payload_type == PayloadType{98});
  CHECK(associated_payload_type(consumable.codecs[1].parameters) == PayloadType{97});
  CHECK(extension_ids(consumable) == std::vector<int>{1, 4, 5, 8, 11, 13, 14});
  REQUIRE(consumable.encodings.size() == 1);
  CHECK(consumable.encodings[0].ssrc == Ssrc{1000});
  CHECK_FALSE(consumable.encodings[0].rtx);
  CHECK(consumable.rtcp.cname == "NDuJcg3RfprHYHDR");
  CHECK_FALSE(consumable.mid);
}

TEST_CASE("simulcast: three rids, temporal layers, and no dependency descriptor for consumers") {
  const auto producer = produce(MediaKind::video, fixtures::kChromiumSimulcast);
  CHECK(producer.type == ProducerType::simulcast);
  REQUIRE(producer.mapping.encodings.size() == 3);
  CHECK(producer.mapping.encodings[2].rid == Rid::from("r2"));
  CHECK_FALSE(producer.mapping.encodings[2].ssrc);
  CHECK(producer.mapping.encodings[2].mapped_ssrc == Ssrc{1002});
  CHECK(producer.mapping.encodings[2].layers.temporal_layers == 3);
  CHECK_FALSE(producer.consumable.encodings[0].rid);
  CHECK(producer.mapping.extension_map.id_of(HeaderExtension::dependency_descriptor) == 13);
  CHECK(extension_ids(producer.consumable) == std::vector<int>{1, 4, 5, 11, 13, 14});
}

TEST_CASE("an empty cname, as mediasoup-client sends it for simulcast, is replaced") {
  CHECK(produce(MediaKind::video, fixtures::kChromiumSimulcast).consumable.rtcp.cname == "fallback-cname");
}

TEST_CASE("one encoding in layers is svc") {
  auto parameters = fixtures::read<RtpParameters>(fixtures::kChromiumVideo);
  parameters.encodings[0].scalability_mode = "L1T1";
  CHECK(produce(MediaKind::video, parameters).type == ProducerType::simple);
  parameters.encodings[0].scalability_mode = "L1T3";
  CHECK(produce(MediaKind::video, parameters).type == ProducerType::svc);
  parameters.encodings[0].scalability_mode = "L3T3_KEY";
  const auto producer = produce(MediaKind::video, parameters);
  CHECK(producer.type == ProducerType::svc);
  CHECK(producer.mapping.encodings[0].layers.key_frames_only);
  CHECK(producer.consumable.encodings[0].scalability_mode == "L3T3_KEY");
}

TEST_CASE("Opus: no RTX, and the producer's parameters go on to the consumers") {
  const auto producer = produce(MediaKind::audio, fixtures::kChromiumAudio);
  CHECK(int{producer.mapping.codecs[111].payload_type} == 96);
  CHECK_FALSE(producer.mapping.codecs[111].video_codec);
  CHECK(producer.mapping.extension_map.id_of(HeaderExtension::audio_level) == 1);
  REQUIRE(producer.consumable.codecs.size() == 1);
  CHECK(producer.consumable.codecs[0].channels == 2);
  CHECK(producer.consumable.codecs[0].parameters == FormatParameters{{"minptime", 10}, {"useinbandfec", 1}});
  CHECK(producer.mapping.feedback == FeedbackSet{.nack = true, .transport_cc = true});
}

TEST_CASE("Firefox's and Safari's own numbers end up in the same places") {
  const auto firefox = produce(MediaKind::video, fixtures::kFirefoxVideo);
  CHECK(int{firefox.mapping.codecs[120].payload_type} == 97);
  CHECK(int{firefox.mapping.codecs[124].repaired_payload_type} == 120);
  CHECK(int{firefox.mapping.extensions[3]} == 1);
  CHECK(int{firefox.mapping.extensions[7]} == 5);

  const auto safari = produce(MediaKind::video, fixtures::kSafariVideo);
  const auto h264 = payload_type_of(default_router(), "video/H264", "profile-level-id", "42e01f");
  CHECK(int{safari.mapping.codecs[98].payload_type} == h264.value());
  CHECK(safari.mapping.codecs[98].video_codec == VideoCodec::h264);
}

TEST_CASE("H.264 is matched by profile and packetization mode, VP9 by profile-id, whatever the spelling") {
  auto parameters = fixtures::read<RtpParameters>(fixtures::kSafariVideo);
  auto& h264 = parameters.codecs[0].parameters;
  const auto mapped = [&] { return produce(MediaKind::video, parameters).mapping.codecs[98].payload_type; };
  const auto router_h264 = [](std::string_view id) {
    return payload_type_of(default_router(), "video/H264", "profile-level-id", json::value(id)).value();
  };
  h264["profile-level-id"] = "42C034";  // constrained baseline too, another level
  CHECK(mapped() == router_h264("42e01f"));
  h264["packetization-mode"] = "1";
  CHECK(mapped() == router_h264("42e01f"));
  h264["profile-level-id"] = "4d0028";
  CHECK(mapped() == router_h264("4d001f"));
  h264["packetization-mode"] = 0;
  CHECK_THROWS_AS(mapped(), Error);
  h264["packetization-mode"] = 1;
  h264["profile-level-id"] = "640c1f";
  CHECK_THROWS_AS(mapped(), Error);

  parameters.codecs[0].mime_type = "video/vp9";
  parameters.codecs[0].parameters = {};
  CHECK(mapped() == payload_type_of(default_router(), "video/VP9", "profile-id", 0).value());
  parameters.codecs[0].parameters = {{"profile-id", 2}};
  CHECK(mapped() == payload_type_of(default_router(), "video/VP9", "profile-id", 2).value());
  parameters.codecs[0].parameters = {{"profile-id", 1}};
  CHECK_THROWS_AS(mapped(), Error);

  parameters.codecs[0].mime_type = "video/AV1";
  parameters.codecs[0].parameters = {{"profile", 0}, {"level-idx", 5}, {"tier", 0}};
  CHECK(mapped() == payload_type_of(default_router(), "video/AV1").value());
  parameters.codecs[0].parameters["profile"] = 1;
  CHECK_THROWS_AS(mapped(), Error);
}

TEST_CASE("a codec the router has not is refused, naming both sides") {
  const auto vp8_only = router_capabilities({{.kind = MediaKind::video, .mime_type = "video/VP8"}});
  try {
    static_cast<void>(produce(MediaKind::video, fixtures::read<RtpParameters>(fixtures::kSafariVideo), vp8_only));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unsupported);
    CHECK(error.details().at("path") == "rtpParameters.codecs[0]");
    CHECK(error.details().at("offered") == json::array{"video/H264 (profile-level-id=42e01f, packetization-mode=1)"});
    CHECK(error.details().at("supported") == json::array{"video/VP8"});
  }
}

TEST_CASE("wrong parameters are refused before anything is negotiated") {
  auto parameters = fixtures::read<RtpParameters>(fixtures::kChromiumVideo);
  CHECK_THROWS_WITH_AS(produce(MediaKind::audio, parameters), "rtpParameters.codecs[0].mimeType must be of kind audio",
                       Error);
  parameters.codecs[1].parameters.erase("apt");
  CHECK_THROWS_WITH_AS(produce(MediaKind::video, parameters), "rtpParameters.codecs[1].parameters.apt is missing",
                       Error);
}

TEST_CASE("unknown header extensions are left out, and an RTX SSRC without RTX codec is ignored") {
  auto parameters = fixtures::read<RtpParameters>(fixtures::kChromiumVideo);
  parameters.codecs.pop_back();
  parameters.header_extensions[0].uri = "http://www.webrtc.org/experiments/rtp-hdrext/video-timing";
  const auto producer = produce(MediaKind::video, parameters);
  CHECK(producer.mapping.extensions[9] == kNoExtension);
  CHECK_FALSE(producer.mapping.encodings[0].rtx_ssrc);
  CHECK(producer.consumable.codecs.size() == 2);  // consumers may have RTX all the same
}

}  // namespace sluice::ortc
