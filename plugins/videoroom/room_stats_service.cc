#include "room_stats_service.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "room_table.h"

namespace sluice::videoroom {

namespace {

template <class Stats>
std::unordered_map<std::string_view, Stats*> by_id(std::vector<Stats>& all) {
  std::unordered_map<std::string_view, Stats*> out;
  out.reserve(all.size());
  for (Stats& stats : all) out.emplace(stats.id, &stats);
  return out;
}

}  // namespace

std::vector<ParticipantMediaStats> by_participant(const LiveRoom& room, RouterStats stats) {
  const auto transports = by_id(stats.transports);
  const auto producers = by_id(stats.producers);
  std::vector<ParticipantMediaStats> out;
  out.reserve(room.size());
  for (Member* member : room.members()) {
    ParticipantMediaStats& one = out.emplace_back(ParticipantMediaStats{member->id(), {}, {}});
    for (const auto& [id, entry] : member->media().transports.entries()) {
      if (const auto found = transports.find(id); found != transports.end()) {
        one.transports.push_back(std::move(found->second->stats));
      }
    }
    for (const auto& [id, publication] : member->media().publications.entries()) {
      auto& track = one.tracks.emplace_back(ParticipantMediaStats::Track{publication.track(), {}});
      if (const auto found = producers.find(id); found != producers.end()) {
        track.streams = std::move(found->second->streams);
      }
    }
  }
  return out;
}

void RoomStatsService::collect(Room& room, Function<void(std::vector<ParticipantMediaStats>)> callback) {
  LiveRoom* const live = rooms_.find(room.tenant(), room.id());
  if (live != &room) return;
  live->router().stats(
      {.transports = true, .producers = true, .consumers = false},
      [this, live, tenant = room.tenant(), id = room.id(), callback = std::move(callback)](RouterStats stats) mutable {
        if (rooms_.find(tenant, id) == live) callback(by_participant(*live, std::move(stats)));
      });
}

}  // namespace sluice::videoroom
