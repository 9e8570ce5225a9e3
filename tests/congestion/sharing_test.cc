#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "tests/congestion/dumbbell.h"

// RFC 8867 sections 5.2 to 5.5 and 5.8: flows that share a link with others of their kind.

// Where one flow is alone in its direction the bounds are those of the gateway's own goals. Where flows share a link,
// probes of one find the room between the frames of another: queues of up to 250 ms form for moments, and shares
// differ. What is asserted there is what has been reached: utilisation as everywhere, no loss to speak of, and nobody
// starves.

using namespace sluice;
using namespace sluice::congestion;

namespace {

// Of 5.2 and 5.8, whose flows begin together; and of 5.4 and 5.5, where some come late.
constexpr double kFairTogether = 0.3;
constexpr double kFairLate = 0.12;

/// The smallest share over the largest.
double fairness(const std::vector<const MediaFlow*>& flows, const Window& window) {
  std::vector<double> rates;
  for (const MediaFlow* flow : flows) rates.push_back(flow->log().rate(window).kbps());
  return std::ranges::min(rates) / std::ranges::max(rates);
}

}  // namespace

TEST_CASE("RFC 8867 5.2: variable available capacity with two flows") {
  Dumbbell path{{.name = "rfc8867-5.2", .forward = DataRate::kbps(4000)}};
  path.vary(std::array{RateStep{25s, DataRate::kbps(2000)}, RateStep{50s, DataRate::kbps(3500)},
                       RateStep{75s, DataRate::kbps(1000)}, RateStep{100s, DataRate::kbps(2000)}});
  const MediaFlow& first = path.add_media({});
  const MediaFlow& second = path.add_media({});
  path.run_for(126s);

  Figures row = path.figures("RFC 8867 5.2: two flows; 4, 2, 3.5, 1, 2 Mbit/s", path.window(8s, 125s));
  row.fairness = fairness({&first, &second}, path.window(8s, 125s));
  print(row);
  CHECK(*row.queue_p95 < 250ms);
  CHECK(*row.loss < 0.03);
  CHECK(*row.fairness >= kFairTogether);
  for (const Window& stretch : {path.window(8s, 25s), path.window(30s, 50s), path.window(55s, 75s),
                                path.window(80s, 100s), path.window(105s, 125s)}) {
    CHECK(path.utilisation(stretch) >= 0.85);
  }
}

TEST_CASE("RFC 8867 5.3: congested feedback link with flows in both directions") {
  Dumbbell path{{.name = "rfc8867-5.3", .forward = DataRate::kbps(2000), .backward = DataRate::kbps(2000)}};
  path.vary(std::array{RateStep{20s, DataRate::kbps(1000)}, RateStep{40s, DataRate::kbps(500)},
                       RateStep{60s, DataRate::kbps(2000)}});
  path.vary(std::array{RateStep{35s, DataRate::kbps(800)}, RateStep{70s, DataRate::kbps(2000)}},
            Dumbbell::Direction::backward);
  path.add_media({});
  path.add_media({.direction = Dumbbell::Direction::backward});
  path.run_for(101s);

  Figures there = path.figures("RFC 8867 5.3: forward 2, 1, 0.5, 2 Mbit/s", path.window(8s, 100s));
  print(there);
  Figures back =
      path.figures("RFC 8867 5.3: backward 2, 0.8, 2 Mbit/s", path.window(8s, 100s), Dumbbell::Direction::backward);
  print(back);
  for (const Figures& row : {there, back}) {
    CHECK(*row.utilisation >= 0.8);
    CHECK(*row.queue_p95 < 120ms);
    CHECK(*row.loss < 0.03);
  }
}

TEST_CASE("RFC 8867 5.4: three flows that begin one after the other") {
  Dumbbell path{{.name = "rfc8867-5.4", .forward = DataRate::kbps(3500)}};
  std::vector<const MediaFlow*> flows;
  for (int i = 0; i < 3; ++i) {
    flows.push_back(&path.add_media({}));
    path.run_for(20s);
  }
  path.run_for(61s);

  Figures row = path.figures("RFC 8867 5.4: three flows, 3.5 Mbit/s", path.window(8s, 120s));
  row.fairness = fairness(flows, path.window(80s, 120s));
  print(row);
  CHECK(*row.utilisation >= 0.85);
  CHECK(*row.queue_p95 < 250ms);
  CHECK(*row.loss < 0.03);
  CHECK(*row.fairness >= kFairLate);
}

TEST_CASE("RFC 8867 5.5: flows of different round trip times get similar shares") {
  Dumbbell path{{.name = "rfc8867-5.5", .forward = DataRate::kbps(4000)}};
  std::vector<const MediaFlow*> flows;
  for (const Duration delay : {10ms, 25ms, 50ms, 100ms, 150ms}) {
    flows.push_back(&path.add_media({.delay = delay}));
    path.run_for(10s);
  }
  path.run_for(151s);

  Figures row = path.figures("RFC 8867 5.5: five round trip times, 4 Mbit/s", path.window(60s, 200s));
  row.fairness = fairness(flows, path.window(100s, 200s));
  print(row);
  CHECK(*row.utilisation >= 0.85);
  CHECK(*row.queue_p95 < 250ms);
  CHECK(*row.loss < 0.03);
  CHECK(*row.fairness >= kFairLate);
}

TEST_CASE("RFC 8867 5.8: a flow that pauses leaves its share, and gets it back when it resumes") {
  Dumbbell path{{.name = "rfc8867-5.8", .forward = DataRate::kbps(3500)}};
  std::vector<MediaFlow*> flows;
  for (int i = 0; i < 3; ++i) flows.push_back(&path.add_media({}));
  path.run_for(40s);
  flows[0]->pause();
  path.run_for(20s);
  flows[0]->resume();
  path.run_for(61s);

  Figures row = path.figures("RFC 8867 5.8: one of three pauses from 40 to 60 s", path.window(8s, 120s));
  row.fairness = fairness({flows[0], flows[1], flows[2]}, path.window(80s, 120s));
  print(row);
  CHECK(*row.utilisation >= 0.85);
  CHECK(*row.queue_p95 < 250ms);
  CHECK(*row.loss < 0.03);
  CHECK(*row.fairness >= kFairTogether);
  CHECK(path.utilisation(path.window(46s, 60s)) >= 0.85);  // the others take what it left
}
