#include "core/media/sdp/codec_attributes.h"

#include <array>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/limits.h"
#include "core/media/sdp/limits.h"

namespace sluice::sdp {
namespace {

struct StaticType {
  std::uint8_t payload_type;
  std::string_view name;
};
/// RFC 3551 section 6, of the audio codecs that WebRTC's clients leave unexplained; all at 8 kHz with one channel.
constexpr std::array kStaticTypes{StaticType{0, "PCMU"}, StaticType{8, "PCMA"}, StaticType{9, "G722"},
                                  StaticType{13, "CN"}};
constexpr std::uint32_t kStaticClockRate = 8000;

std::optional<PayloadType> payload_type_of(std::string_view text) noexcept {
  const auto number = parse_number<std::uint8_t>(text);
  if (!number || *number > ortc::kMaxPayloadType) return std::nullopt;
  return PayloadType{*number};
}

/// Null for one that the m-line does not list: what is said of it is ignored.
Codec* find_codec(MediaSection& section, PayloadType payload_type) noexcept {
  const auto found = std::find_if(section.codecs.begin(), section.codecs.end(),
                                  [&](const Codec& codec) { return codec.payload_type == payload_type; });
  return found == section.codecs.end() ? nullptr : &*found;
}

constexpr bool is_printable(char c) noexcept { return c >= ' ' && c <= '~'; }

/// A number where it reads the same when it is written again.
json::value value_of(std::string_view text) {
  const auto number = parse_number<std::int64_t>(text);
  if (number && std::to_string(*number) == text) return *number;
  return json::string{text};
}

Read read_parameter(std::string_view text, FormatParameters& out) {
  if (text.empty()) return Ok{};
  if (out.size() == ortc::kMaxFormatParameters) return std::string_view{"there are too many format parameters"};
  const std::size_t equals = text.find('=');
  const std::string_view key = trimmed(text.substr(0, equals));
  if (!is_text(key, ortc::kMaxParameterKeyBytes, is_printable))
    return std::string_view{"a format parameter has no name"};
  if (equals == std::string_view::npos) {
    out.insert_or_assign(std::string{key}, nullptr);
    return Ok{};
  }
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (value.size() > ortc::kMaxParameterValueBytes || !std::all_of(value.begin(), value.end(), is_printable)) {
    return std::string_view{"the value of a format parameter is too long or not printable"};
  }
  out.insert_or_assign(std::string{key}, value_of(value));
  return Ok{};
}

std::optional<Direction> direction_of(std::string_view text) noexcept {
  if (text == "sendrecv") return Direction::sendrecv;
  if (text == "sendonly") return Direction::sendonly;
  if (text == "recvonly") return Direction::recvonly;
  if (text == "inactive") return Direction::inactive;
  return std::nullopt;
}

Read add_feedback(std::vector<RtcpFeedback>& list, const RtcpFeedback& feedback) {
  if (std::find(list.begin(), list.end(), feedback) != list.end()) return Ok{};
  if (!has_room(list, ortc::kMaxFeedback)) return std::string_view{"there is too much RTCP feedback"};
  list.push_back(feedback);
  return Ok{};
}

}  // namespace

Read read_payload_types(MediaSection& section) {
  for (const std::string& format : section.formats) {
    const auto payload_type = payload_type_of(format);
    if (!payload_type) return std::string_view{"a format is no payload type"};
    if (find_codec(section, *payload_type) != nullptr) return std::string_view{"a payload type stands twice"};
    Codec codec{.payload_type = *payload_type, .line = section.line};
    for (const StaticType& known : kStaticTypes) {
      if (section.media != "audio" || known.payload_type != payload_type->value()) continue;
      codec.name = known.name;
      codec.clock_rate = kStaticClockRate;
    }
    section.codecs.push_back(std::move(codec));
  }
  return Ok{};
}

Read read_rtpmap(std::string_view value, MediaSection& section, std::size_t line) {
  Splitter in{value};
  const auto payload_type = payload_type_of(in.word());
  Splitter encoding{in.word()};
  const std::string_view name = encoding.until('/');
  const auto clock_rate = parse_number<std::uint32_t>(encoding.until('/'));
  const std::string_view channels_text = encoding.rest();
  const auto channels = parse_number<std::uint8_t>(channels_text);

  if (!payload_type) return std::string_view{"the payload type is not 0 to 127"};
  if (!is_text(name, ortc::kMaxMimeTypeBytes, is_token)) return std::string_view{"the encoding has no name"};
  if (!clock_rate || *clock_rate == 0 || *clock_rate > ortc::kMaxClockRate) {
    return std::string_view{"the clock rate is not 1 to 1000000"};
  }
  if (!channels_text.empty() && (!channels || *channels == 0 || *channels > ortc::kMaxChannels)) {
    return std::string_view{"the channels are not 1 to 24"};
  }
  Codec* const codec = find_codec(section, *payload_type);
  if (codec == nullptr) return Ok{};
  codec->name = name;
  codec->clock_rate = *clock_rate;
  codec->channels = channels;
  codec->line = line;
  return Ok{};
}

Read read_fmtp(std::string_view value, MediaSection& section) {
  Splitter in{value};
  const auto payload_type = payload_type_of(in.word());
  if (!payload_type) return std::string_view{"the payload type is not 0 to 127"};
  FormatParameters parameters;
  Splitter list{in.rest()};
  while (!list.done()) {
    if (const Read read = read_parameter(trimmed(list.until(';')), parameters); !read) return read;
  }
  if (Codec* const codec = find_codec(section, *payload_type)) codec->parameters = std::move(parameters);
  return Ok{};
}

Read read_feedback(std::string_view value, MediaSection& section, std::vector<RtcpFeedback>& of_all) {
  Splitter in{value};
  const std::string_view whom = in.word();
  const std::string_view type = in.word();
  const std::string_view parameter = trimmed(in.rest());
  const auto payload_type = payload_type_of(whom);
  if (whom != "*" && !payload_type) return std::string_view{"the payload type is not 0 to 127, or *"};
  if (!is_text(type, ortc::kMaxFeedbackBytes, is_token)) return std::string_view{"the feedback has no type"};
  // Two words and more are nothing that we know, for example `ccm tmmbr smaxpr=120`.
  if (!parameter.empty() && !is_text(parameter, ortc::kMaxFeedbackBytes, is_visible)) return Ok{};

  const RtcpFeedback feedback{std::string{type}, std::string{parameter}};
  if (whom == "*") return add_feedback(of_all, feedback);
  Codec* const codec = find_codec(section, *payload_type);
  return codec == nullptr ? Read{Ok{}} : add_feedback(codec->feedback, feedback);
}

void add_feedback(const std::vector<RtcpFeedback>& of_all, MediaSection& section) {
  for (Codec& codec : section.codecs) {
    if (ortc::equal_ignoring_case(codec.name, "rtx")) continue;
    for (const RtcpFeedback& feedback : of_all) static_cast<void>(add_feedback(codec.feedback, feedback));
  }
}

Read read_extmap(std::string_view value, std::vector<Extension>& extensions, std::size_t line) {
  constexpr std::uint32_t kLastLocalId = 4351;  // RFC 8285 section 6: 4096 and above ask the other side for an id
  Splitter in{value};
  Splitter name{in.word()};
  const auto id = parse_number<std::uint32_t>(name.until('/'));
  const auto direction = name.done() ? Direction::sendrecv : direction_of(name.rest());
  const std::string_view uri = in.word();
  if (!id || *id == 0 || *id > kLastLocalId) return std::string_view{"the id of a header extension is not 1 to 255"};
  if (!direction) return std::string_view{"the direction of a header extension is unknown"};
  if (!is_text(uri, ortc::kMaxUriBytes, is_visible)) return std::string_view{"the header extension has no URI"};
  constexpr std::uint32_t kStop = 15;  // RFC 8285 section 4.2
  if (*id > 255 || *id == kStop) return Ok{};

  for (const Extension& known : extensions) {
    if (known.id == *id) return std::string_view{"the id of a header extension stands twice"};
    if (known.uri == uri) return Ok{};  // the first counts
  }
  if (!has_room(extensions, kMaxExtensions)) return std::string_view{"there are too many header extensions"};
  extensions.push_back({static_cast<std::uint8_t>(*id), *direction, std::string{uri}, line});
  return Ok{};
}

}  // namespace sluice::sdp
