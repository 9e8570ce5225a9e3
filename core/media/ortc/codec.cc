#include "core/media/ortc/codec.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>

#include "core/media/ortc/h264_profile.h"
#include "core/media/ortc/limits.h"

namespace sluice::ortc {
namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

template <class Codec>
CodecView view_of(const Codec& codec) noexcept {
  return {.mime_type = codec.mime_type,
          .clock_rate = codec.clock_rate,
          .channels = codec.channels.value_or(1),
          .parameters = codec.parameters};
}

/// JSON text gives signed numbers, our own code may give unsigned ones; both are read.
std::optional<std::int64_t> integer(const json::value& value) noexcept {
  if (const auto* number = value.if_int64()) return *number;
  const auto* number = value.if_uint64();
  if (number == nullptr || *number > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

/// Equal where neither side says more than the format's default.
bool same_integer(const CodecView& a, const CodecView& b, std::string_view key) {
  constexpr std::int64_t kDefault = 0;  // of packetization-mode, profile-id and profile alike
  return integer_parameter(a.parameters, key).value_or(kDefault) ==
         integer_parameter(b.parameters, key).value_or(kDefault);
}

json::array to_array(const std::vector<std::string>& texts) {
  json::array out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

}  // namespace

CodecView view(const RtpCodecCapability& codec) noexcept { return view_of(codec); }
CodecView view(const RtpCodecParameters& codec) noexcept { return view_of(codec); }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<MediaKind> kind_of(std::string_view mime_type) noexcept {
  const std::string_view kind = mime_type.substr(0, mime_type.find('/'));
  if (kind.size() == mime_type.size()) return std::nullopt;
  if (equal_ignoring_case(kind, "audio")) return MediaKind::audio;
  if (equal_ignoring_case(kind, "video")) return MediaKind::video;
  return std::nullopt;
}

bool is_rtx(std::string_view mime_type) noexcept {
  return equal_ignoring_case(mime_type.substr(std::min(mime_type.find('/'), mime_type.size())), "/rtx");
}

std::optional<VideoCodec> video_codec_of(std::string_view mime_type) noexcept {
  if (equal_ignoring_case(mime_type, "video/VP8")) return VideoCodec::vp8;
  if (equal_ignoring_case(mime_type, "video/VP9")) return VideoCodec::vp9;
  if (equal_ignoring_case(mime_type, "video/H264")) return VideoCodec::h264;
  if (equal_ignoring_case(mime_type, "video/AV1")) return VideoCodec::av1;
  return std::nullopt;
}

std::optional<std::int64_t> integer_parameter(const FormatParameters& parameters, std::string_view key) {
  const auto found = parameters.find(key);
  if (found == parameters.end()) return std::nullopt;
  if (const auto number = integer(found->second)) return number;
  const auto* text = found->second.if_string();
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<std::string> text_parameter(const FormatParameters& parameters, std::string_view key) {
  const auto found = parameters.find(key);
  if (found == parameters.end()) return std::nullopt;
  if (const auto* text = found->second.if_string()) return std::string{text->data(), text->size()};
  const auto number = integer(found->second);
  return number ? std::optional{std::to_string(*number)} : std::nullopt;
}

std::optional<PayloadType> associated_payload_type(const FormatParameters& parameters) {
  const auto apt = integer_parameter(parameters, "apt");
  if (!apt || *apt < 0 || *apt > kMaxPayloadType) return std::nullopt;
  return PayloadType{static_cast<std::uint8_t>(*apt)};
}

bool same_codec(const CodecView& a, const CodecView& b) {
  if (!equal_ignoring_case(a.mime_type, b.mime_type) || a.clock_rate != b.clock_rate) return false;
  if (kind_of(a.mime_type) == MediaKind::audio) return a.channels == b.channels;
  if (equal_ignoring_case(a.mime_type, "video/H264")) {
    return same_integer(a, b, "packetization-mode") && same_h264_profile(a.parameters, b.parameters);
  }
  if (equal_ignoring_case(a.mime_type, "video/VP9")) return same_integer(a, b, "profile-id");
  if (equal_ignoring_case(a.mime_type, "video/AV1")) return same_integer(a, b, "profile");
  return true;
}

std::string describe(const CodecView& codec) {
  std::string profile;
  for (const std::string_view key : {"profile-level-id", "packetization-mode", "profile-id", "profile"}) {
    const auto value = text_parameter(codec.parameters, key);
    if (value) profile.append(profile.empty() ? "" : ", ").append(key).append("=").append(value->substr(0, 32));
  }
  std::string out{codec.mime_type};
  return profile.empty() ? out : out + " (" + profile + ")";
}

void throw_unsupported(const std::string& reason, const std::string& path, const std::vector<std::string>& offered,
                       const std::vector<std::string>& supported) {
  std::string message = reason + "; offered:";
  for (const std::string& codec : offered) message.append(" ").append(codec);
  message += "; supported:";
  for (const std::string& codec : supported) message.append(" ").append(codec);
  json::object details{{"offered", to_array(offered)}, {"supported", to_array(supported)}};
  if (!path.empty()) details["path"] = path;
  throw Error{ErrorCode::unsupported, message, std::move(details)};
}

}  // namespace sluice::ortc
