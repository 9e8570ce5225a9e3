#include "http_text.h"

#include <algorithm>

namespace sluice::whip {

namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::string_view> find(const std::map<std::string, std::string, std::less<>>& fields,
                                     std::string_view name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

// A quoted-string, RFC 9110 section 5.6.4. What no header may hold is left out.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// The next entity-tag of a list, which is cut off its front. An opaque-tag may hold commas (RFC 9110 section 8.8.3).
std::string_view next_tag(std::string_view& list) noexcept {
  const auto opening = list.find('"');
  const auto closing = opening == std::string_view::npos ? opening : list.find('"', opening + 1);
  const auto end = closing == std::string_view::npos ? list.size() : std::min(list.find(',', closing), list.size());
  const std::string_view tag = trimmed(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return tag;
}

}  // namespace

std::optional<std::string_view> header(const HttpRequest& request, std::string_view name) {
  return find(request.headers, name);
}

std::optional<std::string_view> query(const HttpRequest& request, std::string_view name) {
  return find(request.query, name);
}

bool is_media_type(std::string_view content_type, std::string_view type) noexcept {
  const std::string_view essence = trimmed(content_type.substr(0, content_type.find(';')));
  return std::ranges::equal(essence, type, {}, lower, lower);
}

bool if_match_allows(std::string_view field, std::string_view entity_tag) noexcept {
  if (trimmed(field) == "*") return true;
  while (!field.empty()) {
    if (next_tag(field) == entity_tag) return true;
  }
  return false;
}

std::string link_header(std::span<const IceServer> servers) {
  std::string out;
  for (const IceServer& server : servers) {
    for (const std::string& url : server.urls) {
      if (!out.empty()) out += ", ";
      out += "<" + url + ">; rel=\"ice-server\"";
      if (server.username) out += "; username=" + quoted(*server.username);
      if (server.credential) out += "; credential=" + quoted(*server.credential) + "; credential-type=\"password\"";
    }
  }
  return out;
}

std::string path_segment(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved = "-._~";
  std::string out;
  for (const char c : text) {
    const bool plain =
        (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || kUnreserved.find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

}  // namespace sluice::whip
