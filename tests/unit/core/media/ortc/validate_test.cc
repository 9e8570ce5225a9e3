#include "core/media/ortc/validate.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <functional>

#include "core/media/ortc/limits.h"
#include "core/media/rtp/header_extensions.h"
#include "tests/unit/core/media/ortc/fixtures.h"

namespace sluice::ortc {
namespace {

/// A change to a good document, and the path of the complaint that it must bring.
struct Wrong {
  std::string_view pointer;  ///< JSON pointer (RFC 6901) of what is changed
  std::string_view value;    ///< JSON; empty: taken away
  std::string_view path;
};

void apply(json::value& document, const Wrong& wrong) {
  const std::size_t slash = wrong.pointer.rfind('/');
  const std::string_view parent = wrong.pointer.substr(0, slash);
  const std::string_view key = wrong.pointer.substr(slash + 1);
  json::value& container = document.at_pointer({parent.data(), parent.size()});
  if (container.is_array()) {
    container.as_array()[std::stoul(std::string{key})] = json::parse({wrong.value.data(), wrong.value.size()});
  } else if (wrong.value.empty()) {
    container.as_object().erase({key.data(), key.size()});
  } else {
    container.as_object()[{key.data(), key.size()}] = json::parse({wrong.value.data(), wrong.value.size()});
  }
}

/// What a request holds: the reader's complaints come with the whole path, as those of the validator do.
template <class T>
std::string complaint(std::string_view document, const Wrong& wrong, const std::function<void(const T&)>& check) {
  json::value value = json::parse({document.data(), document.size()});
  apply(value, wrong);
  try {
    check(from_json<T>(value));
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_payload);
    return std::string{error.details().at("path").as_string()};
  }
  return "accepted";
}

std::string repeated(std::string_view element, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : ",").append(element);
  return out + "]";
}

std::string quoted(std::size_t bytes) { return "\"" + std::string(bytes, 'a') + "\""; }

}  // namespace

TEST_CASE("what browsers send is accepted") {
  using fixtures::read;
  CHECK_NOTHROW(validate(read<RtpParameters>(fixtures::kChromiumAudio), MediaKind::audio));
  CHECK_NOTHROW(validate(read<RtpParameters>(fixtures::kChromiumVideo), MediaKind::video));
  CHECK_NOTHROW(validate(read<RtpParameters>(fixtures::kChromiumSimulcast), MediaKind::video));
  CHECK_NOTHROW(validate(read<RtpParameters>(fixtures::kFirefoxVideo), MediaKind::video));
  CHECK_NOTHROW(validate(read<RtpParameters>(fixtures::kSafariVideo), MediaKind::video));
  CHECK_NOTHROW(validate(read<RtpCapabilities>(fixtures::kChromiumCapabilities)));
  CHECK_NOTHROW(validate(read<RtpCapabilities>(fixtures::kFirefoxCapabilities)));
  CHECK_NOTHROW(validate(read<RtpCapabilities>(fixtures::kSafariCapabilities)));
}

