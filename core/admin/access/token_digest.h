#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::admin {

/// SHA-256 of a token. Enough for tokens that the gateway makes itself: nobody guesses 256 random bits, whatever a
/// guess costs (a password would need a slow function).
using TokenDigest = std::array<std::uint8_t, 32>;

[[nodiscard]] TokenDigest digest_of(std::string_view token);
/// Takes the same time whatever the digests are.
[[nodiscard]] bool same(const TokenDigest& a, const TokenDigest& b) noexcept;

[[nodiscard]] std::string to_hex(const TokenDigest& digest);
/// Nothing for what `to_hex` does not write.
[[nodiscard]] std::optional<TokenDigest> digest_from_hex(std::string_view text);

}  // namespace sluice::admin
