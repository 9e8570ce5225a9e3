#include "core/metrics/metric_registry.h"

#include <doctest/doctest.h>

namespace sluice {

TEST_CASE("metrics carry their component's name and are exposed as Prometheus reads them") {
  MetricRegistry registry;
  registry.component("plugin.video-room").counter("joins_total", "Joins.").add(3);
  registry.component("net").gauge("clients", "Clients now.", {{"door", "websocket"}}).set(7);
  registry.component("net").histogram("wait_seconds", "Waiting.", {0.1, 1}).observe(0.5);
  const std::string text = registry.expose();
  CHECK(text.find("sluice_plugin_video_room_joins_total 3") != std::string::npos);
  CHECK(text.find(R"(sluice_net_clients{door="websocket"} 7)") != std::string::npos);
  CHECK(text.find(R"(sluice_net_wait_seconds_bucket{le="1"} 1)") != std::string::npos);
  CHECK(text.find("# HELP sluice_net_clients Clients now.") != std::string::npos);
}

TEST_CASE("asking again gives the same metric") {
  MetricRegistry registry;
  Metrics& metrics = registry.component("a");
  CHECK(&metrics == &registry.component("a"));
  CHECK(&metrics.counter("x_total", "X.") == &metrics.counter("x_total", "X."));
}

TEST_CASE("a family's label sets are bounded") {
  MetricRegistry registry;
  Metrics& metrics = registry.component("a");
  for (int i = 0; i < 500; ++i) metrics.counter("x_total", "X.", {{"user", std::to_string(i)}}).add();
  CHECK(registry.expose().find(R"(user="other"} 400)") != std::string::npos);
}

TEST_CASE("a name that Prometheus could not read is refused") {
  MetricRegistry registry;
  CHECK_THROWS_AS(static_cast<void>(registry.component("a").counter("no spaces", "X.")), std::invalid_argument);
}

}  // namespace sluice
