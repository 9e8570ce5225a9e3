#include "core/media/bwe/feedback_silence.h"

namespace sluice {

bool FeedbackSilence::take_step(Duration round_trip, Instant now) noexcept {
  const auto due = next_timeout(round_trip);
  if (!due || now < *due) return false;
  ++steps_;
  return true;
}

std::optional<Instant> FeedbackSilence::next_timeout(Duration round_trip) const noexcept {
  if (!unanswered_since_) return std::nullopt;
  return *unanswered_since_ + round_trip * 3 + kPatience + steps_ * kStep;
}

}  // namespace sluice
