#include "core/media/ortc/router_capabilities.h"

#include <bitset>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/redundancy.h"
#include "core/media/ortc/router_extensions.h"
#include "core/media/ortc/validate_codecs.h"

namespace sluice::ortc {
namespace {

constexpr std::uint32_t kVideoClockRate = 90'000;

std::vector<RtcpFeedback> video_feedback() {
  return {{"nack", ""}, {"nack", "pli"}, {"ccm", "fir"}, {"goog-remb", ""}, {"transport-cc", ""}};
}

RtpCodecCapability video_codec(std::string mime_type, FormatParameters parameters = {}) {
  return {.kind = MediaKind::video,
          .mime_type = std::move(mime_type),
          .clock_rate = kVideoClockRate,
          .parameters = std::move(parameters),
          .rtcp_feedback = video_feedback()};
}

RtpCodecCapability h264(std::string_view profile_level_id) {
  return video_codec(
      "video/H264",
      {{"packetization-mode", 1}, {"level-asymmetry-allowed", 1}, {"profile-level-id", json::value(profile_level_id)}});
}

std::vector<RtpCodecCapability> build_supported() {
  return {{.kind = MediaKind::audio,
           .mime_type = "audio/opus",
           .clock_rate = 48'000,
           .channels = 2,
           .parameters = {{"useinbandfec", 1}},
           .rtcp_feedback = {{"nack", ""}, {"transport-cc", ""}}},
          video_codec("video/VP8"),
          video_codec("video/VP9", {{"profile-id", 0}}),
          h264("42e01f"),
          video_codec("video/AV1")};
}

bool fits(const RtpCodecCapability& configured, const RtpCodecCapability& supported) noexcept {
  if (configured.clock_rate != 0 && configured.clock_rate != supported.clock_rate) return false;
  return !configured.channels || configured.channels == supported.channels;
}

/// Redundant audio, of opus: only where it is configured.
const RtpCodecCapability& supported_red() {
  static const RtpCodecCapability red{
      .kind = MediaKind::audio, .mime_type = "audio/red", .clock_rate = 48'000, .channels = 2};
  return red;
}

/// The supported codec that a configured one means. What is left out there (clock rate, channels) does not count.
const RtpCodecCapability* find_supported(const RtpCodecCapability& codec) {
  if (is_red(codec.mime_type)) return fits(codec, supported_red()) ? &supported_red() : nullptr;
  for (const RtpCodecCapability& candidate : supported_codecs()) {
    if (equal_ignoring_case(candidate.mime_type, codec.mime_type) && fits(codec, candidate)) return &candidate;
  }
  return nullptr;
}

/// Dynamic payload types not yet taken. 96 to 126 first (RFC 3551 section 6), then 35 to 63, as browsers do. 127 is
/// left to mediasoup-client, which uses it for its bandwidth probing stream.
class PayloadTypes {
 public:
  [[nodiscard]] bool take(PayloadType payload_type) {
    if (taken_.test(payload_type.value())) return false;
    taken_.set(payload_type.value());
    return true;
  }

  /// There are 60; kMaxRouterCodecs needs 32.
  [[nodiscard]] PayloadType next() {
    constexpr std::uint8_t kFirst = 96;
    constexpr std::uint8_t kLast = 126;
    constexpr std::uint8_t kSecondFirst = 35;
    std::uint8_t candidate = kFirst;
    while (!take(PayloadType{candidate})) candidate = candidate == kLast ? kSecondFirst : candidate + 1;
    return PayloadType{candidate};
  }

 private:
  std::bitset<kPayloadTypes> taken_;
};
static_assert(kMaxRouterCodecs * 2 < 60);

RtpCodecCapability complete(const RtpCodecCapability& configured, const Path& path) {
  check_configured_codec(configured, path);
  const RtpCodecCapability* supported = find_supported(configured);
  if (supported == nullptr) {
    throw_unsupported("no such codec can be routed", path.render(), {describe(view(configured))},
                      describe_all(supported_codecs()));
  }
  RtpCodecCapability codec = *supported;
  codec.preferred_payload_type = configured.preferred_payload_type;
  for (const auto& [key, value] : configured.parameters) codec.parameters.insert_or_assign(key, value);
  const Path parameters{path, "parameters"};
  // A profile that cannot be read would match nobody's.
  check(same_codec(view(codec), view(codec)), {parameters, "profile-level-id"}, "is no H.264 profile and level");
  return codec;
}

RtpCodecCapability rtx_for(const RtpCodecCapability& codec, PayloadType payload_type) {
  return {.kind = codec.kind,
          .mime_type = "video/rtx",
          .preferred_payload_type = payload_type,
          .clock_rate = codec.clock_rate,
          .parameters = {{"apt", codec.preferred_payload_type->value()}}};
}

}  // namespace

const std::vector<RtpCodecCapability>& supported_codecs() {
  static const std::vector<RtpCodecCapability> codecs = build_supported();
  return codecs;
}

std::vector<RtpCodecCapability> default_codecs() {
  std::vector<RtpCodecCapability> codecs = supported_codecs();
  const auto av1 = codecs.end() - 1;
  codecs.insert(av1, h264("4d001f"));
  const auto after_vp9 = codecs.begin() + 3;
  codecs.insert(after_vp9, video_codec("video/VP9", {{"profile-id", 2}}));
  return codecs;
}

RtpCapabilities router_capabilities(const std::vector<RtpCodecCapability>& codecs, std::string_view root) {
  const Path nowhere;
  const Path path{nowhere, root};
  check_count(codecs.size(), 1, kMaxRouterCodecs, path);

  PayloadTypes payload_types;
  std::vector<RtpCodecCapability> media;
  bool has_opus = false;
  for (std::size_t i = 0; i < codecs.size(); ++i) {
    const Path here{path, i};
    RtpCodecCapability codec = complete(codecs[i], here);
    for (const RtpCodecCapability& earlier : media) {
      check(!same_codec(view(earlier), view(codec)), here, "is the same codec as one before it");
    }
    if (codec.preferred_payload_type) {
      check(payload_types.take(*codec.preferred_payload_type), {here, "preferredPayloadType"}, "must be unique");
    }
    // Clients that know no more of it send what stands first.
    check(has_opus || !is_red(codec.mime_type), here, "must stand behind audio/opus");
    has_opus = has_opus || equal_ignoring_case(codec.mime_type, "audio/opus");
    media.push_back(std::move(codec));
  }

  RtpCapabilities out{.header_extensions = router_header_extensions()};
  std::optional<PayloadType> opus;
  for (RtpCodecCapability& codec : media) {
    if (!codec.preferred_payload_type) codec.preferred_payload_type = payload_types.next();
    if (equal_ignoring_case(codec.mime_type, "audio/opus")) opus = codec.preferred_payload_type;
    if (is_red(codec.mime_type)) codec.parameters = red_parameters(opus.value());
    out.codecs.push_back(codec);
    if (codec.kind == MediaKind::video) out.codecs.push_back(rtx_for(codec, payload_types.next()));
  }
  return out;
}

}  // namespace sluice::ortc
