#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/socket_address.h"
#include "sluice/time.h"

namespace sluice::net {

struct RateLimit {
  double per_second = 0;  ///< 0: no limit
  double burst = 1;       ///< how many may come at once after a silence
};

/// A bucket of `burst` tokens that fills at `per_second`; each event takes one.
class TokenBucket {
 public:
  TokenBucket(RateLimit limit, Instant now) noexcept : limit_{limit}, tokens_{limit.burst}, filled_{now} {}

  /// Takes a token; false if there is none.
  [[nodiscard]] bool take(Instant now) noexcept;
  /// When a token will be there; zero if there is one.
  [[nodiscard]] Duration wait(Instant now) noexcept;

 private:
  void fill(Instant now) noexcept;

  RateLimit limit_;
  double tokens_;
  Instant filled_;
};

/// One bucket per key, for at most `max_keys` keys: the key that was silent longest makes room, which at worst forgives
/// it. Not thread-safe.
class RateLimiter {
 public:
  static constexpr std::size_t kDefaultMaxKeys = 16'384;

  explicit RateLimiter(RateLimit limit, std::size_t max_keys = kDefaultMaxKeys) : limit_{limit}, max_keys_{max_keys} {}

  [[nodiscard]] bool allow(std::string_view key, Instant now);
  /// When the key will be allowed again; zero if it is.
  [[nodiscard]] Duration wait(std::string_view key, Instant now);
  [[nodiscard]] std::size_t keys() const noexcept { return by_key_.size(); }

 private:
  struct Entry {
    std::string key;
    TokenBucket bucket;
  };
  using Entries = std::list<Entry>;

  Entry& entry(std::string_view key, Instant now);

  RateLimit limit_;
  std::size_t max_keys_;
  Entries entries_;                                                 // the most recently used first
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // views of Entry::key
};

/// The bytes that stand for a peer in limits: an IPv4 address, or the /64 of an IPv6 one, since one host may have all
/// of it.
[[nodiscard]] std::string limit_key(const SocketAddress& address);

}  // namespace sluice::net
