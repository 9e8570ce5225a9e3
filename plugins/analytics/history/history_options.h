#pragma once

#include <chrono>

#include "sluice/config.h"

namespace sluice::analytics {

/// How long what is kept: `plugins: analytics: retention:`. 0: for ever. Everything may change while the gateway runs.
struct RetentionOptions {
  int s10_hours = 24;  ///< quality by 10 seconds
  int m1_days = 14;    ///< quality by the minute
  int h1_days = 365;   ///< quality by the hour
  int sessions_days = 365;

  static Schema<RetentionOptions> schema();
};

}  // namespace sluice::analytics
