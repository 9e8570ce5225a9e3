// Redundant audio, RFC 2198, between who sends and who receives it.

#include "core/media/ortc/redundancy.h"

#include <doctest/doctest.h>

#include "core/media/ortc/limits.h"
#include "tests/unit/core/media/ortc/negotiation_fixture.h"

namespace sluice::ortc {
namespace {

constexpr PayloadType kRouterOpus{100};
constexpr PayloadType kRouterRed{101};

RtpCodecCapability configured(std::string mime_type, std::optional<PayloadType> payload_type = {}) {
  return {.kind = MediaKind::audio, .mime_type = std::move(mime_type), .preferred_payload_type = payload_type};
}

const RtpCapabilities& router() {
  static const RtpCapabilities capabilities =
      router_capabilities({configured("audio/opus", kRouterOpus), configured("audio/red", kRouterRed)});
  return capabilities;
}

RtpCodecParameters codec(std::string mime_type, PayloadType payload_type, FormatParameters parameters) {
  return {.mime_type = std::move(mime_type),
          .payload_type = payload_type,
          .clock_rate = 48'000,
          .channels = 2,
          .parameters = std::move(parameters)};
}

/// Chromium that prefers RED: 63 of 111.
RtpParameters red_sender() {
  return {.codecs = {codec("audio/red", PayloadType{63}, {{"111/111", ""}}),
                     codec("audio/opus", PayloadType{111}, {{"useinbandfec", 1}, {"usedtx", 1}})},
          .encodings = {{.ssrc = Ssrc{5}}}};
}

RtpCapabilities receiver(std::vector<RtpCodecParameters> codecs) {
  RtpCapabilities out;
  for (RtpCodecParameters& codec : codecs) {
    out.codecs.push_back({.kind = MediaKind::audio,
                          .mime_type = codec.mime_type,
                          .preferred_payload_type = codec.payload_type,
                          .clock_rate = codec.clock_rate,
                          .channels = codec.channels,
                          .parameters = codec.parameters});
  }
  return out;
}

NegotiatedConsumer consume_red(std::vector<RtpCodecParameters> codecs) {
  CountingSsrcs ssrcs;
  return negotiate_consumer(produce(MediaKind::audio, red_sender(), router()), receiver(std::move(codecs)),
                            ssrcs.generator());
}

std::string error_of(const std::vector<RtpCodecCapability>& codecs) {
  try {
    static_cast<void>(router_capabilities(codecs));
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the parameter of RED names one payload type for all blocks, or none that is of use") {
  const auto block = [](const char* key) { return block_payload_type({{key, ""}}); };
  CHECK(block("111/111") == PayloadType{111});
  CHECK(block("0/0/0") == PayloadType{0});
  CHECK(red_parameters(PayloadType{96}) == FormatParameters{{"96/96", ""}});
  for (const char* key :
       {"", "111", "/", "111/", "/111", "111/110", "111/111/5", "128/128", "111/111/", "x/x", "1 /1"}) {
    CAPTURE(key);
    CHECK(!block(key));
  }
}

TEST_CASE("a router has RED where it is configured, of its own opus") {
  REQUIRE(router().codecs.size() == 2);
  CHECK(router().codecs[1].mime_type == "audio/red");
  CHECK(router().codecs[1].preferred_payload_type == kRouterRed);
  CHECK(router().codecs[1].parameters == FormatParameters{{"100/100", ""}});
  CHECK(payload_type_of(default_router(), "audio/red") == PayloadType{0});
  CHECK(error_of({configured("audio/red"), configured("audio/opus")}).find("behind audio/opus") != std::string::npos);
  CHECK(error_of({configured("audio/red")}) != "accepted");
}

TEST_CASE("RED of a producer is of its own numbers, and told in the router's") {
  const NegotiatedProducer producer = produce(MediaKind::audio, red_sender(), router());
  const ProducerMapping::Codec& red = producer.mapping.codecs[63];
  CHECK(red.payload_type == kRouterRed.value());
  CHECK(red.block_payload_type == 111);
  CHECK(red.clock_rate == 48'000);
  CHECK(!producer.mapping.codecs[111].is_red());
  REQUIRE(producer.consumable.codecs.size() == 2);
  CHECK(producer.consumable.codecs[1].payload_type == kRouterRed);
  CHECK(producer.consumable.codecs[1].parameters == FormatParameters{{"100/100", ""}});
}

TEST_CASE("RED that names no opus of the list is not taken") {
  RtpParameters parameters = red_sender();
  SUBCASE("beside others it is left out") {
    parameters.codecs[0].parameters = {{"96/96", ""}};
    const NegotiatedProducer producer = produce(MediaKind::audio, parameters, router());
    CHECK(producer.mapping.codecs[63].payload_type == kNoPayloadType);
    CHECK(producer.consumable.codecs.size() == 1);
  }
  SUBCASE("alone it is refused") {
    parameters.codecs.pop_back();
    CHECK_THROWS_AS(static_cast<void>(produce(MediaKind::audio, parameters, router())), Error);
  }
}

TEST_CASE("a consumer that has RED of its opus gets it") {
  const NegotiatedConsumer consumer =
      consume_red({codec("audio/opus", PayloadType{109}, {}), codec("audio/red", PayloadType{45}, {{"109/109", ""}})});
  REQUIRE(consumer.parameters.codecs.size() == 2);
  CHECK(consumer.parameters.codecs[1].mime_type == "audio/red");
  CHECK(consumer.parameters.codecs[1].payload_type == PayloadType{45});
  CHECK(consumer.parameters.codecs[1].parameters == FormatParameters{{"109/109", ""}});
  CHECK(consumer.mapping.codecs[kRouterRed.value()].payload_type == 45);
  CHECK(consumer.mapping.red.router_payload_type == kRouterRed.value());
  CHECK(consumer.mapping.red.block_payload_type == 109);
}

TEST_CASE("a consumer without RED, or with one of another payload type, gets opus alone") {
  for (const bool listed : {false, true}) {
    CAPTURE(listed);
    std::vector<RtpCodecParameters> codecs{codec("audio/opus", PayloadType{109}, {})};
    // mediasoup-client: the router's number for opus, and the browser's own in RED.
    if (listed) codecs.push_back(codec("audio/red", kRouterRed, {{"111/111", ""}}));
    const NegotiatedConsumer consumer = consume_red(std::move(codecs));
    CHECK(consumer.parameters.codecs.size() == 1);
    CHECK(consumer.mapping.codecs[kRouterRed.value()].payload_type == 109);
    CHECK(consumer.mapping.red.router_payload_type == kRouterRed.value());
    CHECK(consumer.mapping.red.is_stripped());
  }
  CHECK_THROWS_AS(static_cast<void>(consume_red({codec("audio/red", PayloadType{45}, {{"109/109", ""}})})), Error);
}

TEST_CASE("who may get any producer gets RED in the same way") {
  CountingSsrcs ssrcs;
  const auto remote = receiver({codec("audio/opus", PayloadType{109}, {})});
  const auto slot = negotiate_slot(MediaKind::audio, router(), remote, "viewer", ssrcs.generator());
  CHECK(slot.mapping.codecs[kRouterRed.value()].payload_type == 109);
  CHECK(slot.mapping.red.is_stripped());
  CHECK(fits_slot(produce(MediaKind::audio, red_sender(), router()).consumable, slot.mapping));
}

TEST_CASE("what a sender says of in-band FEC and DTX reaches the receiver") {
  const NegotiatedConsumer consumer = consume_red({codec("audio/opus", PayloadType{109}, {{"useinbandfec", 1}})});
  CHECK(consumer.parameters.codecs[0].parameters == FormatParameters{{"useinbandfec", 1}, {"usedtx", 1}});
}

}  // namespace sluice::ortc
