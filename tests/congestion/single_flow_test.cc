#include <doctest/doctest.h>

#include <array>

#include "tests/congestion/dumbbell.h"

// RFC 8867 section 5.1, and other figures of one flow.

using namespace sluice;
using namespace sluice::congestion;

TEST_CASE("a flow converges from 300 kbit/s to 2.5 Mbit/s within 8 s, and stays there without a queue") {
  Dumbbell path{{.name = "converge", .forward = DataRate::kbps(2500), .delay = 25ms}};
  path.add_media({});
  path.run_for(40s);

  Figures row = path.figures("start at 300 kbit/s, link of 2.5 Mbit/s", path.window(8s, 40s));
  row.settled = path.settled_after(0s, 0.9);
  print(row);
  CHECK(*row.settled <= 8s);
  CHECK(*row.utilisation >= 0.85);
  CHECK(*row.queue_p95 < 100ms);
  CHECK(*row.loss < 0.02);
}

TEST_CASE("a flow recovers within 5 s after its link has lost most of its rate, and within 5 s of its return") {
  Dumbbell path{{.name = "drop", .forward = DataRate::kbps(2500), .delay = 25ms}};
  path.vary(std::array{RateStep{20s, DataRate::kbps(600)}, RateStep{40s, DataRate::kbps(2500)}});
  path.add_media({});
  path.run_for(62s);

  Figures down = path.figures("2.5 Mbit/s to 600 kbit/s", path.window(25s, 40s));
  down.settled = path.settled_after(21s, 0.85) + 1000ms;
  print(down);
  CHECK(*down.settled <= 5s);
  CHECK(path.queue_delay(path.window(23s, 25s), 0.95) < 150ms);
  CHECK(*down.utilisation >= 0.85);
  CHECK(*down.queue_p95 < 150ms);
  CHECK(*down.loss < 0.02);

  Figures up = path.figures("600 kbit/s back to 2.5 Mbit/s", path.window(45s, 60s));
  up.settled = path.settled_after(40s, 0.85);
  print(up);
  CHECK(*up.settled <= 5s);
  CHECK(*up.utilisation >= 0.85);
  CHECK(*up.queue_p95 < 100ms);
  CHECK(*up.loss < 0.02);
}

TEST_CASE("RFC 8867 5.1: variable available capacity with a single flow") {
  Dumbbell path{{.name = "rfc8867-5.1", .forward = DataRate::kbps(1000), .jitter = 0ms}};
  path.vary(std::array{RateStep{40s, DataRate::kbps(2500)}, RateStep{60s, DataRate::kbps(600)},
                       RateStep{80s, DataRate::kbps(1000)}});
  path.add_media({});
  path.run_for(101s);

  Figures row = path.figures("RFC 8867 5.1: 1, 2.5, 0.6, 1 Mbit/s", path.window(8s, 100s));
  print(row);
  CHECK(*row.queue_p95 < 120ms);
  CHECK(*row.loss < 0.02);
  // Five seconds after each change.
  for (const Window& stretch :
       {path.window(8s, 40s), path.window(45s, 60s), path.window(65s, 80s), path.window(85s, 100s)}) {
    CHECK(path.utilisation(stretch) >= 0.85);
    CHECK(path.queue_delay(stretch, 0.95) < 150ms);
  }
}

TEST_CASE("RFC 8867 5.1 with jitter of 30 ms") {
  Dumbbell path{{.name = "rfc8867-5.1-jitter", .forward = DataRate::kbps(1000), .jitter = 30ms}};
  path.vary(std::array{RateStep{40s, DataRate::kbps(2500)}, RateStep{60s, DataRate::kbps(600)},
                       RateStep{80s, DataRate::kbps(1000)}});
  path.add_media({});
  path.run_for(101s);

  Figures row = path.figures("the same with 30 ms of jitter", path.window(8s, 100s));
  print(row);
  CHECK(*row.queue_p95 < 160ms);  // the jitter counts as a queue here
  CHECK(*row.loss < 0.02);
  for (const Window& stretch :
       {path.window(8s, 40s), path.window(45s, 60s), path.window(65s, 80s), path.window(85s, 100s)}) {
    CHECK(path.utilisation(stretch) >= 0.7);
  }
}

TEST_CASE("10 % of random loss at a round trip of 50 ms does not starve a flow") {
  Dumbbell path{{.name = "random-loss", .forward = DataRate::kbps(2500), .delay = 25ms, .loss = 0.1}};
  path.add_media({});
  path.run_for(41s);

  Figures row = path.figures("10 % random loss, link of 2.5 Mbit/s", path.window(10s, 40s));
  row.settled = path.settled_after(0s, 0.9 * 0.85);
  print(row);
  CHECK(*row.utilisation >= 0.9 * 0.7);  // a tenth never arrives
  CHECK(*row.queue_p95 < 100ms);
}

TEST_CASE("a source that sends less than the link carries keeps the queue empty and its estimate up") {
  Dumbbell path{{.name = "application-limited", .forward = DataRate::kbps(3000), .delay = 25ms}};
  MediaFlow& flow = path.add_media({.source = {.max = DataRate::kbps(800)}});
  path.run_for(30s);
  Figures row = path.figures("source of 800 kbit/s, link of 3 Mbit/s", path.window(8s, 30s));
  print(row);
  CHECK(flow.estimator().estimate() >= DataRate::kbps(800));
  CHECK(*row.queue_p95 < 20ms);
  CHECK(*row.loss == 0);
}
