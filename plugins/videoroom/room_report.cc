#include "room_report.h"

#include <algorithm>
#include <deque>
#include <memory>

#include "context.h"
#include "live_room.h"

namespace sluice::videoroom {

namespace {

constexpr std::chrono::seconds kPatience{2};

/// Gathers the answers of the workers. Every question holds a share of it; when the last one is answered, or dropped
/// because its object has closed, nothing holds it any more and it sends what it has.
class RoomReport {
 public:
  RoomReport(json::object room, HttpReply reply) : room_(std::move(room)), reply_{std::move(reply)} {}
  RoomReport(const RoomReport&) = delete;
  RoomReport& operator=(const RoomReport&) = delete;
  ~RoomReport() { send(); }

  struct Participant {
    json::object summary;
    std::deque<json::object> transports;  // deques: the questions keep references
    std::deque<json::object> producers;
    std::deque<json::object> consumers;
  };
  Participant& add(json::object summary) {
    return participants_.emplace_back(Participant{std::move(summary), {}, {}, {}});
  }
  void give_up_after(Timer patience) { patience_ = std::move(patience); }

  void send() {
    if (std::exchange(sent_, true)) return;
    json::array participants;
    for (Participant& participant : participants_) {
      json::object entry = participant.summary;
      entry["transports"] = json::array(participant.transports.begin(), participant.transports.end());
      entry["producers"] = json::array(participant.producers.begin(), participant.producers.end());
      entry["consumers"] = json::array(participant.consumers.begin(), participant.consumers.end());
      participants.push_back(std::move(entry));
    }
    room_["participants"] = std::move(participants);
    reply_.json(json::object{{"success", true}, {"data", std::move(room_)}});
  }

 private:
  json::object room_;
  HttpReply reply_;
  std::deque<Participant> participants_;
  Timer patience_;
  bool sent_ = false;
};

void ask_transports(const std::shared_ptr<RoomReport>& report, RoomReport::Participant& out, const Transports& from) {
  for (const auto& [id, entry] : from.entries()) {
    json::object& slot = out.transports.emplace_back(
        json::object{{"id", id},
                     {"direction", entry.direction ? to_json(*entry.direction) : json::value("sendrecv")},
                     {"state", to_json(entry.transport->state())}});
    entry.transport->stats([report, &slot](const TransportStats& stats) { slot["stats"] = to_json(stats); });
  }
}

void ask_producers(const std::shared_ptr<RoomReport>& report, RoomReport::Participant& out, const Publications& from) {
  for (const auto& [id, publication] : from.entries()) {
    json::object& slot = out.producers.emplace_back(publication.info());
    slot["heldBack"] = publication.producer->held_back();
    publication.producer->stats(
        [report, &slot](const std::vector<RtpStreamStats>& streams) { slot["streams"] = to_json(streams); });
  }
}

void ask_consumers(const std::shared_ptr<RoomReport>& report, RoomReport::Participant& out, const Subscriptions& from) {
  for (const auto& [id, consumer] : from.entries()) {
    json::object& slot =
        out.consumers.emplace_back(json::object{{"id", id},
                                                {"producerId", consumer->producer_id()},
                                                {"kind", to_string(consumer->kind())},
                                                {"paused", consumer->paused()},
                                                {"producerPaused", consumer->producer_paused()},
                                                {"priority", consumer->priority()},
                                                {"preferredLayers", to_json(consumer->preferred_layers())},
                                                {"score", to_json(consumer->score())}});
    consumer->stats([report, &slot](const RtpStreamStats& stats) { slot["stats"] = to_json(stats); });
  }
}

}  // namespace

json::object admin_summary(const LiveRoom& room) {
  json::object out = room.summary();
  out["tenant"] = room.tenant();
  out["producers"] = room.publication_count();
  out["dominantSpeaker"] = room.speakers().current();
  out["spotlight"] = room.spotlight().to_client();
  out["lastN"] = json::object{{"audio", room.last_n().limits().audio}, {"video", room.last_n().limits().video}};
  return out;
}

void send_room_report(Context& context, LiveRoom& room, ReportPage page, HttpReply reply) {
  const auto report = std::make_shared<RoomReport>(admin_summary(room), std::move(reply));
  report->give_up_after(context.host.timers().after(kPatience, [watch = std::weak_ptr<RoomReport>{report}] {
    if (const auto late = watch.lock()) late->send();
  }));
  const auto members = room.members();
  for (std::size_t i = page.offset; i < members.size() && i - page.offset < page.limit; ++i) {
    MediaSession& media = members[i]->media();
    RoomReport::Participant& out = report->add(members[i]->summary());
    ask_transports(report, out, media.transports);
    ask_producers(report, out, media.publications);
    ask_consumers(report, out, media.subscriptions);
  }
}

}  // namespace sluice::videoroom
