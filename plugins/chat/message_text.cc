#include "message_text.h"

#include <algorithm>
#include <array>
#include <boost/nowide/utf/utf.hpp>
#include <cstdint>

#include "sluice/identity.h"

namespace sluice::chat {

namespace {

using Utf8 = boost::nowide::utf::utf_traits<char>;

constexpr std::size_t kMaxEmojiBytes = 40;
constexpr std::size_t kMaxFileNameBytes = 200;
constexpr char32_t kReplacement = 0xfffd;
constexpr char32_t kZeroWidthJoiner = 0x200d;
constexpr char32_t kVariationSelector = 0xfe0f;
constexpr char32_t kKeycap = 0x20e3;

struct CodePoints {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool is_in(const std::array<CodePoints, N>& ranges, char32_t code) noexcept {
  return std::ranges::any_of(ranges, [&](const CodePoints& one) { return code >= one.first && code <= one.last; });
}

// Embeddings, overrides and isolates: an unclosed one reaches into what stands behind the message.
constexpr std::array<CodePoints, 7> kUnwanted{
    {{0x00, 0x08}, {0x0b, 0x1f}, {0x7f, 0x9f}, {0x202a, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}}};

// Where pictograms stand in Unicode 15: arrows to dingbats, CJK symbols, and the supplementary planes of pictures.
constexpr std::array<CodePoints, 8> kPictures{{{0xa9, 0xa9},
                                               {0xae, 0xae},
                                               {0x203c, 0x2bff},
                                               {0x3030, 0x303d},
                                               {0x3297, 0x3299},
                                               {0x1f000, 0x1faff},
                                               {0xe0020, 0xe007f},
                                               {kZeroWidthJoiner, kZeroWidthJoiner}}};

/// The next code point, or kReplacement for a byte that is none.
char32_t take(std::string_view& text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto code = Utf8::decode(at, end);
  if (boost::nowide::utf::is_valid_codepoint(code)) {
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    return code;
  }
  text.remove_prefix(1);
  return kReplacement;
}

void append(std::string& out, char32_t code) { Utf8::encode(code, std::back_inserter(out)); }

bool is_line_break(char32_t code) noexcept {
  return code == '\n' || code == '\r' || code == 0x0b || code == 0x0c || code == 0x85 || code == 0x2028 ||
         code == 0x2029;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kWhite = " \t\n";
  const auto first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

}  // namespace

std::string sanitise_message(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char32_t code = take(text);
    if (code == '\r' && text.starts_with('\n')) continue;
    if (is_line_break(code)) {
      out.push_back('\n');
    } else if (!is_in(kUnwanted, code)) {
      append(out, code);
    }
  }
  return std::string{trimmed(out)};
}

std::size_t count_characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<std::uint8_t>(byte) & 0xc0) != 0x80; }));
}

bool is_emoji(std::string_view text) noexcept {
  if (text.empty() || text.size() > kMaxEmojiBytes) return false;
  const bool is_keycap = text.ends_with("\xe2\x83\xa3");
  bool has_picture = false;
  while (!text.empty()) {
    const char32_t code = take(text);
    const bool is_digit = (code >= '0' && code <= '9') || code == '#' || code == '*';
    const bool is_picture = is_in(kPictures, code) && code != kZeroWidthJoiner;
    has_picture = has_picture || is_picture;
    if (!is_picture && code != kZeroWidthJoiner && code != kVariationSelector && code != kKeycap &&
        !(is_keycap && is_digit)) {
      return false;
    }
  }
  return has_picture;
}

std::string sanitise_file_name(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string out = sanitise_text(name, kMaxFileNameBytes);
  out.erase(0, std::min(out.find_first_not_of(". "), out.size()));
  return out.empty() ? "file" : out;
}

}  // namespace sluice::chat
