#include "core/media/ortc/redundancy.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/media/ortc/limits.h"

namespace sluice::ortc {
namespace {

std::optional<std::uint8_t> payload_type_of(std::string_view text) noexcept {
  std::uint8_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > kMaxPayloadType) return std::nullopt;
  return number;
}

std::optional<PayloadType> payload_type_of(const RtpCodecCapability& codec) { return codec.preferred_payload_type; }
std::optional<PayloadType> payload_type_of(const RtpCodecParameters& codec) { return codec.payload_type; }

template <class Codec>
bool lists_opus_of(const Codec& red, const std::vector<Codec>& codecs) {
  const auto block = block_payload_type(red.parameters);
  return block && std::ranges::any_of(codecs, [&](const Codec& codec) {
           return payload_type_of(codec) == block && equal_ignoring_case(codec.mime_type, "audio/opus") &&
                  codec.clock_rate == red.clock_rate && codec.channels == red.channels;
         });
}

}  // namespace

bool is_red(std::string_view mime_type) noexcept { return equal_ignoring_case(mime_type, "audio/red"); }

std::optional<PayloadType> block_payload_type(const FormatParameters& parameters) {
  for (const auto& [key, value] : parameters) {
    std::string_view rest{key};
    std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) continue;
    const auto first = payload_type_of(rest.substr(0, slash));
    bool alike = first.has_value();
    while (alike && slash != std::string_view::npos) {
      rest.remove_prefix(slash + 1);
      slash = rest.find('/');
      alike = payload_type_of(rest.substr(0, slash)) == first;
    }
    if (alike) return PayloadType{*first};
  }
  return std::nullopt;
}

FormatParameters red_parameters(PayloadType block) {
  const std::string number = std::to_string(block.value());
  return {{number + "/" + number, ""}};
}

bool names_opus(const RtpCodecCapability& red, const std::vector<RtpCodecCapability>& codecs) {
  return lists_opus_of(red, codecs);
}
bool names_opus(const RtpCodecParameters& red, const std::vector<RtpCodecParameters>& codecs) {
  return lists_opus_of(red, codecs);
}

}  // namespace sluice::ortc
