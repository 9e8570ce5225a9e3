#include "content_disposition.h"

#include <cstdint>

#include "message_text.h"

namespace sluice::chat {

namespace {

// RFC 8187 section 3.2.1: attr-char.
bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"!#$&+-.^_`|~"}.find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_plain(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

// For clients that do not read `filename*`.
std::string ascii(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(is_plain(c) || c == ' ' ? c : '_');
  return out;
}

}  // namespace

std::map<std::string, std::string, std::less<>> attachment(std::string_view name) {
  const std::string plain = sanitise_file_name(name);
  return {{"Content-Disposition",
           "attachment; filename=\"" + ascii(plain) + "\"; filename*=UTF-8''" + percent_encoded(plain)},
          {"X-Content-Type-Options", "nosniff"},
          {"Content-Security-Policy", "default-src 'none'; sandbox"},
          {"Cache-Control", "private, no-store"}};
}

}  // namespace sluice::chat
