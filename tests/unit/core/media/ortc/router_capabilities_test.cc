#include "core/media/ortc/router_capabilities.h"

#include <doctest/doctest.h>

#include <set>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/validate.h"
#include "tests/unit/core/media/ortc/negotiation_fixture.h"

namespace sluice::ortc {
namespace {

RtpCodecCapability video(std::string mime_type, FormatParameters parameters = {}) {
  return {.kind = MediaKind::video, .mime_type = std::move(mime_type), .parameters = std::move(parameters)};
}

std::string refused_path(const std::vector<RtpCodecCapability>& codecs, ErrorCode code = ErrorCode::invalid_payload) {
  try {
    static_cast<void>(router_capabilities(codecs));
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return std::string{error.details().at("path").as_string()};
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the default router offers Opus, VP8, VP9, H.264 in two profiles and AV1, each video codec with RTX") {
  std::vector<std::string> names;
  for (const auto& codec : default_router().codecs) names.push_back(describe(view(codec)));
  CHECK(names == std::vector<std::string>{"audio/opus", "video/VP8", "video/rtx", "video/VP9 (profile-id=0)",
                                          "video/rtx", "video/VP9 (profile-id=2)", "video/rtx",
                                          "video/H264 (profile-level-id=42e01f, packetization-mode=1)", "video/rtx",
                                          "video/H264 (profile-level-id=4d001f, packetization-mode=1)", "video/rtx",
                                          "video/AV1", "video/rtx"});
}

TEST_CASE("the same codecs always get the same payload types, from 96 on") {
  int payload_type = 96;
  for (const auto& codec : default_router().codecs) {
    CHECK(int{codec.preferred_payload_type.value().value()} == payload_type++);
  }
  CHECK(router_capabilities(default_codecs()) == default_router());
}

TEST_CASE("the router's own capabilities pass the check that clients' have to pass") {
  CHECK_NOTHROW(validate(default_router()));
}

TEST_CASE("RTX follows its codec and repairs it, at the same clock rate") {
  const auto& codecs = default_router().codecs;
  for (std::size_t i = 1; i < codecs.size(); i += 2) {
    CHECK_FALSE(is_rtx(codecs[i].mime_type));
    CHECK(is_rtx(codecs[i + 1].mime_type));
    CHECK(associated_payload_type(codecs[i + 1].parameters) == codecs[i].preferred_payload_type);
    CHECK(codecs[i + 1].clock_rate == codecs[i].clock_rate);
  }
}

TEST_CASE("feedback: all of it for video, transport-cc and nack for audio") {
  const auto& codecs = default_router().codecs;
  CHECK(codecs[0].rtcp_feedback == std::vector<RtcpFeedback>{{"nack", ""}, {"transport-cc", ""}});
  CHECK(codecs[1].rtcp_feedback ==
        std::vector<RtcpFeedback>{
            {"nack", ""}, {"nack", "pli"}, {"ccm", "fir"}, {"goog-remb", ""}, {"transport-cc", ""}});
  CHECK(codecs[2].rtcp_feedback.empty());
}

TEST_CASE("header extension ids mean the same for audio and video and fit the one-byte form") {
  std::map<int, std::string> uris;
  for (const auto& extension : default_router().header_extensions) {
    CHECK(extension.preferred_id >= 1);
    CHECK(extension.preferred_id <= 14);
    const auto [entry, is_new] = uris.emplace(extension.preferred_id, extension.uri);
    CHECK((is_new || entry->second == extension.uri));
  }
  CHECK(uris.size() == kHeaderExtensionCount);
}

TEST_CASE("rids are received from producers and never sent to consumers") {
  for (const auto& extension : default_router().header_extensions) {
    const bool is_rid =
        extension.uri == uri(HeaderExtension::rid) || extension.uri == uri(HeaderExtension::repaired_rid);
    if (is_rid) CHECK(extension.direction == RtpHeaderExtensionDirection::recvonly);
  }
}

TEST_CASE("a configured codec may leave out what goes without saying, and its parameters are merged") {
  const auto router = router_capabilities(
      {{.kind = MediaKind::audio, .mime_type = "audio/OPUS", .parameters = {{"maxaveragebitrate", 32000}}},
       video("video/h264", {{"profile-level-id", "4d0032"}})});
  CHECK(router.codecs[0].mime_type == "audio/opus");
  CHECK(router.codecs[0].channels == 2);
  CHECK(router.codecs[0].clock_rate == 48000);
  CHECK(router.codecs[0].parameters == FormatParameters{{"maxaveragebitrate", 32000}, {"useinbandfec", 1}});
  CHECK(router.codecs[1].parameters ==
        FormatParameters{{"level-asymmetry-allowed", 1}, {"packetization-mode", 1}, {"profile-level-id", "4d0032"}});
}

TEST_CASE("preferred payload types are kept, and the others go around them") {
  auto vp8 = video("video/VP8");
  auto vp9 = video("video/VP9");
  vp9.preferred_payload_type = PayloadType{96};
  const auto router = router_capabilities({vp8, vp9});
  CHECK(router.codecs[0].preferred_payload_type == PayloadType{97});
  CHECK(router.codecs[1].preferred_payload_type == PayloadType{98});
  CHECK(router.codecs[2].preferred_payload_type == PayloadType{96});
  CHECK(router.codecs[3].preferred_payload_type == PayloadType{99});
}

TEST_CASE("the most codecs a router can have get payload types that are free and clear of RTCP and of 127") {
  std::vector<RtpCodecCapability> codecs;
  for (std::size_t profile = 0; profile < kMaxRouterCodecs; ++profile) {
    codecs.push_back(video("video/VP9", {{"profile-id", static_cast<int>(profile)}}));
  }
  const auto router = router_capabilities(codecs);
  CHECK(router.codecs.size() == 2 * kMaxRouterCodecs);
  CHECK_NOTHROW(validate(router));
  for (const auto& codec : router.codecs) CHECK(codec.preferred_payload_type != PayloadType{127});

  codecs.push_back(video("video/VP8"));
  CHECK(refused_path(codecs) == "codecs");
}

TEST_CASE("a wrong configuration is named") {
  auto taken = video("video/VP8");
  taken.preferred_payload_type = PayloadType{100};
  auto also_taken = video("video/VP9");
  also_taken.preferred_payload_type = PayloadType{100};
  auto rtcp = video("video/VP8");
  rtcp.preferred_payload_type = PayloadType{72};

  CHECK(refused_path({}) == "codecs");
  CHECK(refused_path({taken, also_taken}) == "codecs[1].preferredPayloadType");
  CHECK(refused_path({rtcp}) == "codecs[0].preferredPayloadType");
  CHECK(refused_path({video("audio/opus")}) == "codecs[0].mimeType");
  CHECK(refused_path({video("VP8")}) == "codecs[0].mimeType");
  CHECK(refused_path({video("video/rtx", {{"apt", 96}})}) == "codecs[0].mimeType");
  CHECK(refused_path({video("video/VP8"), video("video/vp8")}) == "codecs[1]");
  CHECK(refused_path({video("video/H264", {{"profile-level-id", "best"}})}) == "codecs[0].parameters.profile-level-id");
  CHECK(refused_path({video("video/VP8", {{"key", json::object{}}})}) == "codecs[0].parameters.key");
}

TEST_CASE("a codec that cannot be routed is refused with what could be") {
  CHECK(refused_path({video("video/Theora")}, ErrorCode::unsupported) == "codecs[0]");
  try {
    static_cast<void>(router_capabilities({video("video/Theora")}));
  } catch (const Error& error) {
    CHECK(std::string{error.what()}.find("video/Theora") != std::string::npos);
    CHECK(error.details().at("supported").as_array().size() == supported_codecs().size());
  }
}

}  // namespace sluice::ortc
