#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/unit/core/media/ortc/negotiation_fixture.h"

/// The JSON as mediasoup-client 3.24 reads it: which fields it refuses to be without, and of which type.
namespace sluice::ortc {
namespace {

const json::array& array_at(const json::value& value, std::string_view key) {
  return value.as_object().at({key.data(), key.size()}).as_array();
}

/// It takes strings and numbers, and of `apt` numbers alone.
void check_parameters(const json::value& parameters) {
  for (const auto& [key, value] : parameters.as_object()) {
    CAPTURE(std::string{key});
    CHECK((value.is_string() || value.is_number()));
    if (key == "apt") CHECK(value.is_number());
  }
}

void check_codec(const json::value& codec, std::string_view payload_type) {
  const auto& object = codec.as_object();
  const std::string mime_type{object.at("mimeType").as_string()};
  CHECK((mime_type.starts_with("audio/") || mime_type.starts_with("video/")));
  CHECK(object.at({payload_type.data(), payload_type.size()}).is_number());
  CHECK(object.at("clockRate").is_number());
  if (mime_type.starts_with("audio/")) CHECK(object.at("channels").is_number());
  check_parameters(object.at("parameters"));
  for (const auto& feedback : array_at(codec, "rtcpFeedback")) {
    CHECK_FALSE(feedback.at("type").as_string().empty());
    CHECK(feedback.at("parameter").is_string());
  }
}

void check_rtp_parameters(const json::value& parameters) {
  for (const auto& codec : array_at(parameters, "codecs")) check_codec(codec, "payloadType");
  for (const auto& extension : array_at(parameters, "headerExtensions")) {
    CHECK_FALSE(extension.at("uri").as_string().empty());
    CHECK(extension.at("id").is_number());
    CHECK(extension.at("encrypt").is_bool());
    check_parameters(extension.at("parameters"));
  }
  for (const auto& encoding : array_at(parameters, "encodings")) {
    CHECK(encoding.at("ssrc").is_number());
    if (const auto* rtx = encoding.as_object().if_contains("rtx")) CHECK(rtx->at("ssrc").is_number());
  }
  CHECK(parameters.at("rtcp").at("cname").is_string());
  CHECK(parameters.at("rtcp").at("reducedSize").as_bool());
}

template <class T>
void check_round_trip(std::string_view text) {
  const json::value document = json::parse({text.data(), text.size()});
  const T value = from_json<T>(document);
  const json::value written = json::parse(json::serialize(to_json(value)));
  CHECK(from_json<T>(written) == value);
  CHECK(written.as_object().size() == document.as_object().size());
}

}  // namespace

TEST_CASE("router capabilities have every field that mediasoup-client asks for") {
  const json::value capabilities = to_json(default_router());
  for (const auto& codec : array_at(capabilities, "codecs")) {
    check_codec(codec, "preferredPayloadType");
    CHECK((codec.at("kind") == "audio" || codec.at("kind") == "video"));
  }
  for (const auto& extension : array_at(capabilities, "headerExtensions")) {
    CHECK((extension.at("kind") == "audio" || extension.at("kind") == "video"));
    CHECK_FALSE(extension.at("uri").as_string().empty());
    CHECK(extension.at("preferredId").is_number());
    CHECK(extension.at("preferredEncrypt").is_bool());
    CHECK(extension.at("direction").is_string());
  }
}

TEST_CASE("its codec matching compares without conversion, so numbers must be numbers") {
  const json::value capabilities = to_json(default_router());
  for (const auto& codec : array_at(capabilities, "codecs")) {
    const auto& parameters = codec.at("parameters").as_object();
    for (const std::string_view key : {"packetization-mode", "level-asymmetry-allowed", "profile-id", "apt"}) {
      const auto* value = parameters.if_contains({key.data(), key.size()});
      if (value != nullptr) CHECK(value->is_number());
    }
    if (const auto* id = parameters.if_contains("profile-level-id")) CHECK(id->is_string());
  }
}

TEST_CASE("consumer parameters have every field that mediasoup-client asks for") {
  const auto audio = produce(MediaKind::audio, fixtures::kChromiumAudio);
  const auto video = produce(MediaKind::video, fixtures::kChromiumSimulcast);
  for (const auto* producer : {&audio, &video}) {
    const auto consumer = consume(*producer, fixtures::kChromiumCapabilities, {.mid = Mid::from("0")});
    const json::value written = to_json(consumer.parameters);
    check_rtp_parameters(written);
    CHECK(written.at("mid") == "0");
  }
}

TEST_CASE("the first codec of a consumer is one that the device said it can receive") {
  const auto capabilities = fixtures::read<RtpCapabilities>(fixtures::kChromiumCapabilities);
  const auto consumer = consume(produce(MediaKind::video, fixtures::kFirefoxVideo), fixtures::kChromiumCapabilities);
  const bool listed =
      std::any_of(capabilities.codecs.begin(), capabilities.codecs.end(), [&](const RtpCodecCapability& codec) {
        return codec.preferred_payload_type == consumer.parameters.codecs.front().payload_type;
      });
  CHECK(listed);
}

TEST_CASE("absent members are left out, for null is not undefined") {
  const auto consumer = consume(produce(MediaKind::video, fixtures::kFirefoxVideo), fixtures::kChromiumCapabilities);
  const json::value written = to_json(consumer.parameters);
  CHECK_FALSE(written.as_object().contains("mid"));
  CHECK_FALSE(written.as_object().contains("msid"));
  CHECK(json::serialize(written).find("null") == std::string::npos);
}

TEST_CASE("what browsers say survives the way through our types and back") {
  check_round_trip<RtpParameters>(fixtures::kChromiumAudio);
  check_round_trip<RtpParameters>(fixtures::kChromiumVideo);
  check_round_trip<RtpParameters>(fixtures::kChromiumSimulcast);
  check_round_trip<RtpParameters>(fixtures::kFirefoxVideo);
  check_round_trip<RtpParameters>(fixtures::kSafariVideo);
  check_round_trip<RtpCapabilities>(fixtures::kChromiumCapabilities);
  check_round_trip<RtpCapabilities>(fixtures::kFirefoxCapabilities);
}

TEST_CASE("transport parameters are written as mediasoup-client reads them") {
  const IceCandidate candidate{.foundation = "tcpcandidate",
                               .priority = 1076302079,
                               .ip = "192.0.2.1",
                               .address = "192.0.2.1",
                               .protocol = IceProtocol::tcp,
                               .port = 40000,
                               .tcp_type = IceTcpType::passive};
  CHECK(to_json(candidate) == json::parse(R"({"foundation":"tcpcandidate","priority":1076302079,"ip":"192.0.2.1",
    "address":"192.0.2.1","protocol":"tcp","port":40000,"type":"host","tcpType":"passive"})"));
  CHECK(to_json(IceParameters{.username_fragment = "u", .password = "p", .ice_lite = true}) ==
        json::parse(R"({"usernameFragment":"u","password":"p","iceLite":true})"));
  CHECK(to_json(DtlsParameters{.role = DtlsRole::auto_, .fingerprints = {{"sha-256", "AB"}}}) ==
        json::parse(R"({"role":"auto","fingerprints":[{"algorithm":"sha-256","value":"AB"}]})"));
  CHECK(to_json(IceServer{.urls = {"stun:stun.example.org"}}) == json::parse(R"({"urls":["stun:stun.example.org"]})"));
  CHECK(to_json(ConsumerType::simulcast) == "simulcast");
}

}  // namespace sluice::ortc
