#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::load {

/// Where a server listens: `ws://127.0.0.1:8080/ws` or `http://127.0.0.1:8080`. Without TLS, which a measurement on
/// loopback has no use for.
struct Endpoint {
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Nothing where the text is no such URL.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view url);

}  // namespace sluice::load
