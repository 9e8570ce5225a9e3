#include "plugins/livestream/hls/viewers.h"

#include <doctest/doctest.h>

#include <chrono>

namespace sluice::testing {

namespace {

using namespace livestream;
using namespace std::chrono_literals;

HttpRequest request(std::string remote, std::string agent = {}, std::string viewer = {}) {
  HttpRequest out;
  out.remote_address = std::move(remote);
  if (!agent.empty()) out.headers["user-agent"] = std::move(agent);
  if (!viewer.empty()) out.query["viewer"] = std::move(viewer);
  return out;
}

}  // namespace

TEST_CASE("one viewer is an address, a user agent and a name, whatever the connection") {
  Viewers viewers{100, 10s};
  const Instant t0{};
  viewers.saw(request("203.0.113.7:5000", "Player/1"), t0);
  viewers.saw(request("203.0.113.7:5001", "Player/1"), t0);
  CHECK(viewers.now() == 1);
  viewers.saw(request("203.0.113.7:5002", "Player/2"), t0);
  viewers.saw(request("203.0.113.7:5002", "Player/2", "b"), t0);
  viewers.saw(request("[2001:db8::1]:5000", "Player/1"), t0);
  viewers.saw(request("[2001:db8::1]:6000", "Player/1"), t0);
  CHECK(viewers.now() == 4);
  CHECK(viewers.in_all() == 4);
}

TEST_CASE("who has not asked for ten seconds has left, and counts again on coming back") {
  Viewers viewers{100, 10s};
  const Instant t0{};
  viewers.saw(request("203.0.113.7:1"), t0);
  viewers.saw(request("203.0.113.8:1"), t0 + 1s);
  viewers.saw(request("203.0.113.7:1"), t0 + 5s);
  viewers.expire(t0 + 10'999ms);
  CHECK(viewers.now() == 2);
  viewers.expire(t0 + 11s);
  CHECK(viewers.now() == 1);
  viewers.expire(t0 + 15s);
  CHECK(viewers.now() == 0);
  viewers.saw(request("203.0.113.7:1"), t0 + 16s);
  CHECK(viewers.in_all() == 3);
  CHECK(viewers.peak() == 2);
}

TEST_CASE("more than the bound are not counted, until somebody leaves; names are told apart by their beginning") {
  Viewers viewers{2, 10s};
  const Instant t0{};
  for (int i = 0; i < 50; ++i) viewers.saw(request("203.0.113.7:1", "a", std::to_string(i)), t0);
  CHECK(viewers.now() == 2);
  CHECK(viewers.in_all() == 2);
  viewers.saw(request("203.0.113.7:1", "a", "late"), t0 + 10s);
  CHECK(viewers.now() == 1);
  viewers.saw(request("203.0.113.7:1", "a", std::string(10'000, 'x') + "1"), t0 + 11s);
  viewers.saw(request("203.0.113.7:1", "a", std::string(10'000, 'x') + "2"), t0 + 11s);
  CHECK(viewers.in_all() == 4);
}

}  // namespace sluice::testing
