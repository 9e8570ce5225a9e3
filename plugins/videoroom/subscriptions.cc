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
  return consumer;
}

void Subscriptions::drop(const std::string& consumer_id) {
  const auto found = entries_.find(consumer_id);
  if (found == entries_.end()) return;
  context_.retired.keep(std::move(found->second));
  entries_.erase(found);
}

void Subscriptions::watch(Consumer& consumer) {
  consumer.on_closed(lifeline_.guard([this, id = consumer.id()](ConsumerEnd end) { ended(id, end); }));
  consumer.on_producer_paused(lifeline_.guard([this, id = consumer.id()](bool paused) {
    member_.send(paused ? "consumer:paused" : "consumer:resumed", json::object{{"consumerId", id}});
  }));
}

void Subscriptions::ended(const std::string& id, ConsumerEnd end) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  context_.retired.keep(std::move(found->second));
  entries_.erase(found);
  member_.send("consumer:closed", json::object{{"consumerId", id}, {"reason", to_json(end)}});
}

void Subscriptions::close(const ConsumerName& request) {
  static_cast<void>(find(request.consumer_id));
  drop(request.consumer_id);
}

void Subscriptions::set_priority(const SetPriority& request) {
  if (request.priority == 0) refuse_field("priority", "must be between 1 and 255");
  find(request.consumer_id).set_priority(request.priority);
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
