#include "core/net/rate_limiter.h"

#include <algorithm>
#include <chrono>

namespace sluice::net {

void TokenBucket::fill(Instant now) noexcept {
  if (now <= filled_) return;
  const std::chrono::duration<double> elapsed = now - filled_;
  tokens_ = std::min(limit_.burst, tokens_ + elapsed.count() * limit_.per_second);
  filled_ = now;
}

bool TokenBucket::take(Instant now) noexcept {
  if (limit_.per_second <= 0) return true;
  fill(now);
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

Duration TokenBucket::wait(Instant now) noexcept {
  if (limit_.per_second <= 0) return Duration::zero();
  fill(now);
  if (tokens_ >= 1) return Duration::zero();
  const std::chrono::duration<double> seconds{(1 - tokens_) / limit_.per_second};
  return std::chrono::ceil<Duration>(seconds);
}

bool RateLimiter::allow(std::string_view key, Instant now) {
  if (limit_.per_second <= 0) return true;
  return entry(key, now).bucket.take(now);
}

Duration RateLimiter::wait(std::string_view key, Instant now) {
  if (limit_.per_second <= 0) return Duration::zero();
  return entry(key, now).bucket.wait(now);
}

RateLimiter::Entry& RateLimiter::entry(std::string_view key, Instant now) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (entries_.size() >= max_keys_) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({std::string{key}, TokenBucket{limit_, now}});
  by_key_.emplace(entries_.front().key, entries_.begin());
  return entries_.front();
}

std::string limit_key(const SocketAddress& address) {
  constexpr std::size_t kNetworkBytes = 8;  // a /64
  const Bytes ip = address.ip_bytes();
  const Bytes part = address.is_ipv6() ? ip.first(kNetworkBytes) : ip;
  return {part.begin(), part.end()};
}

}  // namespace sluice::net
