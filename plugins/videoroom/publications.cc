#include "publications.h"

#include <algorithm>

#include "context.h"
#include "live_room.h"
#include "refusal.h"
#include "transports.h"

namespace sluice::videoroom {

json::object Publication::info() const {
  return {{"producerId", producer->id()}, {"participantId", participant_id}, {"kind", to_string(producer->kind())},
          {"source", to_json(source)},    {"paused", producer->paused()},    {"appData", app_data}};
}

json::object Publications::produce(const Produce& request) {
  check(request);
  auto producer = transports_.for_media(request.transport_id, Direction::send)
                      .produce({.kind = request.kind,
                                .rtp_parameters = request.rtp_parameters,
                                .paused = request.paused.value_or(false)});
  const std::string id = producer->id();
  producer->on_closed(lifeline_.guard([this, id] { remove(id); }));
  Publication& publication = entries_[id];
  publication = {.producer = std::move(producer),
                 .source = request.source,
                 .participant_id = member_.id(),
                 .app_data = request.app_data.value_or(json::object{})};
  member_.live_room().add_publication(publication);
  if (request.source == MediaSource::screen) member_.live_room().screen_shares().start(member_);
  member_.live_room().broadcast("producer:new", publication.info(), &member_);
  return {{"producerId", id}};
}

void Publications::check(const Produce& request) const {
  const Options& options = context_.options;
  demand_role(member_.role(), options.least_role.publish);
  if (request.source == MediaSource::screen) member_.live_room().screen_shares().check(member_);
  if (request.source == MediaSource::mic && request.kind != MediaKind::audio) refuse_field("source", "mic is audio");
  if (request.source == MediaSource::webcam && request.kind != MediaKind::video) {
    refuse_field("source", "webcam is video");
  }
  demand_room_for_one_more(entries_.size(), options.producers_per_participant, "producers");
  demand_room_for_one_more(member_.live_room().publication_count(), options.producers_per_room,
                           "producers in the room");
  if (request.app_data) demand_size(*request.app_data, options.app_data_bytes, "appData");
}

void Publications::pause(const ProducerName& request) {
  Producer& producer = *find(request.producer_id).producer;
  if (producer.paused()) return;
  producer.pause();
  tell_others("producer:paused", producer.id());
}

void Publications::resume(const ProducerName& request) {
  Producer& producer = *find(request.producer_id).producer;
  if (!producer.paused()) return;
  producer.resume();
  tell_others("producer:resumed", producer.id());
}

void Publications::close(const ProducerName& request) { remove(find(request.producer_id).producer->id()); }

void Publications::close_all_of(MediaSource source) {
  std::vector<std::string> ids;
  for (const auto& [id, publication] : entries_) {
    if (publication.source == source) ids.push_back(id);
  }
  for (const std::string& id : ids) remove(id);
}

void Publications::close_all() {
  lifeline_.cut();
  while (!entries_.empty()) remove(std::string{entries_.begin()->first});
}

Publication& Publications::find(const Id& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) refuse_unknown("producer", id);
  return found->second;
}

bool Publications::sends(MediaSource source) const {
  return std::ranges::any_of(entries_, [source](const auto& entry) { return entry.second.source == source; });
}

void Publications::remove(const std::string& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  tell_others("producer:closed", id);
  member_.live_room().remove_publication(id);
  const MediaSource source = found->second.source;
  context_.retired.keep(std::move(found->second.producer));
  entries_.erase(found);
  if (source == MediaSource::screen && !sends(source)) member_.live_room().screen_shares().ended(member_);
}

void Publications::tell_others(std::string_view event, const std::string& producer_id) {
  member_.live_room().broadcast(event, json::object{{"producerId", producer_id}, {"participantId", member_.id()}},
                                &member_);
}

}  // namespace sluice::videoroom
