#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// RFC 7515 section 2: base64url without padding. nullopt for any other character, and for a length that no encoder
/// writes.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> decode_base64url(std::string_view text);

[[nodiscard]] std::string encode_base64url(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string encode_base64url(std::string_view text);

}  // namespace sluice
