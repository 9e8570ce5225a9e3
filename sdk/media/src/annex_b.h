#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// H264's NAL units in their two forms: behind start codes (H.264 Annex B) and behind their length (ISO/IEC 14496-15).
namespace sluice::media {

enum class NalType : std::uint8_t { idr = 5, sps = 7, pps = 8 };

[[nodiscard]] constexpr bool is_nal(std::span<const std::uint8_t> unit, NalType type) noexcept {
  return !unit.empty() && (unit[0] & 0x1f) == static_cast<std::uint8_t>(type);
}

/// Of Annex B's form; without start codes and the zeros behind.
[[nodiscard]] std::vector<std::span<const std::uint8_t>> nal_units(std::span<const std::uint8_t> annex_b);
void append_nal_unit(std::vector<std::uint8_t>& annex_b, std::span<const std::uint8_t> unit);

/// ISO/IEC 14496-15 section 5.3.3.1: what MP4 and Matroska hold instead of parameter sets in the stream.
struct AvcConfiguration {
  std::size_t length_bytes = 4;              ///< of each unit's length
  std::vector<std::uint8_t> parameter_sets;  ///< in Annex B's form
  /// Nothing: it is none (in Annex B's form already, say).
  [[nodiscard]] static std::optional<AvcConfiguration> parse(std::span<const std::uint8_t> record);
};

/// Lengths become start codes. What is cut off is left out.
[[nodiscard]] std::vector<std::uint8_t> to_annex_b(std::span<const std::uint8_t> units, std::size_t length_bytes);

}  // namespace sluice::media
