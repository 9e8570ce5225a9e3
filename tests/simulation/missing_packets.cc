#include "tests/simulation/missing_packets.h"

#include <algorithm>

namespace sluice::simulation {

void MissingPackets::on_packet(std::int64_t position, Instant now) {
  missing_.erase(position);
  if (newest_ && position <= *newest_) return;
  for (std::int64_t gap = newest_.value_or(position - 1) + 1; gap < position; ++gap) missing_[gap] = {.due = now};
  newest_ = position;
  while (missing_.size() > kMaxMissing) {
    missing_.erase(missing_.begin());
    ++given_up_;
  }
}

std::vector<std::int64_t> MissingPackets::take_due(Instant now) {
  std::vector<std::int64_t> due;
  for (auto it = missing_.begin(); it != missing_.end();) {
    auto& [position, missing] = *it;
    if (missing.due > now) {
      ++it;
    } else if (missing.requests == config_.max_requests) {
      ++given_up_;
      it = missing_.erase(it);
    } else {
      ++missing.requests;
      ++requested_;
      missing.due = now + config_.retry;
      due.push_back(position);
      ++it;
    }
  }
  return due;
}

std::optional<Instant> MissingPackets::next_timeout() const noexcept {
  const auto first =
      std::ranges::min_element(missing_, [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
  return first == missing_.end() ? std::nullopt : std::optional{first->second.due};
}

void MissingPackets::forget_before(std::int64_t position) {
  const auto end = missing_.lower_bound(position);
  missing_.erase(missing_.begin(), end);
}

}  // namespace sluice::simulation