TEST_CASE("wrong RTP parameters are refused with the path of the field") {
  const std::string many_codecs =
      repeated(R"({"mimeType":"video/VP8","payloadType":96,"clockRate":90000})", kMaxCodecs + 1);
  const std::string many_extensions = repeated(R"({"uri":"urn:x","id":1})", kMaxExtensions + 1);
  const std::string many_encodings = repeated(R"({"ssrc":7})", kMaxEncodings + 1);
  const std::string many_feedback = repeated(R"({"type":"nack"})", kMaxFeedback + 1);
  const std::string rid_17 = quoted(17);
  const std::string cname_256 = quoted(256);
  const std::string value_1025 = quoted(kMaxParameterValueBytes + 1);
  const std::string uri_256 = quoted(kMaxUriBytes + 1);
  const std::string msid_65 = quoted(kMaxMsidPartBytes + 1);

  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"/mid", R"("")", "rtpParameters.mid"},
           {"/mid", R"("a b")", "rtpParameters.mid"},
           {"/mid", R"("12345678901234567")", "rtpParameters.mid"},
           {"/msid", R"("stream track\r\na=candidate:1")", "rtpParameters.msid"},
           {"/msid", R"("stream track more")", "rtpParameters.msid"},
           {"/msid", msid_65, "rtpParameters.msid"},
           {"/codecs", "[]", "rtpParameters.codecs"},
           {"/codecs", many_codecs, "rtpParameters.codecs"},
           {"/codecs/0", R"({"mimeType":"video/rtx","payloadType":96,"clockRate":90000,"parameters":{"apt":97}})",
            "rtpParameters.codecs"},
           {"/codecs/0/mimeType", R"("VP8")", "rtpParameters.codecs[0].mimeType"},
           {"/codecs/0/mimeType", R"("text/VP8")", "rtpParameters.codecs[0].mimeType"},
           {"/codecs/0/mimeType", R"("video/")", "rtpParameters.codecs[0].mimeType"},
           {"/codecs/0/mimeType", R"("video/V P")", "rtpParameters.codecs[0].mimeType"},
           {"/codecs/0/mimeType", R"("audio/opus")", "rtpParameters.codecs[0].mimeType"},
           {"/codecs/0/payloadType", "128", "rtpParameters.codecs[0].payloadType"},
           {"/codecs/0/payloadType", "64", "rtpParameters.codecs[0].payloadType"},
           {"/codecs/0/payloadType", "95", "rtpParameters.codecs[0].payloadType"},
           {"/codecs/1/payloadType", "96", "rtpParameters.codecs[1].payloadType"},
           {"/codecs/0/clockRate", "0", "rtpParameters.codecs[0].clockRate"},
           {"/codecs/0/clockRate", "1000001", "rtpParameters.codecs[0].clockRate"},
           {"/codecs/0/channels", "0", "rtpParameters.codecs[0].channels"},
           {"/codecs/0/channels", "25", "rtpParameters.codecs[0].channels"},
           {"/codecs/0/parameters", R"({"x":true})", "rtpParameters.codecs[0].parameters.x"},
           {"/codecs/0/parameters", R"({"x":null})", "rtpParameters.codecs[0].parameters.x"},
           {"/codecs/0/parameters", R"({"x":"1;y=2"})", "rtpParameters.codecs[0].parameters.x"},
           {"/codecs/0/parameters", R"({"x":"1\r\na=ice-lite"})", "rtpParameters.codecs[0].parameters.x"},
           {"/codecs/0/parameters", R"({"":"1"})", "rtpParameters.codecs[0].parameters"},
           {"/codecs/0/parameters", R"({"a=b":"1"})", "rtpParameters.codecs[0].parameters"},
           {"/codecs/0/parameters/long", value_1025, "rtpParameters.codecs[0].parameters.long"},
           {"/codecs/0/rtcpFeedback", many_feedback, "rtpParameters.codecs[0].rtcpFeedback"},
           {"/codecs/0/rtcpFeedback/4/type", R"("")", "rtpParameters.codecs[0].rtcpFeedback[4].type"},
           {"/codecs/0/rtcpFeedback/4/parameter", R"("p l i")", "rtpParameters.codecs[0].rtcpFeedback[4].parameter"},
           {"/codecs/1/parameters/apt", "", "rtpParameters.codecs[1].parameters.apt"},
           {"/codecs/1/parameters/apt", "98", "rtpParameters.codecs[1].parameters.apt"},
           {"/codecs/1/parameters/apt", "97", "rtpParameters.codecs[1].parameters.apt"},
           {"/codecs/1/parameters/apt", "-1", "rtpParameters.codecs[1].parameters.apt"},
           {"/codecs/1/parameters/apt", "352", "rtpParameters.codecs[1].parameters.apt"},
           {"/codecs/1/parameters/apt", R"("VP8")", "rtpParameters.codecs[1].parameters.apt"},
           {"/codecs/1/clockRate", "48000", "rtpParameters.codecs[1].clockRate"},
           {"/headerExtensions", many_extensions, "rtpParameters.headerExtensions"},
           {"/headerExtensions/0/id", "0", "rtpParameters.headerExtensions[0].id"},
           {"/headerExtensions/0/id", "15", "rtpParameters.headerExtensions[0].id"},
           {"/headerExtensions/1/id", "9", "rtpParameters.headerExtensions[1].id"},
           {"/headerExtensions/1/uri", R"("urn:ietf:params:rtp-hdrext:sdes:mid")",
            "rtpParameters.headerExtensions[1].uri"},
           {"/headerExtensions/0/uri", R"("")", "rtpParameters.headerExtensions[0].uri"},
           {"/headerExtensions/0/uri", uri_256, "rtpParameters.headerExtensions[0].uri"},
           {"/headerExtensions/0/encrypt", "true", "rtpParameters.headerExtensions[0].encrypt"},
           {"/headerExtensions/0/parameters", R"({"x":[]})", "rtpParameters.headerExtensions[0].parameters.x"},
           {"/encodings", "[]", "rtpParameters.encodings"},
           {"/encodings", many_encodings, "rtpParameters.encodings"},
           {"/encodings/0/ssrc", "0", "rtpParameters.encodings[0].ssrc"},
           {"/encodings/0/ssrc", "213135497", "rtpParameters.encodings[0].rtx.ssrc"},
           {"/encodings/0/rtx/ssrc", "0", "rtpParameters.encodings[0].rtx.ssrc"},
           {"/encodings/0/rid", R"("")", "rtpParameters.encodings[0].rid"},
           {"/encodings/0/rid", R"("r.0")", "rtpParameters.encodings[0].rid"},
           {"/encodings/0/rid", rid_17, "rtpParameters.encodings[0].rid"},
           {"/encodings/0/codecPayloadType", "98", "rtpParameters.encodings[0].codecPayloadType"},
           {"/encodings/0/codecPayloadType", "97", "rtpParameters.encodings[0].codecPayloadType"},
           {"/encodings/0/scalabilityMode", R"("L9T9")", "rtpParameters.encodings[0].scalabilityMode"},
           {"/encodings/0/maxBitrate", "-1", "rtpParameters.encodings[0].maxBitrate"},
           {"/encodings/0/maxBitrate", "1e300", "rtpParameters.encodings[0].maxBitrate"},
           {"/encodings/0/maxFramerate", "-1", "rtpParameters.encodings[0].maxFramerate"},
           {"/encodings/0/scaleResolutionDownBy", "-2", "rtpParameters.encodings[0].scaleResolutionDownBy"},
           {"/encodings/0/priority", R"("very low")", "rtpParameters.encodings[0].priority"},
           {"/rtcp/cname", R"("a\r\nb")", "rtpParameters.rtcp.cname"},
           {"/rtcp/cname", cname_256, "rtpParameters.rtcp.cname"},
           {"/rtcp/mux", "false", "rtpParameters.rtcp.mux"},
       }) {
    CAPTURE(wrong.pointer);
    CAPTURE(wrong.value);
    CHECK(complaint<RtpParameters>(fixtures::kChromiumVideo, wrong, [](const RtpParameters& parameters) {
            validate(parameters, MediaKind::video);
          }) == wrong.path);
  }
}

