#pragma once

#include "core/metrics/grown.h"
#include "core/metrics/process_usage.h"

namespace sluice {

/// The process as Prometheus' own clients tell of it: `process_cpu_seconds_total` and its like.
class ProcessMetrics {
 public:
  /// @param metrics  With the prefix `process_`.
  explicit ProcessMetrics(Metrics& metrics);
  void update(const ProcessUsage& usage) noexcept;

 private:
  GrownCounter cpu_;
  Gauge& resident_;
  Gauge& virtual_;
  Gauge& open_files_;
  Gauge& max_open_files_;
  Gauge& threads_;
  Gauge& start_;
};

}  // namespace sluice
