#include "text_line.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace sluice::media {
namespace {

constexpr std::size_t kMaxOctets = 4 * kMaxLineLength;
constexpr char32_t kReplacement = 0xfffd;
constexpr int kMaxMarks = 2;

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array kBlank{Range{0x00, 0x20},     Range{0x7f, 0xa0},     Range{0x1680, 0x1680}, Range{0x2000, 0x200a},
                            Range{0x2028, 0x2029}, Range{0x202f, 0x202f}, Range{0x205f, 0x205f}, Range{0x3000, 0x3000}};
// Soft hyphen; zero width and direction; variation selectors; skin tones, which need joining; tags.
constexpr std::array kUnseen{Range{0xad, 0xad},       Range{0x61c, 0x61c},     Range{0x180b, 0x180e},
                             Range{0x200b, 0x200f},   Range{0x202a, 0x202e},   Range{0x2060, 0x206f},
                             Range{0xfe00, 0xfe0f},   Range{0xfeff, 0xfeff},   Range{0xfff0, 0xfffb},
                             Range{0x1f3fb, 0x1f3ff}, Range{0xe0000, 0xe0fff}, Range{0xf0000, 0x10ffff}};
constexpr std::array kMarks{Range{0x300, 0x36f},   Range{0x483, 0x489},   Range{0x1ab0, 0x1aff},
                            Range{0x1dc0, 0x1dff}, Range{0x20d0, 0x20ff}, Range{0xfe20, 0xfe2f}};

bool is_in(std::span<const Range> ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

struct Decoded {
  char32_t character;
  std::size_t octets;
};

/// RFC 3629: no more octets than are needed, no surrogates, up to U+10FFFF.
Decoded decode_first(std::string_view text) {
  const auto octet = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = octet(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {kReplacement, 1};
  char32_t character = lead & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (octet(i) >> 6 != 0b10) return {kReplacement, 1};
    character = character << 6 | (octet(i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < kLeast[length] || character > 0x10ffff || is_surrogate) return {kReplacement, 1};
  return {character, length};
}

void append_utf8(std::string& out, char32_t c) {
  const auto trail = [&out, c](int shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    trail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    trail(6);
    trail(0);
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    trail(12);
    trail(6);
    trail(0);
  }
}

bool is_letter_or_digit(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  // Latin-1's signs, punctuation and symbols are none; what is left of them in other scripts does no harm.
  constexpr std::array kSigns{Range{0xa1, 0xbf},     Range{0xd7, 0xd7},     Range{0xf7, 0xf7},
                              Range{0x2010, 0x2bff}, Range{0x3001, 0x303f}, Range{0xfffd, 0xfffd}};
  return !is_in(kSigns, c) && !is_in(kMarks, c);
}

/// Of Latin, Greek and Cyrillic; others have none or come as they are.
char32_t capital(char32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7)) return c - 0x20;
  if (c >= 0x100 && c <= 0x137) return c & ~char32_t{1};
  if (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) return c - 0x20;
  if (c >= 0x430 && c <= 0x44f) return c - 0x20;
  if (c >= 0x450 && c <= 0x45f) return c - 0x50;
  return c;
}

}  // namespace

std::u32string clean_line(std::string_view utf8) {
  std::u32string line;
  std::string_view rest = utf8.substr(0, kMaxOctets);
  int marks = 0;
  while (!rest.empty() && line.size() < kMaxLineLength) {
    const auto [character, octets] = decode_first(rest);
    rest.remove_prefix(octets);
    if (is_in(kUnseen, character)) continue;
    if (is_in(kBlank, character)) {
      if (!line.empty() && line.back() != U' ') line += U' ';
      continue;
    }
    marks = is_in(kMarks, character) ? marks + 1 : 0;
    if (marks <= kMaxMarks) line += character;
  }
  while (!line.empty() && line.back() == U' ') line.pop_back();
  return line;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

std::u32string initials_of(std::u32string_view line) {
  std::u32string initials;
  bool at_word = true;
  for (const char32_t c : line) {
    if (c == U' ') {
      at_word = true;
    } else if (at_word && is_letter_or_digit(c)) {
      if (initials.size() == 2) initials.pop_back();
      initials += capital(c);
      at_word = false;
    }
  }
  return initials;
}

}  // namespace sluice::media
