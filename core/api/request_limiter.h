#pragma once

#include <optional>

#include "core/base/socket_address.h"
#include "core/net/rate_limiter.h"
#include "sluice/error.h"
#include "sluice/identity.h"
#include "sluice/metrics.h"

namespace sluice {

/// How often one caller may ask: each user by its tenant and id, guests without a token by their address (IPv6: /64).
/// Bounded as net::RateLimiter is.
///
/// @note Control thread only.
class RequestLimiter {
 public:
  RequestLimiter(net::RateLimit limit, Metrics& metrics)
      : limiter_{limit},
        refused_{metrics.counter("requests_rate_limited_total", "HTTP requests refused with RATE_LIMITED.")} {}

  /// RATE_LIMITED with `retryAfterMs`, or nothing: the request may go on.
  [[nodiscard]] std::optional<Error> check(const Identity& caller, const SocketAddress& remote, Instant now);

 private:
  net::RateLimiter limiter_;
  Counter& refused_;
};

}  // namespace sluice
