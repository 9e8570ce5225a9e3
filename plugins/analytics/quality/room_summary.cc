#include "quality/room_summary.h"

#include <cmath>

#include "quality/participant_quality.h"

namespace sluice::analytics {

namespace {

class Mean {
 public:
  void add(std::optional<double> figure) noexcept {
    if (!figure) return;
    sum_ += *figure;
    ++count_;
  }
  [[nodiscard]] std::optional<double> value() const noexcept {
    return count_ == 0 ? std::nullopt : std::optional{sum_ / static_cast<double>(count_)};
  }

 private:
  double sum_ = 0;
  std::size_t count_ = 0;
};

void count(std::optional<Grade> grade, RoomQuality& room) noexcept {
  if (!grade) return;
  switch (*grade) {
    case Grade::poor:
      ++room.poor;
      return;
    case Grade::fair:
      ++room.fair;
      return;
    case Grade::good:
      ++room.good;
      return;
    case Grade::excellent:
      ++room.excellent;
      return;
  }
}

std::optional<Grade> middle(const RoomQuality& room) noexcept {
  const std::size_t graded = room.poor + room.fair + room.good + room.excellent;
  if (graded == 0) return std::nullopt;
  const std::size_t place = (graded - 1) / 2;
  if (place < room.poor) return Grade::poor;
  if (place < room.poor + room.fair) return Grade::fair;
  if (place < room.poor + room.fair + room.good) return Grade::good;
  return Grade::excellent;
}

}  // namespace

RoomQuality summarise(std::span<const ParticipantSample> participants) noexcept {
  RoomQuality room{.measured = participants.size()};
  Mean mos, round_trip, loss, height;
  for (const ParticipantSample& one : participants) {
    const QualitySample& sample = one.quality;
    count(sample.grade, room);
    mos.add(sample.mos);
    round_trip.add(sample.round_trip_ms);
    loss.add(worse_loss(sample));
    height.add(sample.height);
    room.total_bps += sample.up_bps + sample.down_bps;
  }
  room.grade = middle(room);
  room.mos = mos.value();
  room.round_trip_ms = round_trip.value();
  room.loss = loss.value();
  if (const auto mean = height.value()) room.height = static_cast<int>(std::lround(*mean));
  return room;
}

}  // namespace sluice::analytics
