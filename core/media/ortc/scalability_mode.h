#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::ortc {

/// How a stream is layered: W3C "Scalable Video Coding Extension for WebRTC", section 6.
struct ScalabilityMode {
  std::uint8_t spatial_layers = 1;
  std::uint8_t temporal_layers = 1;
  /// `S2T1`: the spatial layers do not depend on each other.
  bool independent_layers = false;
  /// `L3T3_KEY`: they do at key frames only.
  bool key_frames_only = false;

  friend bool operator==(const ScalabilityMode&, const ScalabilityMode&) = default;
};

/// `L1T3`, `L2T2h`, `L3T3_KEY`, `L3T3_KEY_SHIFT`, `S3T3`; nothing for anything else. At most 8 layers of each sort,
/// what 3 bits of a payload descriptor can tell apart.
[[nodiscard]] std::optional<ScalabilityMode> parse_scalability_mode(std::string_view text) noexcept;

}  // namespace sluice::ortc
