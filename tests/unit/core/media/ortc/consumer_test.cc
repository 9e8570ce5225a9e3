#include <doctest/doctest.h>

#include "core/media/ortc/codec.h"
#include "tests/unit/core/media/ortc/negotiation_fixture.h"

namespace sluice::ortc {
namespace {

NegotiatedProducer camera() { return produce(MediaKind::video, fixtures::kChromiumVideo); }
NegotiatedProducer simulcast() { return produce(MediaKind::video, fixtures::kChromiumSimulcast); }

RtpCapabilities without_extension(HeaderExtension extension) {
  auto capabilities = fixtures::read<RtpCapabilities>(fixtures::kChromiumCapabilities);
  std::erase_if(capabilities.header_extensions, [&](const auto& entry) { return entry.uri == uri(extension); });
  return capabilities;
}

NegotiatedConsumer consume(const NegotiatedProducer& producer, const RtpCapabilities& capabilities) {
  CountingSsrcs ssrcs;
  return negotiate_consumer(producer, capabilities, ssrcs.generator());
}

}  // namespace

TEST_CASE("Chromium consumes a camera in the router's numbering") {
  const auto consumer = consume(camera(), fixtures::kChromiumCapabilities, {.mid = Mid::from("3")});
  const auto& parameters = consumer.parameters;
  CHECK(consumer.type == ConsumerType::simple);
  CHECK(parameters.mid == "3");
  REQUIRE(parameters.codecs.size() == 2);
  CHECK(parameters.codecs[0].payload_type == PayloadType{97});
  CHECK(parameters.codecs[1].mime_type == "video/rtx");
  CHECK(parameters.codecs[1].payload_type == PayloadType{98});
  CHECK(associated_payload_type(parameters.codecs[1].parameters) == PayloadType{97});
  CHECK(extension_ids(parameters) == std::vector<int>{1, 4, 5, 11, 14});
  REQUIRE(parameters.encodings.size() == 1);
  CHECK(parameters.encodings[0].ssrc == Ssrc{1000});
  CHECK(parameters.encodings[0].rtx == RtpRtxParameters{Ssrc{1001}});
  CHECK(parameters.rtcp.cname == "NDuJcg3RfprHYHDR");
  CHECK(parameters.rtcp.reduced_size);
  CHECK(parameters.msid == fixtures::read<RtpParameters>(fixtures::kChromiumVideo).msid);
}

TEST_CASE("the consumer's mapping says per packet what the parameters say") {
  const auto mapping = consume(camera(), fixtures::kChromiumCapabilities, {.mid = Mid::from("3")}).mapping;
  CHECK(int{mapping.codecs[97].payload_type} == 97);
  CHECK(int{mapping.codecs[97].rtx_payload_type} == 98);
  CHECK(mapping.codecs[98].payload_type == kNoPayloadType);
  CHECK(int{mapping.extensions[5]} == 5);
  CHECK(mapping.extensions[2] == kNoExtension);
  CHECK(mapping.extension_map.id_of(HeaderExtension::mid) == 1);
  REQUIRE(mapping.streams.size() == 1);
  CHECK(mapping.streams[0].source == Ssrc{1000});
  CHECK(mapping.streams[0].ssrc == Ssrc{1000});
  CHECK(mapping.streams[0].rtx_ssrc == Ssrc{1001});
  CHECK(mapping.mid == Mid::from("3"));
  CHECK(mapping.feedback == FeedbackSet{.nack = true, .pli = true, .fir = true, .transport_cc = true});
}

TEST_CASE("audio gets its extensions though Chromium lists the shared ones under video") {
  const auto producer = produce(MediaKind::audio, fixtures::kChromiumAudio);
  const auto consumer = consume(producer, fixtures::kChromiumCapabilities);
  CHECK(extension_ids(consumer.parameters) == std::vector<int>{1, 4, 5, 10});
  CHECK(consumer.parameters.codecs[0].channels == 2);
  CHECK_FALSE(consumer.parameters.encodings[0].rtx);
  CHECK_FALSE(consumer.parameters.mid);
}

TEST_CASE("a receiver that numbers by itself gets its own numbers") {
  const auto consumer = consume(camera(), fixtures::kFirefoxCapabilities);
  CHECK(consumer.parameters.codecs[0].payload_type == PayloadType{120});
  CHECK(consumer.parameters.codecs[1].payload_type == PayloadType{124});
  CHECK(associated_payload_type(consumer.parameters.codecs[1].parameters) == PayloadType{120});
  CHECK(extension_ids(consumer.parameters) == std::vector<int>{3, 4, 6, 7});
  CHECK(int{consumer.mapping.codecs[97].payload_type} == 120);
  CHECK(int{consumer.mapping.codecs[97].rtx_payload_type} == 124);
  CHECK(int{consumer.mapping.extensions[1]} == 3);
  CHECK(int{consumer.mapping.extensions[14]} == 6);
  CHECK(consumer.mapping.extension_map.id_of(HeaderExtension::transport_sequence_number) == 7);
}

TEST_CASE("bandwidth feedback is transport-cc, else goog-remb, else none, as the extensions allow") {
  const RtcpFeedback remb{"goog-remb", ""};
  const RtcpFeedback transport_cc{"transport-cc", ""};
  SUBCASE("transport-cc") {
    const auto feedback = consume(camera(), fixtures::kChromiumCapabilities).parameters.codecs[0].rtcp_feedback;
    CHECK(has_feedback(feedback, transport_cc));
    CHECK_FALSE(has_feedback(feedback, remb));
  }
  SUBCASE("goog-remb") {
    const auto consumer = consume(camera(), without_extension(HeaderExtension::transport_sequence_number));
    CHECK_FALSE(has_feedback(consumer.parameters.codecs[0].rtcp_feedback, transport_cc));
    CHECK(has_feedback(consumer.parameters.codecs[0].rtcp_feedback, remb));
    CHECK(consumer.mapping.feedback.remb);
  }
  SUBCASE("none") {
    auto capabilities = without_extension(HeaderExtension::transport_sequence_number);
    std::erase_if(capabilities.header_extensions,
                  [](const auto& entry) { return entry.uri == uri(HeaderExtension::abs_send_time); });
    const auto feedback = consume(camera(), capabilities).parameters.codecs[0].rtcp_feedback;
    CHECK_FALSE(has_feedback(feedback, transport_cc));
    CHECK_FALSE(has_feedback(feedback, remb));
    CHECK(has_feedback(feedback, {"nack", "pli"}));
  }
}

TEST_CASE("feedback that the receiver does not know is not used, nor what the router does not know") {
  auto capabilities = fixtures::read<RtpCapabilities>(fixtures::kChromiumCapabilities);
  capabilities.codecs[1].rtcp_feedback = {{"nack", "pli"}, {"rrtr", ""}};
  CHECK(consume(camera(), capabilities).parameters.codecs[0].rtcp_feedback ==
        std::vector<RtcpFeedback>{{"nack", "pli"}});
}

TEST_CASE("without RTX at the receiver, or where it is not wanted, there is no RTX stream") {
  auto capabilities = fixtures::read<RtpCapabilities>(fixtures::kChromiumCapabilities);
  std::erase_if(capabilities.codecs, [](const auto& codec) { return is_rtx(codec.mime_type); });
  for (const auto& consumer :
       {consume(camera(), capabilities), consume(camera(), fixtures::kChromiumCapabilities, {.rtx = false})}) {
    CHECK(consumer.parameters.codecs.size() == 1);
    CHECK_FALSE(consumer.parameters.encodings[0].rtx);
    CHECK_FALSE(consumer.mapping.streams[0].rtx_ssrc);
    CHECK(consumer.mapping.codecs[97].rtx_payload_type == kNoPayloadType);
  }
}

TEST_CASE("a simulcast becomes one stream whose layers are the encodings") {
  const auto consumer = consume(simulcast(), fixtures::kChromiumCapabilities);
  CHECK(consumer.type == ConsumerType::simulcast);
  REQUIRE(consumer.parameters.encodings.size() == 1);
  CHECK(consumer.parameters.encodings[0].scalability_mode == "L3T3");
  CHECK(consumer.parameters.encodings[0].max_bitrate == 900000);
  CHECK_FALSE(consumer.parameters.encodings[0].rid);
}

TEST_CASE("a pipe passes every encoding on, each with an SSRC and an RTX SSRC of its own") {
  const auto consumer = consume(simulcast(), fixtures::kChromiumCapabilities, {.pipe = true});
  CHECK(consumer.type == ConsumerType::pipe);
  REQUIRE(consumer.parameters.encodings.size() == 3);
  REQUIRE(consumer.mapping.streams.size() == 3);
  CHECK(consumer.parameters.encodings[2].scalability_mode == "L1T3");
  CHECK(consumer.mapping.streams[2].source == Ssrc{1002});
  CHECK(consumer.mapping.streams[2].ssrc == Ssrc{1004});
  CHECK(consumer.mapping.streams[2].rtx_ssrc == Ssrc{1005});
}

TEST_CASE("an H.264-only receiver takes H.264 of its profile") {
  const auto producer = produce(MediaKind::video, fixtures::kSafariVideo);
  const auto consumer = consume(producer, fixtures::kSafariCapabilities);
  CHECK(consumer.parameters.codecs[0].payload_type == PayloadType{98});
  CHECK(text_parameter(consumer.parameters.codecs[0].parameters, "profile-level-id") == "42e01f");
}

TEST_CASE("a receiver without level asymmetry is told no higher level than its own") {
  auto sender = fixtures::read<RtpParameters>(fixtures::kSafariVideo);
  sender.codecs[0].parameters["profile-level-id"] = "42e034";
  auto receiver = fixtures::read<RtpCapabilities>(fixtures::kSafariCapabilities);
  const auto level = [&] {
    const auto consumer = consume(produce(MediaKind::video, sender), receiver);
    return text_parameter(consumer.parameters.codecs[0].parameters, "profile-level-id");
  };
  CHECK(level() == "42e034");
  receiver.codecs[3].parameters["level-asymmetry-allowed"] = 0;
  CHECK(level() == "42e01f");
}

TEST_CASE("no common codec: can_consume says no, and consuming says what was offered and what is supported") {
  CHECK(can_consume(camera().consumable, fixtures::read<RtpCapabilities>(fixtures::kChromiumCapabilities)));
  CHECK_FALSE(can_consume(camera().consumable, fixtures::read<RtpCapabilities>(fixtures::kSafariCapabilities)));
  CHECK_FALSE(can_consume(camera().consumable, RtpCapabilities{}));
  try {
    static_cast<void>(consume(camera(), fixtures::kSafariCapabilities));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unsupported);
    CHECK(error.details().at("path") == "rtpCapabilities.codecs");
    CHECK(error.details().at("offered") == json::array{"video/VP8"});
    CHECK(error.details().at("supported") == json::array{"audio/opus",
                                                         "video/H264 (profile-level-id=640c1f, packetization-mode=1)",
                                                         "video/H264 (profile-level-id=42e01f, packetization-mode=1)"});
  }
}

TEST_CASE("RTX alone is no codec in common") {
  auto capabilities = fixtures::read<RtpCapabilities>(fixtures::kSafariCapabilities);
  CHECK_FALSE(can_consume(camera().consumable, capabilities));
  CHECK_THROWS_AS(consume(camera(), capabilities), Error);
}

TEST_CASE("wrong capabilities are refused with their path") {
  auto capabilities = fixtures::read<RtpCapabilities>(fixtures::kChromiumCapabilities);
  capabilities.codecs[1].preferred_payload_type = PayloadType{200};
  CHECK_THROWS_AS(static_cast<void>(can_consume(camera().consumable, capabilities)), Error);
  CHECK_THROWS_WITH_AS(consume(camera(), capabilities),
                       "rtpCapabilities.codecs[1].preferredPayloadType must be 0 to 127", Error);
}

}  // namespace sluice::ortc
