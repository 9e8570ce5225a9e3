#include "core/api/listener_metrics.h"

#include <doctest/doctest.h>

#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

class CountingListener final : public net::HttpListener {
 public:
  [[nodiscard]] net::HttpRouter& router() noexcept override { return router_; }
  [[nodiscard]] const net::ListenerCounters& counters() const noexcept override { return counted; }
  [[nodiscard]] const net::ListenerOptions& options() const noexcept override { return options_; }
  [[nodiscard]] std::uint16_t port() const noexcept override { return 1; }

  net::ListenerCounters counted;

 private:
  net::HttpRouter router_;
  net::ListenerOptions options_;
};

}  // namespace

TEST_CASE("what a listener counts is told under its name, when it is asked for") {
  using namespace std::chrono_literals;
  MetricRegistry registry;
  CountingListener listener;
  ListenerMetrics metrics{registry.component("http"), "public", listener};
  const auto says = [&](std::string_view line) { return registry.expose().find(line) != std::string::npos; };
  metrics.update();
  CHECK(says("sluice_http_responses_total{class=\"5xx\",listener=\"public\"} 0\n"));

  listener.counted.answers[0] = 7;
  listener.counted.answers[3] = 2;
  listener.counted.open_web_sockets = 5;
  listener.counted.slow_clients = 3;
  listener.counted.refused_rate = 4;
  listener.counted.tls_failures = 6;
  listener.counted.message_bytes_sent = 1000;
  listener.counted.answer_times.add(3ms);
  listener.counted.answer_times.add(7s);
  metrics.update();
  metrics.update();
  CHECK(says("sluice_http_responses_total{class=\"2xx\",listener=\"public\"} 7\n"));
  CHECK(says("sluice_http_responses_total{class=\"5xx\",listener=\"public\"} 2\n"));
  CHECK(says("sluice_http_open_web_sockets{listener=\"public\"} 5\n"));
  CHECK(says("sluice_http_web_sockets_dropped_total{listener=\"public\",reason=\"slow_client\"} 3\n"));
  CHECK(says("sluice_http_refused_total{listener=\"public\",reason=\"rate\"} 4\n"));
  CHECK(says("sluice_http_failures_total{listener=\"public\",reason=\"tls\"} 6\n"));
  CHECK(says("sluice_http_web_socket_bytes_total{direction=\"sent\",listener=\"public\"} 1000\n"));
  CHECK(says("sluice_http_request_seconds_bucket{listener=\"public\",le=\"0.0025\"} 0\n"));
  CHECK(says("sluice_http_request_seconds_bucket{listener=\"public\",le=\"0.005\"} 1\n"));
  CHECK(says("sluice_http_request_seconds_bucket{listener=\"public\",le=\"+Inf\"} 2\n"));
  CHECK(says("sluice_http_request_seconds_sum{listener=\"public\"} 7.003\n"));
}

}  // namespace sluice
