#pragma once

#include "lifetime.h"
#include "options.h"
#include "sluice/host.h"
#include "sluice/metrics.h"

namespace sluice::videoroom {

/// What the videoroom counts.
struct RoomMetrics {
  explicit RoomMetrics(Metrics& metrics)
      : rooms{metrics.gauge("rooms", "Rooms that are there now.")},
        participants{metrics.gauge("participants", "Participants in all rooms.")},
        away{metrics.gauge("participants_away", "Of them, those whose connection is lost.")},
        transport_failures{metrics.counter("transport_failures_total", "Transports whose ICE or DTLS failed.")} {}

  Gauge& rooms;
  Gauge& participants;
  Gauge& away;
  Counter& transport_failures;
};

/// What every part of the videoroom works with.
struct Context {
  Host& host;
  Options options;
  RoomMetrics metrics;
  Retired retired;
};

}  // namespace sluice::videoroom
