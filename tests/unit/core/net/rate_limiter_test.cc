#include "core/net/rate_limiter.h"

#include <doctest/doctest.h>

namespace sluice::net {

using namespace std::chrono_literals;

TEST_CASE("a bucket gives its burst at once and fills with time") {
  const Instant t0{};
  TokenBucket bucket{{.per_second = 2, .burst = 3}, t0};
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(t0));
  CHECK(!bucket.take(t0));
  CHECK(bucket.wait(t0) == 500ms);
  CHECK(!bucket.take(t0 + 499ms));
  CHECK(bucket.take(t0 + 500ms));
  CHECK(!bucket.take(t0 + 500ms));
  SUBCASE("but never beyond the burst") {
    for (int i = 0; i < 3; ++i) CHECK(bucket.take(t0 + 1h));
    CHECK(!bucket.take(t0 + 1h));
  }
  SUBCASE("a clock that stands still or goes back gives nothing") {
    CHECK(!bucket.take(t0));
    CHECK(!bucket.take(t0 + 500ms));
  }
}

TEST_CASE("a rate of zero is no limit") {
  TokenBucket bucket{{.per_second = 0, .burst = 0}, Instant{}};
  CHECK(bucket.take(Instant{}));
  CHECK(bucket.wait(Instant{}) == 0ms);
  RateLimiter limiter{RateLimit{}};
  CHECK(limiter.allow("a", Instant{}));
  CHECK(limiter.keys() == 0);
}

TEST_CASE("keys do not share a bucket") {
  RateLimiter limiter{{.per_second = 1, .burst = 1}};
  CHECK(limiter.allow("a", Instant{}));
  CHECK(!limiter.allow("a", Instant{}));
  CHECK(limiter.allow("b", Instant{}));
}

TEST_CASE("the map of keys is bounded, and the key silent longest makes room") {
  RateLimiter limiter{{.per_second = 1, .burst = 1}, 2};
  const Instant t0{};
  CHECK(limiter.allow("a", t0));
  CHECK(limiter.allow("b", t0));
  CHECK(!limiter.allow("a", t0));  // `b` is the silent one now
  CHECK(limiter.allow("c", t0));
  CHECK(limiter.keys() == 2);
  CHECK(!limiter.allow("a", t0));
  CHECK(limiter.allow("b", t0));  // forgotten, so forgiven
}

TEST_CASE("an IPv6 peer is its /64, whatever address and port it uses") {
  const auto key = [](std::string_view ip) { return limit_key(*SocketAddress::parse(ip, 1)); };
  CHECK(key("2001:db8::1") == key("2001:db8::ffff:1"));
  CHECK(key("2001:db8::1") != key("2001:db8:0:1::1"));
  CHECK(key("192.0.2.1") != key("192.0.2.2"));
  CHECK(limit_key(*SocketAddress::parse("192.0.2.1", 1)) == limit_key(*SocketAddress::parse("192.0.2.1", 2)));
}

}  // namespace sluice::net
