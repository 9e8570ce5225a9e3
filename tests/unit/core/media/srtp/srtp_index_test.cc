#include "core/media/srtp/srtp_index.h"

#include <doctest/doctest.h>

namespace sluice {

TEST_CASE("the index nearest to the newest one is meant, RFC 3711 section 3.3.1") {
  CHECK(estimate_srtp_index(std::nullopt, 65'535) == 65'535U);
  CHECK(estimate_srtp_index(0x1'0005, 6) == 0x1'0006U);
  CHECK(estimate_srtp_index(0x1'0005, 65'530) == 0xfffaU);    // late, from before the wrap
  CHECK(estimate_srtp_index(0x1'fffe, 1) == 0x2'0001U);       // the wrap
  CHECK(estimate_srtp_index(0x1'8000, 0xffff) == 0x1'ffffU);  // less than half the numbers ahead
  CHECK_FALSE(estimate_srtp_index(5, 65'530).has_value());    // before the first roll-over
  CHECK_FALSE(estimate_srtp_index(kMaxSrtpIndex, 0).has_value());
}

TEST_CASE("an index is fresh once, and unknown behind the window") {
  for (const std::uint64_t start : {std::uint64_t{0}, std::uint64_t{65'530}, std::uint64_t{0x1'2345'6789}}) {
    CAPTURE(start);
    SrtpIndexWindow window;
    CHECK(window.look_up(start) == IndexVerdict::fresh);
    window.add(start);
    CHECK(window.look_up(start) == IndexVerdict::seen);
    window.add(start + kSrtpReplayWindow - 1);
    CHECK(window.look_up(start) == IndexVerdict::seen);
    CHECK(window.look_up(start + 1) == IndexVerdict::fresh);
    window.add(start + 1);
    CHECK(window.look_up(start + 1) == IndexVerdict::seen);
    window.add(start + kSrtpReplayWindow);
    CHECK(window.look_up(start) == IndexVerdict::too_old);
    CHECK(window.look_up(start + 1) == IndexVerdict::seen);
    CHECK(window.newest() == start + kSrtpReplayWindow);
  }
}

TEST_CASE("a leap over the whole window forgets it") {
  SrtpIndexWindow window;
  for (std::uint64_t i = 0; i < 10; ++i) window.add(i);
  window.add(10'000);
  CHECK(window.look_up(10'000 - kSrtpReplayWindow + 1) == IndexVerdict::fresh);
  CHECK(window.look_up(9'999) == IndexVerdict::fresh);
  CHECK(window.look_up(9) == IndexVerdict::too_old);
}

}  // namespace sluice
