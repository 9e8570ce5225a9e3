#include <array>
#include <cstdio>

#include "annex_b.h"
#include "sluice/media/fragment_writer.h"

namespace sluice::media {

namespace {

/// `avc1.PPCCLL`: profile, constraints and level, as they stand behind the header of the parameter set (RFC 6381
/// section 3.3).
std::optional<std::string> of_h264(const TrackFormat& format) {
  for (const auto unit : nal_units(format.extradata)) {
    if (!is_nal(unit, NalType::sps) || unit.size() < 4) continue;
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "avc1.%02x%02x%02x", unit[1], unit[2], unit[3]);
    return text.data();
  }
  return std::nullopt;
}

/// The object type is the first five bits of an AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1).
std::optional<std::string> of_aac(const TrackFormat& format) {
  constexpr int kEscape = 31;  // six more bits
  if (format.extradata.empty()) return std::nullopt;
  const auto object_type = format.extradata[0] >> 3;
  if (object_type == 0 || object_type == kEscape) return std::nullopt;
  return "mp4a.40." + std::to_string(object_type);
}

}  // namespace

std::optional<std::string> codecs_parameter(const TrackFormat& format) {
  if (format.codec == Codec::h264) return of_h264(format);
  if (format.codec == Codec::aac) return of_aac(format);
  if (format.codec == Codec::opus) return "opus";
  return std::nullopt;
}

}  // namespace sluice::media
