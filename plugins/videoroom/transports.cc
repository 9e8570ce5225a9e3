#include "transports.h"

#include "context.h"
#include "live_room.h"
#include "refusal.h"
#include "sluice/log.h"

namespace sluice::videoroom {

namespace {

json::object description(const Transport& transport, const std::vector<IceServer>& ice_servers) {
  return {{"id", transport.id()},
          {"iceParameters", to_json(transport.ice_parameters())},
          {"iceCandidates", to_json(transport.ice_candidates())},
          {"dtlsParameters", to_json(transport.dtls_parameters())},
          {"iceServers", to_json(ice_servers)}};
}

}  // namespace

void Transports::create(const CreateTransport& request, Reply reply) {
  demand_room_for_one_more(entries_.size() + being_made_, context_.options.transports_per_participant, "transports");
  ++being_made_;
  auto ready = [this, watch = lifeline_.watch(), direction = request.direction,
                reply = std::move(reply)](std::unique_ptr<Transport> transport) mutable {
    if (watch.expired()) return reply.fail(ErrorCode::not_in_room, "you have left the room meanwhile");
    --being_made_;
    adopt(std::move(transport), direction, std::move(reply));
  };
  try {
    member_.live_room().router().create_transport(std::move(ready));
  } catch (...) {
    --being_made_;
    throw;
  }
}

void Transports::adopt(std::unique_ptr<Transport> transport, Direction direction, Reply reply) {
  const std::string id = transport->id();
  transport->on_state(
      lifeline_.guard([this, id](TransportState state, std::string_view reason) { state_changed(id, state, reason); }));
  reply.ok(description(*transport, context_.host.media().ice_servers()));
  entries_.emplace(id, Entry{std::move(transport), direction});
}

void Transports::connect(const ConnectTransport& request) {
  find(request.transport_id)
      .transport->connect({.dtls_parameters = request.dtls_parameters,
                           .ice_parameters = request.ice_parameters,
                           .ice_candidates = request.ice_candidates.value_or(std::vector<IceCandidate>{})});
}

json::object Transports::restart_ice(const TransportName& request) {
  return {{"iceParameters", to_json(find(request.transport_id).transport->restart_ice())}};
}

void Transports::close(const TransportName& request) {
  context_.retired.keep(std::move(find(request.transport_id).transport));
  entries_.erase(request.transport_id);
}

void Transports::close_all() {
  lifeline_.cut();
  for (auto& [id, entry] : entries_) context_.retired.keep(std::move(entry.transport));
  entries_.clear();
}

Transport& Transports::for_media(const Id& id, Direction direction) {
  Entry& entry = find(id);
  if (entry.direction == direction) return *entry.transport;
  throw Error{ErrorCode::conflict, "the transport was made for the other direction"};
}

Transports::Entry& Transports::find(const Id& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) refuse_unknown("transport", id);
  return found->second;
}

void Transports::state_changed(const std::string& id, TransportState state, std::string_view reason) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  if (state == TransportState::failed) {
    context_.metrics.transport_failures.add();
    context_.host.log().info("transport failed",
                             {{"participant", member_.id()}, {"transport", id}, {"reason", reason}});
    member_.send("transport:failed", json::object{{"transportId", id}, {"reason", reason}});
  }
  if (state == TransportState::closed) {
    context_.retired.keep(std::move(found->second.transport));
    entries_.erase(found);
  }
}

}  // namespace sluice::videoroom
