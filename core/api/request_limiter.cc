#include "core/api/request_limiter.h"

#include <chrono>
#include <string>

namespace sluice {
namespace {

// A guest of one of the gateway's tokens is as well known as a user; one without a token chooses its name anew each
// time.
bool is_nobody(const Identity& caller) { return caller.guest && caller.claims.empty(); }

std::string key_of(const Identity& caller, const SocketAddress& remote) {
  if (is_nobody(caller)) return "a" + net::limit_key(remote);
  return "u" + caller.tenant + '\n' + caller.user_id;  // neither has control characters
}

}  // namespace

std::optional<Error> RequestLimiter::check(const Identity& caller, const SocketAddress& remote, Instant now) {
  const std::string key = key_of(caller, remote);
  if (limiter_.allow(key, now)) return std::nullopt;
  refused_.add();
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(limiter_.wait(key, now));
  return Error{ErrorCode::rate_limited, "too many requests", {{"retryAfterMs", wait.count()}}};
}

}  // namespace sluice
