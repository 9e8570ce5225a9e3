#pragma once

#include <chrono>
#include <cstdint>

#include "core/net/rate_limiter.h"
#include "sluice/error.h"
#include "sluice/time.h"

namespace sluice {

/// How many events one client may send; the application copies it from the configuration.
struct EventLimits {
  double events_per_second = 100;  ///< on average; 0: no limit
  double event_burst = 500;        ///< at once: joining a large room consumes many tracks
  /// Mistakes (malformed frames, events over the limit) that are forgiven; one more ends the connection.
  double strikes_per_second = 1;
  double strike_burst = 100;
};

/// Stands before a client's events: slows the fast, and turns away who does not stop.
class EventGate {
 public:
  EventGate(const EventLimits& limits, Instant now) noexcept
      : events_{{.per_second = limits.events_per_second, .burst = limits.event_burst}, now},
        strikes_{{.per_second = limits.strikes_per_second, .burst = limits.strike_burst}, now} {}

  /// False: answer with rate_limited_error() and count a strike().
  [[nodiscard]] bool admit(Instant now) noexcept { return events_.take(now); }
  /// Counts a mistake. False: that was one too many, end the connection.
  [[nodiscard]] bool strike(Instant now) noexcept { return strikes_.take(now); }
  [[nodiscard]] std::chrono::milliseconds retry_after(Instant now) noexcept {
    return std::chrono::ceil<std::chrono::milliseconds>(events_.wait(now));
  }

 private:
  net::TokenBucket events_;
  net::TokenBucket strikes_;
};

/// What a client waits when the gateway, not the client, is too slow.
inline constexpr std::chrono::milliseconds kBusyRetryAfter{1000};

/// RATE_LIMITED {retryAfterMs}.
[[nodiscard]] inline Error rate_limited_error(std::chrono::milliseconds retry_after) {
  return Error{ErrorCode::rate_limited, "too many events", {{"retryAfterMs", retry_after.count()}}};
}

}  // namespace sluice
