#include "core/media/ortc/h264_profile.h"

#include <array>
#include <charconv>

#include "core/media/ortc/codec.h"

namespace sluice::ortc {
namespace {

/// One row of RFC 6184 section 8.1, table 5: which profile_idc and profile-iop name which profile.
struct ProfileRow {
  std::uint8_t idc;
  std::uint8_t iop_mask;
  std::uint8_t iop_value;
  H264Profile profile;
};

// The iop column reads x1xx0000 and the like: `mask` has the digits that are given, `value` what they are.
constexpr std::array kProfiles{
    ProfileRow{0x42, 0b0100'1111, 0b0100'0000, H264Profile::constrained_baseline},
    ProfileRow{0x4d, 0b1000'1111, 0b1000'0000, H264Profile::constrained_baseline},
    ProfileRow{0x58, 0b1100'1111, 0b1100'0000, H264Profile::constrained_baseline},
    ProfileRow{0x42, 0b0100'1111, 0b0000'0000, H264Profile::baseline},
    ProfileRow{0x58, 0b1100'1111, 0b1000'0000, H264Profile::baseline},
    ProfileRow{0x4d, 0b1010'1111, 0b0000'0000, H264Profile::main},
    ProfileRow{0x64, 0b1111'1111, 0b0000'0000, H264Profile::high},
    ProfileRow{0x64, 0b1111'1111, 0b0000'1100, H264Profile::constrained_high},
    ProfileRow{0xf4, 0b1111'1111, 0b0000'0000, H264Profile::high_444_predictive},
};

constexpr std::uint8_t kConstraintSet3 = 0b0001'0000;
constexpr std::uint8_t kLevel11 = 11;
constexpr std::array<std::uint8_t, 16> kLevels{10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 52};

bool is_level(std::uint8_t level) noexcept {
  for (const std::uint8_t known : kLevels) {
    if (known == level) return true;
  }
  return false;
}

int rank(const H264ProfileLevel& value) noexcept { return value.level_1b ? 21 : value.level * 2; }

/// RFC 6184 section 8.1 has baseline at level 1 for a missing profile-level-id; browsers, and mediasoup-client after
/// them, take constrained baseline at level 3.1, and so do we, to agree with both ends.
constexpr std::string_view kDefaultProfileLevelId = "42e01f";

std::optional<H264ProfileLevel> profile_level_of(const FormatParameters& parameters) {
  const auto text = text_parameter(parameters, "profile-level-id");
  return parse_profile_level_id(text ? std::string_view{*text} : kDefaultProfileLevelId);
}

bool allows_asymmetry(const FormatParameters& parameters) {
  return integer_parameter(parameters, "level-asymmetry-allowed") == 1;
}

}  // namespace

//  profile-level-id, 3 bytes as 6 hexadecimal digits
//  |  profile_idc  | 0 1 2 3 4 5 x x |  level_idc  |
//                    constraint_set flags: profile-iop
std::optional<H264ProfileLevel> parse_profile_level_id(std::string_view text) noexcept {
  constexpr std::size_t kDigits = 6;
  std::uint32_t bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  if (text.size() != kDigits || error != std::errc{} || end != text.data() + kDigits) return std::nullopt;

  const auto idc = static_cast<std::uint8_t>(bits >> 16);
  const auto iop = static_cast<std::uint8_t>(bits >> 8);
  const auto level = static_cast<std::uint8_t>(bits);
  if (!is_level(level)) return std::nullopt;

  for (const ProfileRow& row : kProfiles) {
    if (row.idc != idc || (iop & row.iop_mask) != row.iop_value) continue;
    const bool flag_means_1b = idc == 0x42 || idc == 0x4d || idc == 0x58;
    const bool level_1b = flag_means_1b && level == kLevel11 && (iop & kConstraintSet3) != 0;
    return H264ProfileLevel{.profile = row.profile, .level = level, .level_1b = level_1b};
  }
  return std::nullopt;
}

bool same_h264_profile(const FormatParameters& a, const FormatParameters& b) {
  const auto first = profile_level_of(a);
  const auto second = profile_level_of(b);
  return first && second && first->profile == second->profile;
}

std::optional<std::string> negotiated_profile_level_id(const FormatParameters& sender,
                                                       const FormatParameters& receiver) {
  const auto sent = profile_level_of(sender);
  const auto received = profile_level_of(receiver);
  if (!sent || !received || sent->profile != received->profile) return std::nullopt;
  const bool keep = (allows_asymmetry(sender) && allows_asymmetry(receiver)) || rank(*sent) <= rank(*received);
  return text_parameter(keep ? sender : receiver, "profile-level-id").value_or(std::string{kDefaultProfileLevelId});
}

}  // namespace sluice::ortc
