#include "core/log/redaction.h"

#include <algorithm>
#include <array>

namespace sluice {

namespace {

constexpr std::string_view kHidden = "***";
constexpr int kMaxDepth = 8;  // of members within a value; what lies deeper is hidden

constexpr std::array<std::string_view, 8> kSecretWords{"token",  "password", "passphrase",    "pwd",
                                                       "secret", "cookie",   "authorization", "credential"};
constexpr std::array<std::string_view, 5> kMarks{"bearer ", "token=", "password=", "secret=", "key="};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_letter(char a, char b) noexcept { return lower(a) == lower(b); }

bool ends_with_word(std::string_view text, std::string_view word) noexcept {
  return text.size() >= word.size() && std::ranges::equal(text.substr(text.size() - word.size()), word, same_letter);
}

// `streamKey` and `api_key`, but not `monkey`.
bool names_a_key(std::string_view field) noexcept {
  if (!ends_with_word(field, "key")) return false;
  if (field.size() == 3) return true;
  const char before = field[field.size() - 4];
  return field[field.size() - 3] == 'K' || before == '_' || before == '-';
}

bool ends_a_secret(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || std::string_view{"&\"',;)>]}"}.find(c) != std::string_view::npos;
}

json::value redacted(std::string_view field, const json::value& value, int depth) {
  if (names_a_secret(field) || depth > kMaxDepth) return json::value(kHidden);
  if (const auto* text = value.if_string()) return json::value(redacted_text(*text));
  if (const auto* members = value.if_object()) {
    json::object out;
    for (const auto& [name, member] : *members) out.emplace(name, redacted(name, member, depth + 1));
    return json::value(std::move(out));
  }
  if (const auto* items = value.if_array()) {
    json::array out;
    for (const json::value& item : *items) out.push_back(redacted({}, item, depth + 1));
    return json::value(std::move(out));
  }
  return value;
}

void hide_after(std::string& text, std::string_view mark) {
  std::size_t from = 0;
  while (true) {
    const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), mark.begin(),
                                   mark.end(), same_letter);
    if (found == text.end()) return;
    const auto secret = found + static_cast<std::ptrdiff_t>(mark.size());
    const auto end = std::find_if(secret, text.end(), ends_a_secret);
    const auto at = static_cast<std::size_t>(secret - text.begin());
    if (end != secret) text.replace(secret, end, kHidden);
    from = std::min(at + kHidden.size(), text.size());
  }
}

// RFC 3986 section 3.2.1: `user:password@` before the host.
void hide_userinfo(std::string& text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of("/?# \t\r\n\"'", begin), text.size());
    const std::size_t host = text.substr(begin, end - begin).rfind('@');
    const std::size_t colon = text.find(':', begin);
    if (host == std::string::npos || colon >= begin + host) continue;
    text.replace(colon + 1, begin + host - colon - 1, kHidden);
  }
}

}  // namespace

bool names_a_secret(std::string_view field) noexcept {
  if (names_a_key(field) || ends_with_word(field, "sdp")) return true;
  return std::ranges::any_of(kSecretWords, [&](std::string_view word) { return ends_with_word(field, word); });
}

json::value redacted(std::string_view field, const json::value& value) { return redacted(field, value, 0); }

std::string redacted_text(std::string_view text) {
  std::string out{text};
  for (const std::string_view mark : kMarks) hide_after(out, mark);
  hide_userinfo(out);
  return out;
}

}  // namespace sluice
