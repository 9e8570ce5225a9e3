#include "media_summary.h"

#include "live_room.h"

namespace sluice::videoroom {

namespace {

json::array transports_of(const Transports& transports) {
  json::array out;
  for (const auto& [id, entry] : transports.entries()) {
    out.push_back(json::object{{"id", id},
                               {"direction", entry.direction ? to_json(*entry.direction) : json::value("sendrecv")},
                               {"state", to_json(entry.transport->state())}});
  }
  return out;
}

json::array producers_of(const Publications& publications) {
  json::array out;
  for (const auto& [id, publication] : publications.entries()) out.push_back(publication.info());
  return out;
}

json::object consumer_info(const Consumer& consumer, LiveRoom& room) {
  json::object out{{"id", consumer.id()},
                   {"producerId", consumer.producer_id()},
                   {"kind", to_string(consumer.kind())},
                   {"type", to_json(consumer.type())},
                   {"paused", consumer.paused()},
                   {"producerPaused", consumer.producer_paused()},
                   {"score", consumer.score().score},
                   {"producerScore", consumer.score().producer_score},
                   {"layers", layers_info(consumer.layers())}};
  if (const auto& mid = consumer.rtp_parameters().mid) out["mid"] = *mid;
  // A slot of a client that takes no offers may be empty.
  if (const Publication* publication = room.find_publication(consumer.producer_id())) {
    out["participantId"] = publication->participant_id;
    out["source"] = to_json(publication->source);
  }
  return out;
}

}  // namespace

json::object media_summary(Member& member) {
  MediaSession& media = member.media();
  json::array consumers;
  for (const auto& [id, consumer] : media.subscriptions.entries()) {
    consumers.push_back(consumer_info(*consumer, member.live_room()));
  }
  const std::string& pinned = media.subscriptions.viewing().pinned();
  return {{"transports", transports_of(media.transports)},
          {"producers", producers_of(media.publications)},
          {"consumers", std::move(consumers)},
          {"pinned", pinned.empty() ? json::value(nullptr) : json::value(pinned)}};
}

}  // namespace sluice::videoroom
