#include "control/target_address.h"

#include <algorithm>
#include <charconv>

#include "sluice/error.h"
#include "sluice/identity.h"
#include "sluice/media/rtmp_writer.h"

namespace sluice::livestream {

namespace {

constexpr std::size_t kMostUrlBytes = 3'072;
constexpr std::size_t kMostReasonBytes = 500;

[[noreturn]] void refuse(const char* path, const std::string& why) {
  throw Error{ErrorCode::invalid_payload, std::string{path} + ": " + why, {{"path", path}}};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
  return out;
}

/// RFC 3986 section 2: what a URL may hold is printable ASCII; the rest would be percent-encoded.
bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

struct Parts {
  std::string_view authority;
  std::string_view path;  ///< without the slash before it
};

/// Nothing: it is no rtmp:// or rtmps://.
std::optional<Parts> split(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower(url.substr(0, colon));
  if (scheme != "rtmp" && scheme != "rtmps") return std::nullopt;
  const std::string_view rest = url.substr(colon + 3);
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return Parts{.authority = rest, .path = {}};
  return Parts{.authority = rest.substr(0, slash), .path = rest.substr(slash + 1)};
}

struct Authority {
  std::string_view host;
  std::string_view port;  ///< with its colon
};

Authority split_authority(std::string_view authority) {
  // RFC 3986 section 3.2.2: the colons of an IPv6 address stand in brackets.
  const std::size_t from = authority.starts_with('[') ? authority.find(']') : 0;
  const std::size_t colon = from == std::string_view::npos ? from : authority.find(':', from);
  if (colon == std::string_view::npos) return {.host = authority, .port = {}};
  return {.host = authority.substr(0, colon), .port = authority.substr(colon)};
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port > 0 && port <= 65'535;
}

void check_authority(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos)
    refuse("url", "must not name a user; the stream key goes into `key`");
  const auto [host, port] = split_authority(authority);
  if (host.empty()) refuse("url", "must name a server: rtmp://server/application");
  if (!port.empty() && !is_port(port)) refuse("url", "must have a port between 1 and 65535, or none");
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  if (what.empty()) return;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

std::string host_of(std::string_view url) {
  const auto parts = split(url);
  return parts ? lower(split_authority(parts->authority).host) : std::string{};
}

TargetAddress make_address(std::string_view url, std::string_view key, std::string_view name) {
  if (url.empty()) refuse("url", "a target of type rtmp has an address");
  if (!is_printable(url) || !is_printable(key))
    refuse("url", "address and key must not hold blanks or other than ASCII");
  const auto parts = split(url);
  if (!parts) refuse("url", "must begin with rtmp:// or rtmps://");
  check_authority(parts->authority);
  std::string_view path = parts->path;
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t last = path.rfind('/');
  if (path.empty()) refuse("url", "must name the server's application: rtmp://server/application");
  if (key.empty() && last == std::string_view::npos) {
    refuse("key", "is missing: the server has given you a stream key");
  }
  std::string whole = std::string{url.substr(0, url.find("://"))} + "://" + std::string{parts->authority} + "/";
  whole.append(path);
  if (!key.empty()) whole.append("/").append(key);
  if (whole.size() > kMostUrlBytes) refuse("url", "address and key are too long");
  TargetAddress out;
  out.name = sanitise_text(name, 128);
  if (out.name.empty()) out.name = host_of(url);
  out.shown = media::masked_rtmp_url(whole);
  out.key = Secret{std::string{key.empty() ? path.substr(last + 1) : key}};
  out.url = Secret{std::move(whole)};
  return out;
}

bool is_allowed(const std::vector<std::string>& patterns, std::string_view host) {
  if (patterns.empty()) return true;
  return std::ranges::any_of(patterns, [host](const std::string& written) {
    const std::string pattern = lower(written);
    if (pattern.starts_with("*.")) return host.size() >= pattern.size() && host.ends_with(pattern.substr(1));
    return host == pattern;
  });
}

std::string without_secrets(const TargetAddress& address, std::string_view text) {
  std::string out{text};
  replace_all(out, address.url.reveal(), address.shown);
  replace_all(out, address.key.reveal(), kMaskedSecret);
  // A key may carry a query, of which others may speak alone.
  const std::string& key = address.key.reveal();
  if (const std::size_t query = key.find('?'); query != std::string::npos) {
    replace_all(out, key.substr(0, query), kMaskedSecret);
    replace_all(out, key.substr(query + 1), kMaskedSecret);
  }
  return sanitise_text(out, kMostReasonBytes);
}

}  // namespace sluice::livestream
