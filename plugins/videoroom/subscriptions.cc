#include "subscriptions.h"

#include "context.h"
#include "live_room.h"
#include "publications.h"
#include "refusal.h"
#include "transports.h"

namespace sluice::videoroom {

json::object Subscriptions::consume(const Consume& request) {
  demand_room_for_one_more(entries_.size(), context_.options.consumers_per_participant, "consumers");
  Transport& transport = transports_.for_media(request.transport_id, Direction::recv);
  LiveRoom& room = member_.live_room();
  const Publication* publication = room.find_publication(request.producer_id);
  if (publication == nullptr) refuse_unknown("producer", request.producer_id);
  if (!room.router().can_consume(request.producer_id, request.rtp_capabilities)) {
    throw Error{ErrorCode::unsupported, "no codec in common with this producer"};
  }
  Consumer& consumer = subscribe(transport, {.producer_id = request.producer_id,
                                             .rtp_capabilities = request.rtp_capabilities,
                                             .paused = request.paused.value_or(false)});
  watch(consumer);
  return {{"id", consumer.id()},
          {"producerId", request.producer_id},
          {"participantId", publication->participant_id},
          {"kind", to_string(consumer.kind())},
          {"source", to_json(publication->source)},
          {"rtpParameters", to_json(consumer.rtp_parameters())},
          {"type", to_json(consumer.type())},
          {"appData", publication->app_data},
          {"producerPaused", consumer.producer_paused()}};
}

Consumer& Subscriptions::subscribe(Transport& transport, const ConsumeOptions& options) {
  demand_room_for_one_more(entries_.size(), context_.options.consumers_per_participant, "consumers");
  auto made = transport.consume(options);
  Consumer& consumer = *made;
  entries_.emplace(consumer.id(), std::move(made));
  watch_quality(consumer);
  weigh(consumer);
  return consumer;
}

void Subscriptions::drop(const std::string& consumer_id) {
  const auto found = entries_.find(consumer_id);
  if (found == entries_.end()) return;
  context_.retired.keep(std::move(found->second));
  entries_.erase(found);
  viewing_.forget(consumer_id);
}

void Subscriptions::watch(Consumer& consumer) {
  consumer.on_closed(lifeline_.guard([this, id = consumer.id()](ConsumerEnd end) { ended(id, end); }));
  consumer.on_producer_paused(lifeline_.guard([this, id = consumer.id()](bool paused) {
    member_.send(paused ? "consumer:paused" : "consumer:resumed", json::object{{"consumerId", id}});
  }));
}

// Also of the consumers of a peer connection, whose client knows them by their m-section.
void Subscriptions::watch_quality(Consumer& consumer) {
  consumer.on_layers_changed(
      lifeline_.guard([this, id = consumer.id()](const LayersChange& layers) { tell_layers(id, layers); }));
  consumer.on_score(lifeline_.guard([this, id = consumer.id()](ConsumerScore score) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    json::object data = name_of(*found->second);
    data["score"] = score.score;
    data["producerScore"] = score.producer_score;
    member_.send("consumer:score", std::move(data));
  }));
}

json::object Subscriptions::name_of(const Consumer& consumer) const {
  json::object name{{"consumerId", consumer.id()}, {"producerId", consumer.producer_id()}};
  if (const auto& mid = consumer.rtp_parameters().mid) name["mid"] = *mid;
  return name;
}

json::object layers_info(const LayersChange& layers) {
  const auto put = [](json::object& out, const std::optional<MediaLayer>& layer) {
    out["spatialLayer"] = layer ? json::value(layer->spatial) : json::value(nullptr);
    out["temporalLayer"] = layer ? json::value(layer->temporal) : json::value(nullptr);
  };
  json::object out;
  put(out, layers.current);
  json::object target;
  put(target, layers.target);
  out["target"] = layers.target ? json::value(std::move(target)) : json::value(nullptr);
  out["reason"] = to_json(layers.reason);
  return out;
}

void Subscriptions::tell_layers(const std::string& id, const LayersChange& layers) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  json::object data = name_of(*found->second);
  for (auto& [name, value] : layers_info(layers)) data[name] = value;
  member_.send("consumer:layers-changed", std::move(data));
}

void Subscriptions::ended(const std::string& id, ConsumerEnd end) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  context_.retired.keep(std::move(found->second));
  entries_.erase(found);
  viewing_.forget(id);
  member_.send("consumer:closed", json::object{{"consumerId", id}, {"reason", to_json(end)}});
}

void Subscriptions::close(const ConsumerName& request) {
  static_cast<void>(find(request.consumer_id));
  drop(request.consumer_id);
}

void Subscriptions::set_priority(const SetPriority& request) {
  if (request.priority == 0) refuse_field("priority", "must be between 1 and 255");
  viewing_.set_priority(find(request.consumer_id), request.priority);
}

void Subscriptions::set_layers(const SetLayers& request) {
  if (request.spatial_layer > kTopLayer) refuse_field("spatialLayer", "must be between 0 and 7");
  if (request.temporal_layer.value_or(0) > kTopLayer) refuse_field("temporalLayer", "must be between 0 and 7");
  viewing_.set_layers(find_video(request.consumer_id),
                      {.spatial = request.spatial_layer, .temporal = request.temporal_layer});
}

void Subscriptions::change_quality(const ChangeQuality& request) {
  if (request.consumer_id) return viewing_.set_quality(find_video(*request.consumer_id), request.layer);
  viewing_.set_quality(request.layer);
  weigh_all();
}

void Subscriptions::pin(const PinParticipant& request) {
  if (request.participant_id && member_.live_room().find(*request.participant_id) == nullptr) {
    refuse_unknown("participant", *request.participant_id);
  }
  viewing_.pin(request.participant_id ? std::string{*request.participant_id} : std::string{});
  weigh_all();
}

void Subscriptions::weigh_all() {
  for (const auto& [id, consumer] : entries_) weigh(*consumer);
}

Consumer& Subscriptions::find_video(const Id& id) {
  Consumer& consumer = find(id);
  if (consumer.kind() != MediaKind::video) throw Error{ErrorCode::unsupported, "a consumer of audio has no layers"};
  return consumer;
}

void Subscriptions::close_all() {
  lifeline_.cut();
  for (auto& [id, consumer] : entries_) context_.retired.keep(std::move(consumer));
  entries_.clear();
}

Consumer& Subscriptions::find(const Id& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) refuse_unknown("consumer", id);
  return *found->second;
}

}  // namespace sluice::videoroom
