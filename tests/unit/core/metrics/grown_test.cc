#include "core/metrics/grown.h"

#include <doctest/doctest.h>

#include <array>

#include "core/base/tally.h"
#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

constexpr std::array<double, 3> kBounds{1, 2, 4};

}  // namespace

TEST_CASE("a counter follows a total, and a total that falls takes nothing away") {
  MetricRegistry registry;
  GrownCounter grown{registry.component("a").counter("x_total", "X.")};
  for (const std::uint64_t total : {3U, 3U, 2U, 7U}) grown.raise_to(total);
  CHECK(registry.expose().find("sluice_a_x_total 7\n") != std::string::npos);
}

TEST_CASE("what two count is one counter's") {
  MetricRegistry registry;
  Counter& counter = registry.component("a").counter("x_total", "X.");
  GrownCounter first{counter};
  GrownCounter second{counter};
  first.raise_to(std::uint64_t{5});
  second.raise_to(std::uint64_t{6});
  CHECK(registry.expose().find("sluice_a_x_total 11\n") != std::string::npos);
}

TEST_CASE("a tally sorts values into buckets that include their bounds, as Prometheus does") {
  Tally<kBounds> tally;
  for (const double value : {0.0, 1.0, 1.5, 2.0, 4.0, 5.0, 50.0}) tally.add(value);
  CHECK(std::vector<std::uint64_t>(tally.counts().begin(), tally.counts().end()) ==
        std::vector<std::uint64_t>{2, 2, 1, 2});
  CHECK(tally.sum() == doctest::Approx(63.5));
}

TEST_CASE("a histogram follows a tally") {
  MetricRegistry registry;
  GrownHistogram grown{registry.component("a").tally_histogram("size", "Sizes.", Tally<kBounds>::bounds())};
  Tally<kBounds> tally;
  tally.add(1);
  tally.add(9);
  grown.raise_to(tally.counts(), tally.sum());
  grown.raise_to(tally.counts(), tally.sum());
  tally.add(2);
  grown.raise_to(tally.counts(), tally.sum());
  const std::string text = registry.expose();
  CHECK(text.find("sluice_a_size_bucket{le=\"1\"} 1\n") != std::string::npos);
  CHECK(text.find("sluice_a_size_bucket{le=\"2\"} 2\n") != std::string::npos);
  CHECK(text.find("sluice_a_size_bucket{le=\"+Inf\"} 3\n") != std::string::npos);
  CHECK(text.find("sluice_a_size_sum 12\n") != std::string::npos);
}

TEST_CASE("what is read when it is asked for is read each time") {
  MetricRegistry registry;
  int asked = 0;
  registry.before_expose([&, &gauge = registry.component("a").gauge("asked", "Times.")] { gauge.set(++asked); });
  CHECK(registry.expose().find("sluice_a_asked 1\n") != std::string::npos);
  CHECK(registry.expose().find("sluice_a_asked 2\n") != std::string::npos);
}

TEST_CASE("a part of the gateway may have more label sets, if it says so first") {
  MetricRegistry registry;
  Metrics& metrics = registry.component("a", 150);
  for (int i = 0; i < 200; ++i) metrics.counter("x_total", "X.", {{"event", std::to_string(i)}}).add();
  CHECK(&registry.component("a") == &metrics);
  CHECK(registry.expose().find(R"(event="other"} 50)") != std::string::npos);
}

}  // namespace sluice
