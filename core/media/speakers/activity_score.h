#pragma once

#include "core/media/speakers/speech_activity.h"

namespace sluice {

/// How likely it is that what was counted is speech: the three scores of Volfin and Cohen's method.
struct ActivityScores {
  double immediate = 0;
  double medium = 0;
  double long_term = 0;
};

/// Never less than a small positive number, so that scores can be divided.
[[nodiscard]] ActivityScores score(const SpeechActivity& activity) noexcept;

}  // namespace sluice
