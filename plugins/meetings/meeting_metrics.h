#pragma once

#include "sluice/metrics.h"

namespace sluice::meetings {

struct MeetingMetrics {
  explicit MeetingMetrics(Metrics& metrics)
      : live{metrics.gauge("live", "Meetings whose rooms are open.")},
        started{metrics.counter("started_total", "Meetings that have begun.")},
        ended{metrics.counter("ended_total", "Meetings that have ended.")},
        start_failures{metrics.counter("start_failures_total", "Meetings that could not begin.")},
        joins{metrics.counter("joins_total", "Times that somebody came into a meeting's room.")} {}

  Gauge& live;
  Counter& started;
  Counter& ended;
  Counter& start_failures;
  Counter& joins;
};

}  // namespace sluice::meetings
