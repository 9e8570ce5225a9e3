#include "core/media/speakers/dominant_speaker.h"

#include <cmath>
#include <tuple>

namespace sluice {

void DominantSpeaker::update(SpeakerId id, const SpeechActivity& activity) {
  if (activity.silent()) {
    activities_.erase(id);
  } else {
    activities_[id] = activity;
  }
}

void DominantSpeaker::remove(SpeakerId id) noexcept {
  activities_.erase(id);
  if (current_ == id) current_.reset();
}

bool DominantSpeaker::may_lead(const SpeechActivity& activity) const noexcept {
  return activity.long_term >= config_.least_long;
}

bool DominantSpeaker::decide(Instant now) noexcept {
  if (now < next_decision_) return false;
  next_decision_ = now + config_.decision_interval;
  const auto next = current_ ? challenger() : first_speaker();
  if (!next) return false;
  current_ = next;
  return true;
}

// Nobody leads: whoever has spoken most. The smaller number breaks ties, so that no order of a table shows.
std::optional<SpeakerId> DominantSpeaker::first_speaker() const noexcept {
  std::optional<SpeakerId> best;
  std::tuple<int, int, int> best_rank;
  for (const auto& [id, activity] : activities_) {
    if (!may_lead(activity)) continue;
    const std::tuple<int, int, int> rank{activity.long_term, activity.medium, activity.immediate};
    if (best && (rank < best_rank || (rank == best_rank && *best < id))) continue;
    best = id;
    best_rank = rank;
  }
  return best;
}

// Of those who beat the one who leads on all three times, the one who does so the most clearly on the medium one.
std::optional<SpeakerId> DominantSpeaker::challenger() const noexcept {
  const auto leading = activities_.find(*current_);
  const ActivityScores lead = score(leading == activities_.end() ? SpeechActivity{} : leading->second);
  std::optional<SpeakerId> best;
  double best_medium = config_.medium_margin;
  for (const auto& [id, activity] : activities_) {
    if (id == *current_ || !may_lead(activity)) continue;
    const ActivityScores scores = score(activity);
    const double medium = std::log(scores.medium / lead.medium);
    if (std::log(scores.immediate / lead.immediate) <= config_.immediate_margin) continue;
    if (std::log(scores.long_term / lead.long_term) <= config_.long_margin) continue;
    if (medium < best_medium || (medium == best_medium && (!best || *best < id))) continue;
    best = id;
    best_medium = medium;
  }
  return best;
}

}  // namespace sluice
