#include "core/media/speakers/activity_score.h"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

constexpr double kLeastScore = 1e-10;

// The logarithm of a likelihood ratio. Of `most` parts `active` were speech: in speech each is active with probability
// 1/2, a binomial distribution; without speech the number of active ones falls off exponentially, at the rate `lambda`.
double score_of(int active, int most, double lambda) noexcept {
  const double ways = std::lgamma(most + 1) - std::lgamma(active + 1) - std::lgamma(most - active + 1);
  const double speech = ways - most * std::log(2.0);
  const double silence = std::log(lambda) - lambda * active;
  return std::max(speech - silence, kLeastScore);
}

}  // namespace

ActivityScores score(const SpeechActivity& activity) noexcept {
  return {.immediate = score_of(activity.immediate, SpeechActivity::kImmediateMax, 0.78),
          .medium = score_of(activity.medium, SpeechActivity::kMediumMax, 24),
          .long_term = score_of(activity.long_term, SpeechActivity::kLongMax, 47)};
}

}  // namespace sluice
