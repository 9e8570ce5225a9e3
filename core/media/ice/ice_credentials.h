#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice {

// RFC 8445 section 5.3: 4 to 256 ice-chars of ufrag, 22 to 256 of password. Ours are far shorter than the upper bound.
inline constexpr std::size_t kMinUfragSize = 4;
inline constexpr std::size_t kMinIcePasswordSize = 22;
inline constexpr std::size_t kMaxIceCredentialSize = 256;

/// One side's ufrag and password. The random they are made of comes from the caller.
struct IceCredentials {
  std::string ufrag;
  std::string pwd;
  friend bool operator==(const IceCredentials&, const IceCredentials&) = default;
};

/// Are these all ice-chars: ALPHA / DIGIT / "+" / "/" (RFC 8839 section 5.1)?
[[nodiscard]] constexpr bool is_ice_chars(std::string_view text) noexcept {
  for (const char c : text) {
    const bool known =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!known) return false;
  }
  return true;
}

[[nodiscard]] constexpr bool is_valid_ufrag(std::string_view ufrag) noexcept {
  return ufrag.size() >= kMinUfragSize && ufrag.size() <= kMaxIceCredentialSize && is_ice_chars(ufrag);
}

[[nodiscard]] constexpr bool is_valid_ice_password(std::string_view pwd) noexcept {
  return pwd.size() >= kMinIcePasswordSize && pwd.size() <= kMaxIceCredentialSize && is_ice_chars(pwd);
}

}  // namespace sluice
