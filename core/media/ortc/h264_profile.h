#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/ortc.h"

namespace sluice::ortc {

enum class H264Profile : std::uint8_t {
  constrained_baseline,
  baseline,
  main,
  constrained_high,
  high,
  high_444_predictive
};

/// What `profile-level-id` says, RFC 6184 section 8.1.
struct H264ProfileLevel {
  H264Profile profile = H264Profile::constrained_baseline;
  /// Ten times the level: 31 is level 3.1.
  std::uint8_t level = 31;
  /// Level 1b, which lies between 1 and 1.1 and has no number of its own in the baseline and main profiles.
  bool level_1b = false;

  friend bool operator==(const H264ProfileLevel&, const H264ProfileLevel&) = default;
};

/// Six hexadecimal digits; nothing for anything else, or for a profile that nobody negotiates in WebRTC.
[[nodiscard]] std::optional<H264ProfileLevel> parse_profile_level_id(std::string_view text) noexcept;

/// Both profile-level-ids are readable and of one profile.
[[nodiscard]] bool same_h264_profile(const FormatParameters& a, const FormatParameters& b);

/// The profile-level-id of a stream described by `sender` once `receiver` takes it: the sender's own where both allow
/// level asymmetry, else the lower of the two levels. RFC 6184 section 8.2.2. Nothing where the profiles differ.
[[nodiscard]] std::optional<std::string> negotiated_profile_level_id(const FormatParameters& sender,
                                                                     const FormatParameters& receiver);

}  // namespace sluice::ortc
