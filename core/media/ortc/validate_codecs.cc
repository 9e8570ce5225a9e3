#include "core/media/ortc/validate_codecs.h"

#include <bitset>
#include <cmath>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/limits.h"

namespace sluice::ortc {
namespace {

/// Printable, and nothing that would end the parameter in an `a=fmtp` line.
constexpr bool is_parameter_value(char c) noexcept { return c >= ' ' && c <= '~' && c != ';'; }
constexpr bool is_parameter_key(char c) noexcept { return is_visible(c) && c != ';' && c != '='; }

void check_parameter_value(const json::value& value, const Path& path) {
  if (const auto* text = value.if_string()) {
    check_text({text->data(), text->size()}, 0, kMaxParameterValueBytes, is_parameter_value, path);
    return;
  }
  if (const auto* number = value.if_double()) {
    check(std::isfinite(*number), path, "must be finite");
    return;
  }
  check(value.is_int64() || value.is_uint64(), path, "must be a string or a number");
}

void check_feedback(const std::vector<RtcpFeedback>& feedback, const Path& path) {
  check_count(feedback.size(), 0, kMaxFeedback, path);
  for (std::size_t i = 0; i < feedback.size(); ++i) {
    const Path here{path, i};
    check_text(feedback[i].type, 1, kMaxFeedbackBytes, is_token, {here, "type"});
    check_text(feedback[i].parameter, 0, kMaxFeedbackBytes, is_visible, {here, "parameter"});
  }
}

void check_mime_type(std::string_view mime_type, MediaKind kind, const Path& path) {
  const auto found = kind_of(mime_type);
  check(found.has_value(), path, "must be audio/<codec> or video/<codec>");
  check(*found == kind, path, kind == MediaKind::audio ? "must be of kind audio" : "must be of kind video");
  const std::string_view name = mime_type.substr(mime_type.find('/') + 1);
  check_text(name, 1, kMaxMimeTypeBytes, is_token, path);
}

std::string_view payload_type_field(const RtpCodecCapability&) noexcept { return "preferredPayloadType"; }
std::string_view payload_type_field(const RtpCodecParameters&) noexcept { return "payloadType"; }
std::optional<PayloadType> payload_type_of(const RtpCodecCapability& codec) { return codec.preferred_payload_type; }
std::optional<PayloadType> payload_type_of(const RtpCodecParameters& codec) { return codec.payload_type; }

template <class Codec>
void check_codec(const Codec& codec, MediaKind kind, const Path& path) {
  check_mime_type(codec.mime_type, kind, {path, "mimeType"});
  const Path payload_type{path, payload_type_field(codec)};
  check(payload_type_of(codec).has_value(), payload_type, "is missing");
  check_payload_type(*payload_type_of(codec), payload_type);
  check(codec.clock_rate >= 1 && codec.clock_rate <= kMaxClockRate, {path, "clockRate"}, "must be 1 to 1000000");
  if (codec.channels) {
    check(*codec.channels >= 1 && *codec.channels <= kMaxChannels, {path, "channels"}, "must be 1 to 24");
  }
  check_format_parameters(codec.parameters, {path, "parameters"});
  check_feedback(codec.rtcp_feedback, {path, "rtcpFeedback"});
}

/// RFC 4588 section 8.1: apt names the payload type that is retransmitted, and the clock rates are equal.
template <class Codec>
void check_rtx(const Codec& rtx, const std::vector<Codec>& codecs, std::bitset<kPayloadTypes>& repaired,
               const Path& path) {
  const Path parameters{path, "parameters"};
  const Path here{parameters, "apt"};
  check(rtx.parameters.contains("apt"), here, "is missing");
  const auto apt = associated_payload_type(rtx.parameters);
  check(apt.has_value(), here, "must be a payload type");
  for (const Codec& codec : codecs) {
    if (payload_type_of(codec) != apt || is_rtx(codec.mime_type)) continue;
    check(codec.clock_rate == rtx.clock_rate, {path, "clockRate"}, "must be that of the codec that apt names");
    check(kind_of(codec.mime_type) == kind_of(rtx.mime_type), here, "must name a codec of the same kind");
    check(!repaired.test(apt->value()), here, "must name a codec that no other RTX names");
    repaired.set(apt->value());
    return;
  }
  detail::invalid(here, "must be the payload type of a media codec in the list");
}

template <class Codec>
void check_list(const std::vector<Codec>& codecs, const Path& path) {
  std::bitset<kPayloadTypes> taken;
  std::bitset<kPayloadTypes> repaired;
  for (std::size_t i = 0; i < codecs.size(); ++i) {
    const Path here{path, i};
    const std::size_t payload_type = payload_type_of(codecs[i])->value();
    check(!taken.test(payload_type), {here, payload_type_field(codecs[i])}, "must be unique");
    taken.set(payload_type);
    if (is_rtx(codecs[i].mime_type)) check_rtx(codecs[i], codecs, repaired, here);
  }
}

}  // namespace

void check_payload_type(PayloadType payload_type, const Path& path) {
  constexpr std::uint8_t kFirstRtcp = 64;
  constexpr std::uint8_t kLastRtcp = 95;
  check(payload_type.value() <= kMaxPayloadType, path, "must be 0 to 127");
  check(payload_type.value() < kFirstRtcp || payload_type.value() > kLastRtcp, path,
        "must not be 64 to 95, which RTCP uses on the same port (RFC 5761)");
}

void check_format_parameters(const FormatParameters& parameters, const Path& path) {
  check_count(parameters.size(), 0, kMaxFormatParameters, path);
  for (const auto& [key, value] : parameters) {
    check_text(key, 1, kMaxParameterKeyBytes, is_parameter_key, path);
    check_parameter_value(value, {path, key});
  }
}

void check_codecs(const std::vector<RtpCodecCapability>& codecs, const Path& path) {
  check_count(codecs.size(), 0, kMaxCapabilityCodecs, path);
  for (std::size_t i = 0; i < codecs.size(); ++i) {
    const Path here{path, i};
    check_codec(codecs[i], codecs[i].kind, here);
  }
  check_list(codecs, path);
}

void check_codecs(const std::vector<RtpCodecParameters>& codecs, MediaKind kind, const Path& path) {
  check_count(codecs.size(), 1, kMaxCodecs, path);
  bool has_media_codec = false;
  for (std::size_t i = 0; i < codecs.size(); ++i) {
    const Path here{path, i};
    check_codec(codecs[i], kind, here);
    has_media_codec = has_media_codec || !is_rtx(codecs[i].mime_type);
  }
  check(has_media_codec, path, "must have a media codec");
  check_list(codecs, path);
}

void check_configured_codec(const RtpCodecCapability& codec, const Path& path) {
  check_mime_type(codec.mime_type, codec.kind, {path, "mimeType"});
  check(!is_rtx(codec.mime_type), {path, "mimeType"}, "must not be RTX: each video codec gets its own");
  if (codec.preferred_payload_type) check_payload_type(*codec.preferred_payload_type, {path, "preferredPayloadType"});
  check_format_parameters(codec.parameters, {path, "parameters"});
}

}  // namespace sluice::ortc