TEST_CASE("wrong types are refused by the reader, with the path inside the value") {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"/codecs", "", "codecs"},
           {"/codecs", "{}", "codecs"},
           {"/codecs/0/mimeType", "", "codecs[0].mimeType"},
           {"/codecs/0/payloadType", R"("96")", "codecs[0].payloadType"},
           {"/codecs/0/payloadType", "256", "codecs[0].payloadType"},
           {"/codecs/0/clockRate", "", "codecs[0].clockRate"},
           {"/headerExtensions/0/id", "256", "headerExtensions[0].id"},
           {"/encodings/0/ssrc", "4294967296", "encodings[0].ssrc"},
           {"/encodings/0/rtx", "{}", "encodings[0].rtx.ssrc"},
           {"/rtcp/reducedSize", "1", "rtcp.reducedSize"},
       }) {
    CAPTURE(wrong.pointer);
    CHECK(complaint<RtpParameters>(fixtures::kChromiumVideo, wrong, [](const RtpParameters& parameters) {
            validate(parameters, MediaKind::video);
          }) == wrong.path);
  }
}

TEST_CASE("simulcast: rids are unique, and told without SSRC only where the packets carry them") {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"/encodings/1/rid", R"("r0")", "rtpParameters.encodings[1].rid"},
           {"/encodings/2/rid", "", "rtpParameters.encodings[2].ssrc"},
           {"/headerExtensions/1/uri", R"("urn:another")", "rtpParameters.headerExtensions"},
       }) {
    CAPTURE(wrong.pointer);
    CHECK(complaint<RtpParameters>(fixtures::kChromiumSimulcast, wrong, [](const RtpParameters& parameters) {
            validate(parameters, MediaKind::video);
          }) == wrong.path);
  }
}

