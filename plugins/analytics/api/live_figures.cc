#include "api/live_figures.h"

#include <cmath>
#include <string>

#include "api/report.h"

namespace sluice::analytics {

namespace {

json::value bandwidth(const RoomQuality& quality, std::size_t participants) {
  constexpr double kMega = 1e6;
  const double total = static_cast<double>(quality.total_bps) / kMega;
  const double each = participants == 0 ? 0 : total / static_cast<double>(participants);
  return json::object{{"total_mbps", rounded(total)}, {"per_participant_avg", rounded(each)}};
}

json::value or_null(const std::optional<double>& value) {
  return value ? json::value(rounded(*value)) : json::value(nullptr);
}

json::value quality_metrics(const RoomQuality& quality) {
  json::object out;
  out["average_video_quality"] =
      quality.height ? json::value(std::to_string(*quality.height) + "p") : json::value(nullptr);
  out["connection_quality"] = quality.grade ? to_json(*quality.grade) : json::value(nullptr);
  out["latency_ms"] = quality.round_trip_ms ? json::value(std::lround(*quality.round_trip_ms)) : json::value(nullptr);
  out["packet_loss_percent"] = quality.loss ? json::value(rounded(*quality.loss * 100)) : json::value(nullptr);
  out["mos"] = or_null(quality.mos);
  out["measured_participants"] = quality.measured;
  return out;
}

}  // namespace

LiveFigures::LiveFigures(Api& api) : api_{api} {
  if (api_.meetings == nullptr) return;
  const auto provide = [this](const char* name, auto figure) {
    registrations_.push_back(
        api_.meetings->provide_figure(name, [this, figure](const MeetingInfo& meeting) -> json::value {
          const Room* const room = room_of(api_, meeting);
          return room == nullptr ? json::value(nullptr) : figure(*room);
        }));
  };
  provide("live.active_speakers", [this](const Room& room) -> json::value {
    const Session* const session = api_.sessions.find(room);
    return json::value(session == nullptr ? std::size_t{0} : session->speaking(api_.host.timers().now()));
  });
  provide("live.bandwidth_usage",
          [this](const Room& room) { return bandwidth(api_.quality.quality_of(room), room.size()); });
  provide("live.quality_metrics", [this](const Room& room) { return quality_metrics(api_.quality.quality_of(room)); });
  provide("live.quality_score", [this](const Room& room) { return or_null(api_.quality.quality_of(room).mos); });
}

}  // namespace sluice::analytics
