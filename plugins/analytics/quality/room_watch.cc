#include "quality/room_watch.h"

#include <algorithm>
#include <utility>

#include "quality/room_summary.h"

namespace sluice::analytics {

namespace {

// What is older is not shown as the present.
constexpr Duration kPresent = std::chrono::seconds{5};

}  // namespace

ParticipantQuality* RoomWatch::find(std::string_view participant_id) const noexcept {
  const auto found = by_id_.find(participant_id);
  return found == by_id_.end() ? nullptr : found->second;
}

ParticipantQuality& RoomWatch::enter(const std::string& participant_id) {
  if (ParticipantQuality* known = find(participant_id)) return *known;
  auto& entered = *participants_.emplace_back(std::make_unique<ParticipantQuality>(participant_id, seconds_kept_));
  by_id_.emplace(entered.id(), &entered);
  news_.somebody_came();
  return entered;
}

void RoomWatch::leave(std::string_view participant_id) noexcept {
  const auto found = by_id_.find(participant_id);
  if (found == by_id_.end()) return;
  const auto place = std::ranges::find(participants_, found->second, [](const auto& one) { return one.get(); });
  by_id_.erase(found);
  participants_.erase(place);
}

void RoomWatch::keep(std::size_t seconds) {
  seconds_kept_ = seconds;
  for (const auto& one : participants_) one->keep(seconds);
}

std::span<const ParticipantSample> RoomWatch::take_second(const std::vector<ParticipantMediaStats>& stats, Instant now,
                                                          WallTime at) {
  std::size_t known = 0;
  for (const ParticipantMediaStats& one : stats) {
    ParticipantQuality* const participant = find(one.participant_id);
    const auto sample = participant == nullptr ? std::nullopt : participant->take_second(one, now, at);
    if (!sample) continue;
    if (known == samples_.size()) samples_.emplace_back();
    samples_[known].participant_id = one.participant_id;
    samples_[known].quality = *sample;
    ++known;
  }
  const std::span<const ParticipantSample> second = std::span{samples_}.first(known);
  quality_ = summarise(second);
  sampled_at_ = now;
  return second;
}

RoomQuality RoomWatch::quality(Instant now) const noexcept {
  return now - sampled_at_ > kPresent ? RoomQuality{} : quality_;
}

}  // namespace sluice::analytics
