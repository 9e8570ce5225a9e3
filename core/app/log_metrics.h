#pragma once

#include "core/log/log.h"
#include "core/metrics/grown.h"
#include "core/metrics/metric_registry.h"

namespace sluice {

/// `sluice_log_dropped_lines_total`, looked up when it is asked for.
class LogMetrics {
 public:
  /// Both outlive it, and it the last expose().
  LogMetrics(MetricRegistry& registry, const LogBook& logs)
      : dropped_{registry.component("log").counter(
            "dropped_lines_total", "Log lines that were not written: the disk was full, or too slow for the queue.",
            {})} {
    registry.before_expose([this, &logs] { dropped_.raise_to(logs.lost_lines()); });
  }
  LogMetrics(const LogMetrics&) = delete;
  LogMetrics& operator=(const LogMetrics&) = delete;

 private:
  GrownCounter dropped_;
};

}  // namespace sluice
