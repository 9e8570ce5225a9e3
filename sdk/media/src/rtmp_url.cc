#include "sluice/media/rtmp_url.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sluice::media {

namespace {

constexpr std::uint16_t kRtmpPort = 1'935;
constexpr std::uint16_t kRtmpsPort = 443;
constexpr std::size_t kMaxHost = 253;  // RFC 1035 section 2.3.4, written out
// FFmpeg's, of fixed size.
constexpr std::size_t kMaxCredentials = 99;
constexpr std::size_t kMaxApp = 700;  // it stands in an address once more

constexpr std::string_view kHidden = "****";

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_in_name(char c) noexcept { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; }
constexpr bool is_in_ipv6(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}
constexpr bool is_visible(char c) noexcept { return c > ' ' && c < '\x7f'; }

/// Takes `scheme` off the front, whatever its case.
bool take_scheme(std::string_view& url, std::string_view scheme) noexcept {
  constexpr auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
  if (url.size() < scheme.size() || !std::ranges::equal(url.substr(0, scheme.size()), scheme, same)) return false;
  url.remove_prefix(scheme.size());
  return true;
}

std::optional<RtmpUrlError> read_port(std::string_view text, RtmpUrl& url) noexcept {
  if (text.empty()) return std::nullopt;
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), port);
  if (text[0] != ':' || error != std::errc{} || end != text.data() + text.size()) return RtmpUrlError::bad_port;
  if (port == 0 || port > 65'535) return RtmpUrlError::bad_port;
  url.port = static_cast<std::uint16_t>(port);
  return std::nullopt;
}

std::optional<RtmpUrlError> read_authority(std::string_view text, RtmpUrl& url) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    url.credentials = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  if (url.credentials.size() > kMaxCredentials) return RtmpUrlError::too_long;
  const bool is_ipv6 = text.starts_with('[');
  const auto end = is_ipv6 ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos) return RtmpUrlError::bad_host;
  url.host = is_ipv6 ? text.substr(1, end - 1) : text.substr(0, end);
  if (url.host.empty()) return RtmpUrlError::no_host;
  if (url.host.size() > kMaxHost) return RtmpUrlError::bad_host;
  if (!std::ranges::all_of(url.host, is_ipv6 ? is_in_ipv6 : is_in_name)) return RtmpUrlError::bad_host;
  return read_port(text.substr(is_ipv6 ? end + 1 : end), url);
}

std::string_view without_slashes(std::string_view text) noexcept {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

/// `app/key`, `app/instance/key?query`, and also `app?query/key`, as some servers want it.
std::optional<RtmpUrlError> read_path(std::string_view text, RtmpUrl& url) {
  const auto query = std::min(text.find('?'), text.size());
  while (text.starts_with('/') && text.size() > 1 && text[1] == '/') text.remove_prefix(1);
  auto slash = text.substr(0, query).rfind('/');
  if (slash == std::string_view::npos || slash == 0) slash = text.rfind('/');
  if (slash == std::string_view::npos) return RtmpUrlError::no_app;
  url.app = without_slashes(text.substr(0, slash));
  url.key = text.substr(slash + 1);
  if (url.app.empty()) return url.key.empty() ? RtmpUrlError::no_app : RtmpUrlError::no_key;
  if (url.key.empty() || url.key.front() == '?') return RtmpUrlError::no_key;
  if (url.app.front() == '?') return RtmpUrlError::no_app;
  return url.app.size() > kMaxApp ? std::optional{RtmpUrlError::too_long} : std::nullopt;
}

}  // namespace

std::string RtmpUrl::authority() const { return host.find(':') == std::string::npos ? host : '[' + host + ']'; }

std::string_view to_text(RtmpUrlError error) noexcept {
  switch (error) {
    case RtmpUrlError::too_long:
      return "the address is too long";
    case RtmpUrlError::bad_character:
      return "the address has a character that must not be in it";
    case RtmpUrlError::not_rtmp:
      return "the address does not begin with rtmp:// or rtmps://";
    case RtmpUrlError::no_host:
      return "the address has no host";
    case RtmpUrlError::bad_host:
      return "the address has a host that cannot be one";
    case RtmpUrlError::bad_port:
      return "the address has a port that cannot be one";
    case RtmpUrlError::no_app:
      return "the address has neither an application nor a key behind the host";
    case RtmpUrlError::no_key:
      return "the address has no stream key";
  }
  return "";
}

Result<RtmpUrl, RtmpUrlError> parse_rtmp_url(std::string_view text) {
  if (text.size() > RtmpUrl::kMaxBytes) return RtmpUrlError::too_long;
  if (!std::ranges::all_of(text, is_visible)) return RtmpUrlError::bad_character;
  RtmpUrl url{.port = kRtmpPort};
  if (take_scheme(text, "rtmps://")) {
    url.tls = true;
    url.port = kRtmpsPort;
  } else if (!take_scheme(text, "rtmp://")) {
    return RtmpUrlError::not_rtmp;
  }
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  if (const auto error = read_authority(text.substr(0, end), url)) return *error;
  if (const auto error = read_path(text.substr(end), url)) return *error;
  return url;
}

std::string masked_rtmp_url(std::string_view text) {
  const auto url = parse_rtmp_url(text);
  if (!url) return std::string{kHidden};
  std::string masked = url->tls ? "rtmps://" : "rtmp://";
  masked += url->authority();
  if (url->port != (url->tls ? kRtmpsPort : kRtmpPort)) masked += ':' + std::to_string(url->port);
  masked += '/';
  masked += std::string_view{url->app}.substr(0, url->app.find('?'));
  masked += '/';
  masked += kHidden;
  return masked;
}

}  // namespace sluice::media
