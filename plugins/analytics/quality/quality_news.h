#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "quality/participant_quality.h"
#include "quality/quality_desk.h"
#include "sluice/json.h"
#include "sluice/time.h"

namespace sluice::analytics {

/// What a room is told (`stats:update`): words of each participant, figures of all together. Of each other, people see
/// the word and no figure: a round trip tells where somebody is.
///
/// Told are those whose word has changed, and when somebody has come, all; at most a hundred at a time, the changed
/// ones first, the others in turn with the next ones. Where nothing has changed nothing is told.
class QualityNews {
 public:
  static constexpr std::size_t kMostEntries = 100;
  using Participants = std::span<const std::unique_ptr<ParticipantQuality>>;

  void somebody_came() noexcept { newcomers_ = true; }

  [[nodiscard]] std::optional<json::object> poll(Participants participants, const RoomQuality& room, Instant now,
                                                 Duration least_interval);

 private:
  /// The figures of the room, as coarse as people see them.
  struct Figures {
    std::optional<Grade> grade{};
    std::optional<std::int64_t> mos_tenths{};
    std::optional<std::int64_t> round_trip_10ms{};
    std::optional<std::int64_t> loss_percent{};
    std::size_t poor = 0, fair = 0, good = 0, excellent = 0;
    friend bool operator==(const Figures&, const Figures&) = default;
  };
  [[nodiscard]] static Figures coarse(const RoomQuality& room) noexcept;
  [[nodiscard]] static json::object shown(const Figures& figures);

  template <class Which>
  void tell(Participants participants, Which which, json::array& entries);

  bool newcomers_ = false;
  std::size_t turn_ = 0;  // where the next update begins to look
  std::optional<Instant> told_at_;
  Figures told_;
};

}  // namespace sluice::analytics
