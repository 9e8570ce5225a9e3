#include "tests/load/doors/endpoint.h"

#include <charconv>

namespace sluice::load {
namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view url) {
  if (!take_prefix(url, "ws://") && !take_prefix(url, "http://")) return std::nullopt;
  Endpoint out;
  const std::size_t slash = url.find('/');
  if (slash != std::string_view::npos) out.path = url.substr(slash);
  std::string_view authority = url.substr(0, slash);

  // [2001:db8::1]:8080: the colons in brackets are not the port's.
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t colon = authority.find(':', bracket);
  if (colon != std::string_view::npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || out.port == 0) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (bracket != 0) authority = authority.substr(1, bracket - 1);
  out.host = authority;
  if (out.host.empty()) return std::nullopt;
  return out;
}

}  // namespace sluice::load
