#include "content_disposition.h"

#include <cstdint>

#include "sluice/identity.h"

namespace sluice::recording {

namespace {

constexpr std::size_t kMostTitleBytes = 120;

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

Headers file_headers(std::string_view save_as) {
  Headers out{{"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "private, no-cache"}};
  if (!save_as.empty()) {
    out["Content-Disposition"] =
        "attachment; filename=\"" + ascii(save_as) + "\"; filename*=UTF-8''" + percent_encoded(save_as);
  }
  return out;
}

std::string file_name_of(std::string_view title, std::string_view extension) {
  std::string out;
  for (const char c : sanitise_text(title, kMostTitleBytes)) {
    out.push_back(std::string_view{"/\\:*?\"<>|"}.find(c) == std::string_view::npos ? c : '_');
  }
  while (!out.empty() && (out.front() == '.' || out.front() == ' ')) out.erase(0, 1);
  if (out.empty()) out = "recording";
  return out + std::string{extension};
}

}  // namespace sluice::recording
