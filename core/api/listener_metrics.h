#pragma once

#include <string>

#include "core/metrics/grown_metrics.h"
#include "core/net/http_server.h"

namespace sluice {

/// Tells what a listener counts, when it is asked. One thread at a time.
class ListenerMetrics {
 public:
  /// @param name      `public` or `admin`.
  /// @param listener  Outlives this.
  ListenerMetrics(CoreMetrics& metrics, std::string name, const net::HttpListener& listener);
  void update();

 private:
  void tell_requests(const net::ListenerCounters& counters);
  void tell_connections(const net::ListenerCounters& counters);
  void tell_web_sockets(const net::ListenerCounters& counters);
  [[nodiscard]] MetricLabels with(std::string_view label, std::string_view value) const;

  GrownMetrics grown_;
  MetricLabels listener_;
  const net::ListenerCounters& counters_;
};

}  // namespace sluice
