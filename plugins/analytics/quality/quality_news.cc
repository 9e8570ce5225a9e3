#include "quality/quality_news.h"

#include <cmath>
#include <utility>

namespace sluice::analytics {

namespace {

std::optional<std::int64_t> rounded(std::optional<double> figure, double unit) noexcept {
  return figure ? std::optional{static_cast<std::int64_t>(std::llround(*figure / unit))} : std::nullopt;
}

json::value word(std::optional<Grade> grade) { return grade ? to_json(*grade) : json::value(nullptr); }

}  // namespace

std::optional<json::object> QualityNews::poll(Participants participants, const RoomQuality& room, Instant now,
                                              Duration least_interval) {
  if (told_at_ && now - *told_at_ < least_interval) return std::nullopt;
  const bool came = std::exchange(newcomers_, false);
  if (came) {
    for (const auto& one : participants) one->told.again = one->grade().has_value();
  }
  json::array entries;
  tell(
      participants, [](const ParticipantQuality& one) { return one.told.grade != one.grade(); }, entries);
  tell(
      participants, [](const ParticipantQuality& one) { return one.told.again; }, entries);
  const Figures figures = coarse(room);
  if (entries.empty() && figures == told_ && !(came && figures.grade)) return std::nullopt;
  told_at_ = now;
  told_ = figures;
  return json::object{{"participants", std::move(entries)}, {"room", shown(figures)}};
}

template <class Which>
void QualityNews::tell(Participants participants, Which which, json::array& entries) {
  const std::size_t first = turn_;
  for (std::size_t i = 0; i < participants.size() && entries.size() < kMostEntries; ++i) {
    const std::size_t place = (first + i) % participants.size();
    ParticipantQuality& one = *participants[place];
    if (!which(one)) continue;
    entries.push_back(json::object{{"participantId", one.id()}, {"quality", word(one.grade())}});
    one.told = {.grade = one.grade()};
    if (entries.size() == kMostEntries) turn_ = place + 1;
  }
}

QualityNews::Figures QualityNews::coarse(const RoomQuality& room) noexcept {
  return {.grade = room.grade,
          .mos_tenths = rounded(room.mos, 0.1),
          .round_trip_10ms = rounded(room.round_trip_ms, 10),
          .loss_percent = rounded(room.loss, 0.01),
          .poor = room.poor,
          .fair = room.fair,
          .good = room.good,
          .excellent = room.excellent};
}

json::object QualityNews::shown(const Figures& figures) {
  json::object out{{"quality", word(figures.grade)},
                   {"poor", figures.poor},
                   {"fair", figures.fair},
                   {"good", figures.good},
                   {"excellent", figures.excellent}};
  if (figures.mos_tenths) out["mos"] = static_cast<double>(*figures.mos_tenths) / 10;
  if (figures.round_trip_10ms) out["roundTripMs"] = *figures.round_trip_10ms * 10;
  if (figures.loss_percent) out["loss"] = static_cast<double>(*figures.loss_percent) / 100;
  return out;
}

}  // namespace sluice::analytics
