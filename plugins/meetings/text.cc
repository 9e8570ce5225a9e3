#include "text.h"

#include <algorithm>
#include <cstdint>

#include "sluice/identity.h"

namespace sluice::meetings {

namespace {

constexpr std::size_t kMostEmailBytes = 254;  // RFC 5321 section 4.5.3.1.3, without the angle brackets

bool between(std::uint32_t value, std::uint32_t first, std::uint32_t last) { return value >= first && value <= last; }

// Letters of two bytes of UTF-8 (U+0080 to U+07FF), by their blocks.
std::uint32_t lower_letter(std::uint32_t c) {
  if (between(c, 0xC0, 0xDE) && c != 0xD7) return c + 0x20;  // Latin-1
  if (between(c, 0x100, 0x137) && c % 2 == 0) return c + 1;  // Latin Extended-A, whose pairs change step twice
  if (between(c, 0x139, 0x148) && c % 2 == 1) return c + 1;
  if (between(c, 0x14A, 0x177) && c % 2 == 0) return c + 1;
  if (between(c, 0x179, 0x17E) && c % 2 == 1) return c + 1;
  if (between(c, 0x391, 0x3A9)) return c + 0x20;  // Greek
  if (between(c, 0x400, 0x40F)) return c + 0x50;  // Cyrillic
  if (between(c, 0x410, 0x42F)) return c + 0x20;
  return c;
}

bool is_domain_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string fold(std::string_view text) {
  std::string out = lower(text);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const auto first = static_cast<std::uint8_t>(out[i]);
    const auto second = static_cast<std::uint8_t>(out[i + 1]);
    if (!between(first, 0xC2, 0xDF) || !between(second, 0x80, 0xBF)) continue;
    const std::uint32_t letter = lower_letter((first & 0x1Fu) << 6 | (second & 0x3Fu));
    out[i] = static_cast<char>(0xC0 | letter >> 6);
    out[i + 1] = static_cast<char>(0x80 | (letter & 0x3F));
    ++i;
  }
  return out;
}

std::string sanitise_lines(std::string_view text) {
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    out += sanitise_text(text.substr(0, end), text.size());
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string containing(std::string_view text) {
  std::string out = "%";
  for (const char c : fold(text)) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + '%';
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.size() > kMostEmailBytes) return false;
  const std::string_view domain = text.substr(at + 1);
  if (domain.empty() || !std::ranges::all_of(domain, is_domain_character)) return false;
  return text.find(' ') == std::string_view::npos && sanitise_text(text) == text;
}

std::string domain_of(std::string_view email) {
  const auto at = email.rfind('@');
  return at == std::string_view::npos ? std::string{} : lower(email.substr(at + 1));
}

}  // namespace sluice::meetings
