#include "sluice/utc_text.h"

#include <doctest/doctest.h>

namespace sluice {

TEST_CASE("a moment is told by RFC 3339 in UTC, with milliseconds") {
  CHECK(utc_text_of_ms(0) == "1970-01-01T00:00:00.000Z");
  CHECK(utc_text_of_ms(1'000'000'000'007) == "2001-09-09T01:46:40.007Z");
  CHECK(utc_text(WallTime{std::chrono::milliseconds{951'827'696'789}}) == "2000-02-29T12:34:56.789Z");  // a leap day
  CHECK(utc_text(WallTime{std::chrono::microseconds{1'999'999}}) == "1970-01-01T00:00:01.999Z");        // is cut
}

TEST_CASE("what no date-time of four digits can say is the nearest that it can") {
  CHECK(utc_text_of_ms(-1) == "1970-01-01T00:00:00.000Z");
  CHECK(utc_text_of_ms(INT64_MAX) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("milliseconds since 1970 are those that are over") {
  CHECK(unix_ms_of(WallTime{std::chrono::microseconds{2'999}}) == 2);
  CHECK(unix_ms_of(WallTime{std::chrono::microseconds{-1}}) == -1);
}

}  // namespace sluice
