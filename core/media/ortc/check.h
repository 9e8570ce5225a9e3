#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sluice/json.h"

/// The small vocabulary that the validators are written in.
namespace sluice::ortc {

using Path = detail::JsonPath;

inline void check(bool good, const Path& path, std::string_view reason) {
  if (!good) detail::invalid(path, reason);
}

inline void check_count(std::size_t count, std::size_t min, std::size_t max, const Path& path) {
  if (count >= min && count <= max) return;
  detail::invalid(path, "must have " + std::to_string(min) + " to " + std::to_string(max) + " elements");
}

/// A text of `min` to `max` bytes, all of which `allowed` accepts.
template <class Allowed>
void check_text(std::string_view text, std::size_t min, std::size_t max, Allowed allowed, const Path& path) {
  if (text.size() < min || text.size() > max) {
    detail::invalid(path, "must have " + std::to_string(min) + " to " + std::to_string(max) + " bytes");
  }
  for (const char c : text) check(allowed(c), path, "has a character that is not allowed there");
}

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// Visible ASCII. What ends up in a session description of another client must not bring its own line breaks.
constexpr bool is_visible(char c) noexcept { return c > ' ' && c <= '~'; }
/// token-char, RFC 8866 section 9.
constexpr bool is_token(char c) noexcept {
  return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`{|}~"}.find(c) != std::string_view::npos;
}
/// ice-char, RFC 8839 section 5.1.
constexpr bool is_ice(char c) noexcept { return is_alphanumeric(c) || c == '+' || c == '/'; }
constexpr bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace sluice::ortc
