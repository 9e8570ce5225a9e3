#include "sluice/identity.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr char32_t kInvalid = 0xffffffff;

struct Character {
  char32_t code = kInvalid;
  std::size_t bytes = 1;  // of the text that it stands in
};

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Character next_character(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  static constexpr std::array<std::uint8_t, 5> kFirstMask{0, 0, 0x1f, 0x0f, 0x07};
  static constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  char32_t code = first & kFirstMask[length];
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[length] || code > 0x10ffff || surrogate) return {};
  return {code, length};
}

bool is_unwanted(char32_t code) noexcept {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;                   // C0, DEL, C1
  if (code == 0x2028 || code == 0x2029 || code == 0xfeff) return true;              // line and paragraph separator, BOM
  if (code == 0x200e || code == 0x200f || code == 0x061c) return true;              // directional marks
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);  // embeddings, overrides, isolates
}

}  // namespace

std::string sanitise_text(std::string_view text, std::size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    const Character character = next_character(text);
    const std::string_view piece = character.code == kInvalid ? kReplacement : text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
    if (is_unwanted(character.code) || (out.empty() && piece == " ")) continue;
    if (out.size() + piece.size() > max_bytes) break;
    out.append(piece);
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace sluice
