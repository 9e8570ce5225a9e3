#pragma once

#include <chrono>

#include "sluice/config.h"

namespace sluice::analytics {

/// What stands below `plugins: analytics: quality:`. Everything may change while the gateway runs.
struct QualityOptions {
  bool updates = true;                               ///< rooms are told (`stats:update`)
  std::chrono::milliseconds update_every_ms{5'000};  ///< at most so often, each room
  std::chrono::seconds keep_s{120};                  ///< seconds kept in memory, of each participant
  int reports_per_minute = 60;                       ///< `stats:report` of one participant

  static Schema<QualityOptions> schema();
};

}  // namespace sluice::analytics
