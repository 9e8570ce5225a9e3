#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "quality/participant_quality.h"
#include "quality/quality_desk.h"
#include "quality/quality_news.h"
#include "sluice/lifeline.h"

namespace sluice::analytics {

/// One room, and who is in it.
class RoomWatch {
 public:
  RoomWatch(Room& room, std::size_t seconds_kept) noexcept : room_{room}, seconds_kept_{seconds_kept} {}

  [[nodiscard]] Room& room() noexcept { return room_; }
  [[nodiscard]] bool empty() const noexcept { return participants_.empty(); }
  /// nullptr if there is nobody of that id.
  [[nodiscard]] ParticipantQuality* find(std::string_view participant_id) const noexcept;
  ParticipantQuality& enter(const std::string& participant_id);
  void leave(std::string_view participant_id) noexcept;
  /// Somebody has missed what was told.
  void tell_all_again() noexcept { news_.somebody_came(); }
  void keep(std::size_t seconds);

  /// Whether its last question has not been answered yet.
  bool asked = false;
  /// For what comes later: it does nothing if the room has gone.
  [[nodiscard]] const Lifeline& lifeline() const noexcept { return lifeline_; }

  /// One second; valid until the next one.
  std::span<const ParticipantSample> take_second(const std::vector<ParticipantMediaStats>& stats, Instant now,
                                                 WallTime at);
  /// Of the last second; nothing if that is long ago.
  [[nodiscard]] RoomQuality quality(Instant now) const noexcept;
  /// Of the last second, however long ago.
  [[nodiscard]] const RoomQuality& counted() const noexcept { return quality_; }
  /// What to tell the room; nothing where it knows.
  [[nodiscard]] std::optional<json::object> news(Instant now, Duration least_interval) {
    return news_.poll(participants_, quality(now), now, least_interval);
  }

 private:
  Room& room_;
  std::size_t seconds_kept_;
  std::vector<std::unique_ptr<ParticipantQuality>> participants_;
  std::unordered_map<std::string_view, ParticipantQuality*> by_id_;  // the keys are the participants' own
  std::vector<ParticipantSample> samples_;                           // kept for its memory
  RoomQuality quality_;
  Instant sampled_at_{};
  QualityNews news_;
  Lifeline lifeline_;
};

}  // namespace sluice::analytics
