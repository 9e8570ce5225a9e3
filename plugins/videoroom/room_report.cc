#include "room_report.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "context.h"
#include "live_room.h"
#include "media_report.h"
#include "room_activities.h"

namespace sluice::videoroom {

namespace {

std::int64_t milliseconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

json::array transports_of(const Transports& from) {
  json::array out;
  for (const auto& [id, entry] : from.entries()) {
    out.push_back(json::object{{"id", id},
                               {"direction", entry.direction ? to_json(*entry.direction) : json::value("sendrecv")},
                               {"state", to_json(entry.transport->state())}});
  }
  return out;
}

json::array producers_of(const Publications& from) {
  json::array out;
  for (const auto& [id, publication] : from.entries()) {
    json::object one = publication.info();
    one["heldBack"] = publication.producer->held_back();
    one["scores"] = to_json(publication.producer->scores());
    out.push_back(std::move(one));
  }
  return out;
}

json::array consumers_of(const Subscriptions& from) {
  json::array out;
  for (const auto& [id, consumer] : from.entries()) {
    out.push_back(json::object{{"id", id},
                               {"producerId", consumer->producer_id()},
                               {"kind", to_string(consumer->kind())},
                               {"paused", consumer->paused()},
                               {"producerPaused", consumer->producer_paused()},
                               {"priority", consumer->priority()},
                               {"preferredLayers", to_json(consumer->preferred_layers())},
                               {"score", to_json(consumer->score())}});
  }
  return out;
}

enum class Consumers : std::uint8_t { listed, counted };

json::object described(Member& member, Consumers consumers) {
  MediaSession& media = member.media();
  json::object out = member.summary();
  out["transports"] = transports_of(media.transports);
  out["producers"] = producers_of(media.publications);
  if (consumers == Consumers::listed) {
    out["consumers"] = consumers_of(media.subscriptions);
  } else {
    out["consumerCount"] = media.subscriptions.entries().size();
  }
  return out;
}

void expect_media(MediaReport& report, json::object& participant) {
  const auto expect = [&](std::string_view list, std::string_view id) {
    json::value* const media = participant.if_contains(list);
    if (media == nullptr) return;
    for (json::value& one : media->as_array()) report.expect(one.at(id).as_string(), one.as_object());
  };
  expect("transports", "id");
  expect("producers", "producerId");
  expect("consumers", "id");
}

void add_rates(json::object& room, const RouterStats& stats) {
  std::int64_t receiving = 0;
  std::int64_t sending = 0;
  for (const StatsOfTransport& transport : stats.transports) {
    receiving += transport.stats.receiving_bps;
    sending += transport.stats.sending_bps;
  }
  room["receivingBps"] = receiving;
  room["sendingBps"] = sending;
}

}  // namespace

json::object admin_summary(LiveRoom& room, const RoomActivities& activities) {
  const auto members = room.members();
  const auto count = [&](auto condition) { return std::ranges::count_if(members, condition); };
  json::object out = room.summary();
  out["tenant"] = room.tenant();
  out["createdAt"] = milliseconds_of(room.created_at());
  out["away"] = count([](Member* member) { return member->away(); });
  out["publishers"] = count([](Member* member) { return !member->media().publications.entries().empty(); });
  out["producers"] = room.publication_count();
  out["recording"] = activities.is_recorded(room);
  out["streaming"] = activities.is_streamed(room);
  out["dominantSpeaker"] = room.speakers().current();
  out["spotlight"] = room.spotlight().to_client();
  out["lastN"] = json::object{{"audio", room.last_n().limits().audio}, {"video", room.last_n().limits().video}};
  return out;
}

void send_room_list(Context& context, const RoomActivities& activities, const std::vector<LiveRoom*>& rooms,
                    json::object data, rest::Reply reply) {
  json::array summaries;
  for (LiveRoom* room : rooms) summaries.push_back(admin_summary(*room, activities));
  data["rooms"] = std::move(summaries);
  const auto report = MediaReport::open(context, std::move(data), std::move(reply));
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    if (rooms[i]->size() == 0) continue;
    rooms[i]->router().stats({.transports = true, .producers = false, .consumers = false},
                             [report, i](const RouterStats& stats) {
                               if (!report->sent()) add_rates(report->data().at("rooms").at(i).as_object(), stats);
                             });
  }
}

void send_room_report(Context& context, const RoomActivities& activities, LiveRoom& room, ReportPage page,
                      rest::Reply reply) {
  json::object data = admin_summary(room, activities);
  json::array participants;
  const auto members = room.members();
  const std::size_t first = std::min(page.offset, members.size());
  const std::size_t end = first + std::min(page.limit, members.size() - first);
  const Consumers consumers = members.size() <= kMostForConsumers ? Consumers::listed : Consumers::counted;
  for (std::size_t i = first; i < end; ++i) participants.push_back(described(*members[i], consumers));
  data["participants"] = std::move(participants);

  const auto report = MediaReport::open(context, std::move(data), std::move(reply));
  if (first == end) return;
  for (json::value& one : report->data().at("participants").as_array()) expect_media(*report, one.as_object());
  room.router().stats({.transports = true, .producers = true, .consumers = consumers == Consumers::listed},
                      [report](const RouterStats& stats) { report->fill(stats); });
}

// One by one: a room's answer would have all the others in it, too.
void send_participant_report(Context& context, Member& member, rest::Reply reply) {
  json::object data = described(member, Consumers::listed);
  data["roomId"] = member.live_room().id();
  data["tenant"] = member.live_room().tenant();
  data["device"] = member.device();
  const auto report = MediaReport::open(context, std::move(data), std::move(reply));
  expect_media(*report, report->data());
  MediaSession& media = member.media();
  for (const auto& [id, entry] : media.transports.entries()) {
    entry.transport->stats([report, id](const TransportStats& stats) { report->fill(id, "stats", to_json(stats)); });
  }
  for (const auto& [id, publication] : media.publications.entries()) {
    publication.producer->stats(
        [report, id](const std::vector<RtpStreamStats>& streams) { report->fill(id, "streams", to_json(streams)); });
  }
  for (const auto& [id, consumer] : media.subscriptions.entries()) {
    consumer->stats([report, id](const RtpStreamStats& stats) { report->fill(id, "stats", to_json(stats)); });
  }
}

}  // namespace sluice::videoroom
