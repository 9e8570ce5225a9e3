#include "core/media/bwe/bandwidth_estimator.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/bwe/closed_loop.h"

namespace sluice {

using namespace sluice::testing;

TEST_CASE("a lone flow finds the capacity of its link, and follows it down and up again") {
  ClosedLoop loop{"variable", {.rate = DataRate::kbps(2500)}, {{.start = DataRate::kbps(300)}}};
  CHECK(loop.time_until(DataRate::kbps(2125), 20s) < 8s);
  const Stretch steady = loop.run(20s);
  CHECK(steady.utilisation > 0.85);
  CHECK(steady.queue_p95 < 100ms);
  CHECK(steady.loss < 0.02);

  loop.link().set_rate(DataRate::kbps(800));
  loop.run(5s);
  const Stretch low = loop.run(20s);
  CHECK(low.utilisation > 0.85);
  CHECK(low.queue_p95 < 100ms);
  CHECK(low.loss < 0.02);

  loop.link().set_rate(DataRate::kbps(2500));
  CHECK(loop.time_until(DataRate::kbps(2125), 20s) < 5s);
}

}  // namespace sluice