TEST_CASE("the only stream of an m-section may be told by the MID in its packets") {
  auto parameters = fixtures::read<RtpParameters>(fixtures::kChromiumVideo);
  const std::string path = "rtpParameters.encodings[0].ssrc";
  const auto complaint_of = [](const RtpParameters& wrong) -> std::string {
    try {
      validate(wrong, MediaKind::video);
    } catch (const Error& error) {
      return std::string{error.details().at("path").as_string()};
    }
    return "accepted";
  };
  parameters.encodings[0].ssrc.reset();
  parameters.encodings[0].rid.reset();
  CHECK(complaint_of(parameters) == "accepted");

  SUBCASE("not without the header extension") {
    std::erase_if(parameters.header_extensions, [](const auto& e) { return e.uri == uri(HeaderExtension::mid); });
    CHECK(complaint_of(parameters) == path);
  }
  SUBCASE("not without a MID") {
    parameters.mid.reset();
    CHECK(complaint_of(parameters) == path);
  }
  SUBCASE("not beside another stream") {
    parameters.encodings.push_back({.ssrc = Ssrc{99}});
    CHECK(complaint_of(parameters) == path);
  }
}

TEST_CASE("audio has one encoding") {
  const Wrong two{"/encodings", R"([{"ssrc":1},{"ssrc":2}])", "rtpParameters.encodings"};
  CHECK(complaint<RtpParameters>(fixtures::kChromiumAudio, two, [](const RtpParameters& parameters) {
          validate(parameters, MediaKind::audio);
        }) == two.path);
}

TEST_CASE("two RTX codecs must not repair the same codec") {
  auto parameters = fixtures::read<RtpParameters>(fixtures::kChromiumVideo);
  parameters.codecs.push_back(parameters.codecs[1]);
  parameters.codecs[2].payload_type = PayloadType{98};
  CHECK_THROWS_WITH_AS(validate(parameters, MediaKind::video, "data.rtpParameters"),
                       "data.rtpParameters.codecs[2].parameters.apt must name a codec that no other RTX names", Error);
}

TEST_CASE("wrong RTP capabilities are refused with the path of the field") {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"/codecs/0/preferredPayloadType", "", "rtpCapabilities.codecs[0].preferredPayloadType"},
           {"/codecs/0/preferredPayloadType", "97", "rtpCapabilities.codecs[1].preferredPayloadType"},
           {"/codecs/0/preferredPayloadType", "200", "rtpCapabilities.codecs[0].preferredPayloadType"},
           {"/codecs/0/kind", R"("video")", "rtpCapabilities.codecs[0].mimeType"},
           {"/codecs/2/parameters/apt", "", "rtpCapabilities.codecs[2].parameters.apt"},
           {"/codecs/2/parameters/apt", "96", "rtpCapabilities.codecs[2].clockRate"},
           {"/codecs/2/parameters/apt", "1", "rtpCapabilities.codecs[2].parameters.apt"},
           {"/headerExtensions/0/preferredId", "0", "rtpCapabilities.headerExtensions[0].preferredId"},
           {"/headerExtensions/2/preferredId", "1", "rtpCapabilities.headerExtensions[2].preferredId"},
           {"/headerExtensions/0/uri", R"("")", "rtpCapabilities.headerExtensions[0].uri"},
       }) {
    CAPTURE(wrong.pointer);
    CHECK(complaint<RtpCapabilities>(fixtures::kChromiumCapabilities, wrong,
                                     [](const RtpCapabilities& c) { validate(c); }) == wrong.path);
  }
}

