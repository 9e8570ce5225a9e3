#include "core/base/available_cores.h"

#include <doctest/doctest.h>
#include <sched.h>

namespace sluice {

TEST_CASE("a process that is pinned to one core has one") {
  cpu_set_t all;
  REQUIRE(sched_getaffinity(0, sizeof all, &all) == 0);
  CHECK(available_cores() == static_cast<unsigned>(CPU_COUNT(&all)));

  const int some_core = sched_getcpu();
  REQUIRE(some_core >= 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(some_core), &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(available_cores() == 1);
  REQUIRE(sched_setaffinity(0, sizeof all, &all) == 0);
}

}  // namespace sluice
