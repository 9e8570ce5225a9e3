#include "session_stats.h"

#include <algorithm>
#include <chrono>

namespace sluice::meetings {

namespace {
double seconds(Duration duration) { return std::chrono::duration<double>{duration}.count(); }
}  // namespace

void SessionStats::joined(std::string_view participant_id, std::string_view user_id, Instant now) {
  count_until(now);
  if (!present_.emplace(participant_id).second) return;
  ++joins_;
  most_ = std::max(most_, static_cast<std::int64_t>(present_.size()));
  if (different_.size() < kMostDifferent) different_.emplace(user_id);
}

void SessionStats::left(std::string_view participant_id, Instant now) {
  count_until(now);
  if (const auto found = present_.find(participant_id); found != present_.end()) present_.erase(found);
}

void SessionStats::count_until(Instant now) {
  participant_seconds_ += seconds(now - counted_until_) * static_cast<double>(present_.size());
  counted_until_ = now;
}

SessionNumbers SessionStats::at(Instant now) const {
  const double lasted = seconds(now - started_);
  const double attended = participant_seconds_ + seconds(now - counted_until_) * static_cast<double>(present_.size());
  return {.duration_seconds = static_cast<std::int64_t>(lasted),
          .total_joins = joins_,
          .max_participants = most_,
          .total_participants = static_cast<std::int64_t>(different_.size()),
          .average_participants = lasted > 0 ? attended / lasted : 0};
}

}  // namespace sluice::meetings
