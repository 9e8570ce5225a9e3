#pragma once

#include <chrono>

#include "sluice/config.h"

namespace sluice::whip {

/// What stands below `plugins: whip:`. Everything may change while the gateway runs; a lower limit meets who comes
/// next, not who is there.
struct Options {
  bool allow_whip = true;
  bool allow_whep = true;

  int max_sessions = 1'000;
  int max_sessions_per_address = 0;  ///< 0: no limit; behind a proxy all clients have its address
  int max_sdp_bytes = 64 * 1024;

  std::chrono::milliseconds join_timeout_ms{30'000};
  std::chrono::milliseconds connect_timeout_ms{30'000};
  std::chrono::milliseconds reconnect_timeout_ms{30'000};
  std::chrono::seconds retry_after_s{5};

  static Schema<Options> schema();
};

}  // namespace sluice::whip
