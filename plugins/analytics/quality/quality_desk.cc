#include "quality/quality_desk.h"

#include <array>
#include <map>
#include <utility>

#include "quality/client_report.h"
#include "quality/room_watch.h"
#include "quality/sampling_wheel.h"
#include "sluice/bus.h"
#include "sluice/events.h"
#include "sluice/metrics.h"
#include "sluice/timers.h"

namespace sluice::analytics {

namespace {

/// The answer to a report: what the gateway itself makes of the caller's connection.
struct OwnQuality {
  std::optional<Grade> quality{};
  std::optional<double> mos{};
  std::optional<double> round_trip_ms{};
  std::optional<double> jitter_ms{};
  std::optional<double> loss_up{};
  std::optional<double> loss_down{};
};
BOOST_DESCRIBE_STRUCT(OwnQuality, (), (quality, mos, round_trip_ms, jitter_ms, loss_up, loss_down))

/// How many participants there are of each word, in all rooms.
class GradeGauges {
 public:
  explicit GradeGauges(Metrics& metrics)
      : poor_{gauge(metrics, "poor")},
        fair_{gauge(metrics, "fair")},
        good_{gauge(metrics, "good")},
        excellent_{gauge(metrics, "excellent")} {}

  /// A room is not any more as it was before.
  void change(const RoomQuality& before, const RoomQuality& now) noexcept {
    change(poor_, before.poor, now.poor);
    change(fair_, before.fair, now.fair);
    change(good_, before.good, now.good);
    change(excellent_, before.excellent, now.excellent);
  }

 private:
  static Gauge& gauge(Metrics& metrics, const char* word) {
    Gauge& made =
        metrics.gauge("participants", "Participants by the quality of their connections.", {{"quality", word}});
    made.set(0);  // of a plugin that was loaded before us, something may have been left
    return made;
  }
  static void change(Gauge& gauge, std::size_t before, std::size_t now) noexcept {
    if (now != before) gauge.add(static_cast<double>(now) - static_cast<double>(before));
  }

  Gauge& poor_;
  Gauge& fair_;
  Gauge& good_;
  Gauge& excellent_;
};

std::size_t seconds_kept(const QualityOptions& options) { return static_cast<std::size_t>(options.keep_s.count()); }

class Desk final : public QualityDesk {
 public:
  Desk(Host& host, Rooms& rooms, RoomStats& stats, QualityOptions options)
      : host_{host},
        rooms_{rooms},
        stats_{stats},
        options_{options},
        gauges_{host.metrics()},
        reports_{host.metrics().counter("reports_total", "Reports of clients (stats:report) that were taken.")} {}

  void start(Sampled sampled) override;
  void reconfigure(const QualityOptions& options) override;
  [[nodiscard]] RoomQuality quality_of(const Room& room) const override;
  [[nodiscard]] std::optional<QualitySample> last_of(const Room& room, std::string_view participant_id) const override;
  [[nodiscard]] std::vector<TimedSample> series_of(const Room& room, std::string_view participant_id) const override;

 private:
  void listen();
  RoomWatch& watch(Room& room);
  void forget(Room& room);
  [[nodiscard]] const RoomWatch* find(const Room& room) const;
  [[nodiscard]] const ParticipantQuality* find(const Room& room, std::string_view participant_id) const;

  void ask_next();
  void ask(RoomWatch& room);
  void take_answer(RoomWatch& room, const std::vector<ParticipantMediaStats>& stats);
  [[nodiscard]] OwnQuality take_report(Participant& participant, const ClientReport& report);

