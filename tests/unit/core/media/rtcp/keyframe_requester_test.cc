#include "core/media/rtcp/keyframe_requester.h"

#include <doctest/doctest.h>

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Ssrc kPublisher{7};
constexpr SendPli kPli{kPublisher};
constexpr Instant kStart{};
constexpr KeyframeRequesterConfig kConfig{.min_interval = 200ms, .retry_interval = 500ms, .max_attempts = 3};

TEST_CASE("nothing is sent while nobody asks") {
  KeyframeRequester requester{kPublisher, kConfig};
  CHECK(!requester.poll(kStart).has_value());
  CHECK(!requester.next_timeout().has_value());
}

TEST_CASE("a key frame request is retried until a key frame arrives") {
  KeyframeRequester requester{kPublisher, kConfig};
  requester.handle_request(kStart);
  CHECK(requester.next_timeout() == kStart);
  CHECK(requester.poll(kStart) == kPli);
  CHECK(!requester.poll(kStart).has_value());

  SUBCASE("a second subscriber asking meanwhile adds no second PLI") {
    requester.handle_request(kStart + 10ms);
    CHECK(!requester.poll(kStart + 10ms).has_value());
    CHECK(requester.next_timeout() == kStart + 500ms);
  }
  SUBCASE("one silent interval means ask again") {
    CHECK(!requester.poll(kStart + 499ms).has_value());
    CHECK(requester.poll(kStart + 500ms) == kPli);
    CHECK(requester.next_timeout() == kStart + 1s);
  }
  SUBCASE("a key frame ends it") {
    requester.handle_keyframe();
    CHECK(!requester.next_timeout().has_value());
    CHECK(!requester.poll(kStart + 500ms).has_value());
  }
  SUBCASE("after the last attempt it gives up") {
    CHECK(requester.poll(kStart + 500ms) == kPli);
    CHECK(requester.poll(kStart + 1s) == kPli);
    CHECK(!requester.poll(kStart + 1'500ms).has_value());
    CHECK(!requester.next_timeout().has_value());
    CHECK(requester.plis_sent() == 3);

    requester.handle_request(kStart + 2s);
    CHECK(requester.poll(kStart + 2s) == kPli);  // the next request starts afresh
    CHECK(requester.next_timeout() == kStart + 2'500ms);
  }
}

TEST_CASE("requests soon after an answered one wait for the minimum interval") {
  KeyframeRequester requester{kPublisher, kConfig};
  requester.handle_request(kStart);
  CHECK(requester.poll(kStart) == kPli);
  requester.handle_keyframe();

  requester.handle_request(kStart + 50ms);
  CHECK(!requester.poll(kStart + 50ms).has_value());
  CHECK(requester.next_timeout() == kStart + 200ms);

  SUBCASE("and are then made") { CHECK(requester.poll(kStart + 200ms) == kPli); }
  SUBCASE("and are dropped if a key frame comes by itself before") {
    requester.handle_keyframe();
    CHECK(!requester.poll(kStart + 200ms).has_value());
  }
}

TEST_CASE("a request long after the last PLI goes out at once") {
  KeyframeRequester requester{kPublisher, kConfig};
  requester.handle_request(kStart);
  CHECK(requester.poll(kStart) == kPli);
  requester.handle_keyframe();
  requester.handle_request(kStart + 10s);
  CHECK(requester.poll(kStart + 10s) == kPli);
}

TEST_CASE("a key frame that nobody asked for changes nothing") {
  KeyframeRequester requester{kPublisher, kConfig};
  requester.handle_keyframe();
  requester.handle_request(kStart);
  CHECK(requester.poll(kStart) == kPli);
}

TEST_CASE("a thousand subscribers asking every millisecond cost a bounded number of PLIs") {
  KeyframeRequester requester{kPublisher, kConfig};
  for (int elapsed = 0; elapsed < 1'000; ++elapsed) {
    const Instant now = kStart + elapsed * 1ms;
    for (int subscriber = 0; subscriber < 1'000; ++subscriber) requester.handle_request(now);
    if (requester.poll(now).has_value()) requester.handle_keyframe();  // the publisher answers at once
  }
  CHECK(requester.plis_sent() == 5);  // one each 200 ms
}

}  // namespace
}  // namespace sluice