TEST_CASE("RTX must be of the kind of what it repairs") {
  RtpCapabilities capabilities{.codecs = {{.kind = MediaKind::audio,
                                           .mime_type = "audio/L16",
                                           .preferred_payload_type = PayloadType{96},
                                           .clock_rate = 90000},
                                          {.kind = MediaKind::video,
                                           .mime_type = "video/rtx",
                                           .preferred_payload_type = PayloadType{97},
                                           .clock_rate = 90000,
                                           .parameters = {{"apt", 96}}}}};
  CHECK_THROWS_AS(validate(capabilities), Error);
}

TEST_CASE("empty capabilities are no mistake; nothing can be consumed with them") {
  CHECK_NOTHROW(validate(fixtures::read<RtpCapabilities>("{}")));
}

TEST_CASE("DTLS parameters need one good fingerprint") {
  const std::string sha256 =
      R"({"algorithm":"sha-256","value":")"
      "A9:F4:E0:D2:74:D3:0F:D9:CA:A5:2F:9F:7F:47:FA:F0:C4:72:DD:73:49:D0:3B:14:90:20:51:30:1B:90:8E:71"
      R"("})";
  const std::string good = R"({"role":"client","fingerprints":[)" + sha256 + "]}";
  const auto check = [](const DtlsParameters& parameters) { validate(parameters); };
  CHECK_NOTHROW(check(fixtures::read<DtlsParameters>(good)));
  CHECK(fixtures::read<DtlsParameters>(good).role == DtlsRole::client);

  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"/fingerprints", "", "fingerprints"},
           {"/role", R"("actpass")", "role"},
           {"/fingerprints", "[]", "dtlsParameters.fingerprints"},
           {"/fingerprints/0/algorithm", R"("sha-1")", "dtlsParameters.fingerprints"},
           {"/fingerprints/0/algorithm", R"("md5")", "dtlsParameters.fingerprints"},
           {"/fingerprints/0/algorithm", R"("sha-512")", "dtlsParameters.fingerprints[0].value"},
           {"/fingerprints/0/algorithm", R"("")", "dtlsParameters.fingerprints[0].algorithm"},
           {"/fingerprints/0/value", R"("")", "dtlsParameters.fingerprints[0].value"},
           {"/fingerprints/0/value", R"("A9:F4")", "dtlsParameters.fingerprints[0].value"},
           {"/fingerprints/0/value",
            R"("A9-F4:E0:D2:74:D3:0F:D9:CA:A5:2F:9F:7F:47:FA:F0:C4:72:DD:73:49:D0:3B:14:90:20:51:30:1B:90:8E:71")",
            "dtlsParameters.fingerprints[0].value"},
       }) {
    CAPTURE(wrong.pointer);
    CAPTURE(wrong.value);
    CHECK(complaint<DtlsParameters>(good, wrong, check) == wrong.path);
  }

  SUBCASE("one that is not understood may stand beside it, RFC 8122 section 5") {
    const std::string two = R"({"fingerprints":[{"algorithm":"sha-1","value":"00"},)" + sha256 + "]}";
    CHECK_NOTHROW(check(fixtures::read<DtlsParameters>(two)));
  }
}

TEST_CASE("ICE credentials and candidates have the lengths and characters of RFC 8839") {
  const IceParameters good{.username_fragment = "h3hk", .password = "yku5ej8nvfaor28lvtrabc", .ice_lite = false};
  CHECK_NOTHROW(validate(good));
  auto bad = good;
  bad.username_fragment = "h3h";
  CHECK_THROWS_AS(validate(bad), Error);
  bad = good;
  bad.password = "yku5ej8nvfaor28lvtra c";
  CHECK_THROWS_AS(validate(bad), Error);

  const IceCandidate candidate{.foundation = "1", .priority = 1, .address = "192.0.2.1", .port = 5000};
  CHECK_NOTHROW(validate(candidate));
  auto tcp = candidate;
  tcp.protocol = IceProtocol::tcp;
  CHECK_THROWS_WITH_AS(validate(tcp), "candidate.tcpType is missing", Error);
  auto line_break = candidate;
  line_break.address = "192.0.2.1\r\n";
  CHECK_THROWS_AS(validate(line_break), Error);
}

}  // namespace sluice::ortc