  Host& host_;
  Rooms& rooms_;
  RoomStats& stats_;
  QualityOptions options_;
  GradeGauges gauges_;
  Counter& reports_;
  Sampled sampled_;
  std::map<const Room*, std::unique_ptr<RoomWatch>> watches_;
  SamplingWheel wheel_;
  Timer ticks_;  // while there are rooms
};

void Desk::start(Sampled sampled) {
  sampled_ = std::move(sampled);
  listen();
  // Rooms that were there before us: the plugin has been loaded anew.
  for (Room* room : rooms_.all()) {
    RoomWatch& entered = watch(*room);
    for (Participant* one : room->participants()) entered.enter(one->id());
  }
}

void Desk::listen() {
  Bus& bus = host_.bus();
  bus.on<ParticipantJoined>(
      [this](const ParticipantJoined& e) { watch(e.participant.room()).enter(e.participant.id()); });
  bus.on<ParticipantReturned>([this](const ParticipantReturned& e) { watch(e.participant.room()).tell_all_again(); });
  bus.on<ParticipantLeft>([this](const ParticipantLeft& e) {
    const auto found = watches_.find(&e.participant.room());
    if (found != watches_.end()) found->second->leave(e.participant.id());
  });
  bus.on<RoomClosed>([this](const RoomClosed& e) { forget(e.room); });
  host_.events().on<ClientReport>("stats:report", [this](Client& client, const ClientReport& report) {
    return to_json(take_report(rooms_.participant_of(client), report));
  });
}

RoomWatch& Desk::watch(Room& room) {
  const auto found = watches_.find(&room);
  if (found != watches_.end()) return *found->second;
  auto& added = *watches_.emplace(&room, std::make_unique<RoomWatch>(room, seconds_kept(options_))).first->second;
  wheel_.add(added);
  if (!ticks_) ticks_ = host_.timers().every(SamplingWheel::kInterval, [this] { ask_next(); });
  return added;
}

void Desk::forget(Room& room) {
  const auto found = watches_.find(&room);
  if (found == watches_.end()) return;
  gauges_.change(found->second->counted(), {});
  wheel_.remove(*found->second);
  watches_.erase(found);
  if (wheel_.empty()) ticks_.cancel();
}

void Desk::ask_next() {
  for (RoomWatch* room : wheel_.turn()) ask(*room);
}

void Desk::ask(RoomWatch& room) {
  if (room.empty()) {
    if (room.counted().measured > 0) take_answer(room, {});
    return;
  }
  if (room.asked) return;
  room.asked = true;
  stats_.collect(room.room(), room.lifeline().guard([this, &room](const std::vector<ParticipantMediaStats>& stats) {
    take_answer(room, stats);
  }));
}

void Desk::take_answer(RoomWatch& room, const std::vector<ParticipantMediaStats>& stats) {
  room.asked = false;
  const Instant now = host_.timers().now();
  const WallTime at = host_.timers().wall_time();
  const RoomQuality before = room.counted();
  const auto second = room.take_second(stats, now, at);
  gauges_.change(before, room.counted());
  if (options_.updates) {
    if (auto news = room.news(now, options_.update_every_ms)) room.room().broadcast("stats:update", std::move(*news));
  }
  if (!second.empty()) sampled_(RoomSample{.room = room.room(), .at = at, .participants = second});
}

OwnQuality Desk::take_report(Participant& participant, const ClientReport& report) {
  const Instant now = host_.timers().now();
  ParticipantQuality& known = watch(participant.room()).enter(participant.id());
  known.demand_budget(options_.reports_per_minute, now);
  demand_sane(report);
  known.take_report(summarise(report), now);
  reports_.add();
  const auto last = known.last(now);
  if (!last) return {};
  return {.quality = last->grade,
          .mos = last->mos,
          .round_trip_ms = last->round_trip_ms,
          .jitter_ms = last->jitter_ms,
          .loss_up = last->loss_up,
          .loss_down = last->loss_down};
}

void Desk::reconfigure(const QualityOptions& options) {
  options_ = options;
  for (const auto& [room, watch] : watches_) watch->keep(seconds_kept(options));
}

const RoomWatch* Desk::find(const Room& room) const {
  const auto found = watches_.find(&room);
  return found == watches_.end() ? nullptr : found->second.get();
}

const ParticipantQuality* Desk::find(const Room& room, std::string_view participant_id) const {
  const RoomWatch* const watched = find(room);
  return watched == nullptr ? nullptr : watched->find(participant_id);
}

RoomQuality Desk::quality_of(const Room& room) const {
  const RoomWatch* const watched = find(room);
  return watched == nullptr ? RoomQuality{} : watched->quality(host_.timers().now());
}

std::optional<QualitySample> Desk::last_of(const Room& room, std::string_view participant_id) const {
  const ParticipantQuality* const known = find(room, participant_id);
  return known == nullptr ? std::nullopt : known->last(host_.timers().now());
}

std::vector<TimedSample> Desk::series_of(const Room& room, std::string_view participant_id) const {
  const ParticipantQuality* const known = find(room, participant_id);
  return known == nullptr ? std::vector<TimedSample>{} : known->series();
}

}  // namespace

std::unique_ptr<QualityDesk> make_quality_desk(Host& host, Rooms& rooms, RoomStats& stats, QualityOptions options) {
  return std::make_unique<Desk>(host, rooms, stats, options);
}

}  // namespace sluice::analytics
