#include "publications.h"

#include <algorithm>

#include "context.h"
#include "live_room.h"
#include "refusal.h"
#include "sluice/bus.h"
#include "transports.h"

namespace sluice::videoroom {

namespace {

TrackSource track_source(MediaSource source) noexcept {
  switch (source) {
    case MediaSource::mic:
      return TrackSource::mic;
    case MediaSource::webcam:
      return TrackSource::webcam;
    case MediaSource::screen:
      break;
  }
  return TrackSource::screen;
}

/// Of the media itself; repairs and redundancy are about another codec.
std::string mime_type_of(const RtpParameters& parameters) {
  for (const RtpCodecParameters& codec : parameters.codecs) {
    if (!codec.mime_type.ends_with("/rtx") && !codec.mime_type.ends_with("/red")) return codec.mime_type;
  }
  return {};
}

}  // namespace

json::object Publication::info() const {
  return {{"producerId", producer->id()}, {"participantId", participant_id}, {"kind", to_string(producer->kind())},
          {"source", to_json(source)},    {"paused", producer->paused()},    {"appData", app_data}};
}

PublishedTrack Publication::track() const {
  return {.producer_id = producer->id(),
          .participant_id = participant_id,
          .kind = producer->kind(),
          .source = track_source(source),
          .paused = producer->paused(),
          .mime_type = mime_type_of(producer->rtp_parameters())};
}

json::object Publications::produce(const Produce& request) {
  TrackWish wish{.kind = request.kind,
                 .rtp_parameters = request.rtp_parameters,
                 .source = request.source,
                 .paused = request.paused.value_or(false),
                 .app_data = request.app_data.value_or(json::object{})};
  check(wish, entries_.size());
  Transport& transport = transports_.for_media(request.transport_id, Direction::send);
  return {{"producerId", publish(draft(transport, std::move(wish), entries_.size()))}};
}

DraftPublication Publications::draft(Transport& transport, TrackWish wish, std::size_t others) {
  check(wish, others);
  const bool held = member_.media().state.holds(wish.kind, wish.source).has_value();
  auto producer = transport.produce({.kind = wish.kind,
                                     .rtp_parameters = std::move(wish.rtp_parameters),
                                     .paused = wish.paused || held,
                                     .speaks = wish.source != MediaSource::screen});
  return {.producer = std::move(producer), .source = wish.source, .app_data = std::move(wish.app_data)};
}

std::string Publications::publish(DraftPublication draft) {
  std::string id = draft.producer->id();
  if (member_.gone()) return id;
  draft.producer->on_closed(lifeline_.guard([this, id] { remove(id); }));
  draft.producer->on_score(lifeline_.guard([this, id](const std::vector<StreamScore>& score) {
    member_.send("producer:score", json::object{{"producerId", id}, {"score", to_json(score)}});
  }));
  Publication& publication = entries_[id];
  publication.producer = std::move(draft.producer);
  publication.source = draft.source;
  publication.participant_id = member_.id();
  publication.app_data = std::move(draft.app_data);
  member_.live_room().add_publication(publication);
  if (draft.source == MediaSource::screen) member_.live_room().screen_shares().start(member_);
  LiveRoom& room = member_.live_room();
  room.broadcast("producer:new", publication.info(), &member_);
  if (entries_.size() == 1) room.presence().published(member_);
  room.media_notice().changed(member_);
  context_.host.bus().publish(TrackPublished{room, publication.track()});
  return id;
}

void Publications::check(const TrackWish& wish, std::size_t others) const {
  const Options& options = context_.options;
  member_.demand(permission_for(wish.source));
  // What is called a screen's sound may be anybody's voice.
  if (wish.kind == MediaKind::audio) member_.demand(Permission::publish_audio);
  if (wish.source == MediaSource::screen) member_.live_room().screen_shares().check(member_);
  if (wish.source == MediaSource::mic && wish.kind != MediaKind::audio) refuse_field("source", "mic is audio");
  if (wish.source == MediaSource::webcam && wish.kind != MediaKind::video) refuse_field("source", "webcam is video");
  const std::size_t of_others = member_.live_room().publication_count() - entries_.size();
  demand_room_for_one_more(others, options.producers_per_participant, "producers");
  demand_room_for_one_more(of_others + others, options.producers_per_room, "producers in the room");
  demand_size(wish.app_data, options.app_data_bytes, "appData");
}

void Publications::pause(const ProducerName& request) { pause(find(request.producer_id)); }

void Publications::pause(Publication& publication) {
  Producer& producer = *publication.producer;
  if (producer.paused()) return;
  producer.pause();
  tell_others("producer:paused", producer.id());
  changed(publication);
}

void Publications::resume(const ProducerName& request) { resume(find(request.producer_id)); }

void Publications::resume(Publication& publication) {
  Producer& producer = *publication.producer;
  member_.media().state.demand_resumable(producer.kind(), publication.source);
  if (!producer.paused()) return;
  producer.resume();
  tell_others("producer:resumed", producer.id());
  changed(publication);
}

void Publications::changed(const Publication& publication) {
  LiveRoom& room = member_.live_room();
  room.publications_changed();
  room.media_notice().changed(member_);
  context_.host.bus().publish(TrackChanged{room, publication.track()});
}

void Publications::toggle(MediaSource source, bool enabled) {
  for (const std::string& id : ids_where([source](const Publication& one) { return one.source == source; })) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) continue;
    enabled ? resume(found->second) : pause(found->second);
  }
}

void Publications::pause_held() {
  const auto held = [this](const Publication& one) {
    return member_.media().state.holds(one.producer->kind(), one.source).has_value();
  };
  for (const std::string& id : ids_where(held)) {
    if (const auto found = entries_.find(id); found != entries_.end()) pause(found->second);
  }
}

void Publications::close_forbidden() {
  const auto forbidden = [this](const Publication& one) {
    const bool is_audio = one.producer->kind() == MediaKind::audio;
    return !member_.may(permission_for(one.source)) || (is_audio && !member_.may(Permission::publish_audio));
  };
  for (const std::string& id : ids_where(forbidden)) {
    member_.send("producer:closed", json::object{{"producerId", id}, {"participantId", member_.id()}});
    remove(id);
  }
}

void Publications::close(const ProducerName& request) { remove(find(request.producer_id).producer->id()); }

void Publications::close_all_of(MediaSource source) {
  for (const std::string& id : ids_where([source](const Publication& one) { return one.source == source; })) remove(id);
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

void Publications::remove(const std::string& producer_id) { context_.retired.keep(take_out(producer_id)); }

void Publications::remove_at_once(const std::string& producer_id) { static_cast<void>(take_out(producer_id)); }

std::unique_ptr<Producer> Publications::take_out(const std::string& producer_id) {
  const auto found = entries_.find(producer_id);
  if (found == entries_.end()) return nullptr;
  const PublishedTrack track = found->second.track();
  tell_others("producer:closed", producer_id);
  member_.live_room().remove_publication(producer_id);
  const MediaSource source = found->second.source;
  std::unique_ptr<Producer> producer = std::move(found->second.producer);
  entries_.erase(found);
  if (source == MediaSource::screen && !sends(source)) member_.live_room().screen_shares().ended(member_);
  member_.live_room().media_notice().changed(member_);
  context_.host.bus().publish(TrackEnded{member_.live_room(), track});
  return producer;
}

void Publications::tell_others(std::string_view event, const std::string& producer_id) {
  member_.live_room().broadcast(event, json::object{{"producerId", producer_id}, {"participantId", member_.id()}},
                                &member_);
}

}  // namespace sluice::videoroom
