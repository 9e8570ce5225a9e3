#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sluice/config.h"

namespace sluice::engagement {

/// What stands below `plugins: engagement:`. Everything may change while the gateway runs.
struct Options {
  std::vector<std::string> reactions{"👍", "👎", "👏", "❤️", "😂", "😮", "😢", "🎉", "🙏", "🔥"};
  int reactions_per_second = 2;
  int reaction_burst = 5;
  int reaction_messages = 10'000;

  int max_hands = 1'000;
  std::chrono::milliseconds renumber_ms{500};

  static Schema<Options> schema();
};

}  // namespace sluice::engagement
