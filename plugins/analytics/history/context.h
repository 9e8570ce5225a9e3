#pragma once

#include "history/history_options.h"
#include "sluice/host.h"
#include "sluice/metrics.h"

namespace sluice::analytics {

/// What the history counts: `sluice_analytics_...`.
struct HistoryMetrics {
  explicit HistoryMetrics(Metrics& metrics)
      : open_sessions{metrics.gauge("open_sessions", "Rooms with people in them, or with a meeting.")},
        waiting_rows{metrics.gauge("waiting_rows", "Rows that wait to be written.")},
        rows_written{metrics.counter("rows_written_total", "Rows that were written to the store.")},
        rows_dropped{metrics.counter("rows_dropped_total",
                                     "Rows that were not: the store was behind or failed for too "
                                     "long.")},
        flush_failures{metrics.counter("flush_failures_total", "Writes that the store refused or failed to do.")},
        flush_seconds{metrics.histogram("flush_seconds", "From a write's being handed to the store to its end.",
                                        {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30})} {}

  Gauge& open_sessions;
  Gauge& waiting_rows;
  Counter& rows_written;
  Counter& rows_dropped;
  Counter& flush_failures;
  Histogram& flush_seconds;
};

}  // namespace sluice::analytics
