#pragma once

#include <chrono>

#include "sluice/config.h"

namespace sluice::analytics {

/// What stands below `plugins: analytics: records:`. Everything may change while the gateway runs.
struct RecordOptions {
  int quietest_speech_dbov = 55;        ///< where the client says that somebody speaks
  int quietest_plain_dbov = 40;         ///< where it does not say so
  int people = 10'000;                  ///< of one session, with a row of their own
  int events = 20'000;                  ///< of one session's timeline
  std::chrono::minutes gap_minutes{5};  ///< so long an empty room that is no meeting's goes on with its session

  static Schema<RecordOptions> schema();
};

}  // namespace sluice::analytics
