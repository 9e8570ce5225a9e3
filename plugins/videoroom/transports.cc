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
  make(request.direction, [this, reply = std::move(reply)](Transport* transport) mutable {
    if (transport == nullptr) return reply.fail(ErrorCode::not_in_room, "you have left the room meanwhile");
    reply.ok(description(*transport, context_.host.media().ice_servers(member_.identity().user_id)));
  });
}

void Transports::make(std::optional<Direction> direction, Function<void(Transport*)> ready) {
  demand_room_for_one_more(entries_.size() + being_made_, context_.options.transports_per_participant, "transports");
  const std::size_t before = being_made_++;
  auto made = [this, watch = lifeline_.watch(), direction,
               ready = std::move(ready)](std::unique_ptr<Transport> transport) mutable {
    if (watch.expired()) return ready(nullptr);
    --being_made_;
    ready(&adopt(std::move(transport), direction));
  };
  try {
    member_.live_room().router().create_transport(std::move(made));
  } catch (...) {
    being_made_ = before;  // `made` may have run, and thrown
    throw;
  }
}

Transport& Transports::adopt(std::unique_ptr<Transport> transport, std::optional<Direction> direction) {
  const std::string id = transport->id();
  transport->on_state(
      lifeline_.guard([this, id](TransportState state, std::string_view reason) { state_changed(id, state, reason); }));
  return *entries_.emplace(id, Entry{std::move(transport), direction}).first->second.transport;
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

void Transports::close(const TransportName& request) { discard(*find(request.transport_id).transport); }

void Transports::discard(Transport& transport) {
  const auto found = entries_.find(transport.id());
  if (found == entries_.end()) return;
  context_.retired.keep(std::move(found->second.transport));
  entries_.erase(found);
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
  if (found == entries_.end() || !found->second.direction) refuse_unknown("transport", id);
  return found->second;
}

void Transports::state_changed(const std::string& id, TransportState state, std::string_view reason) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const bool of_sdp = !found->second.direction;
  if (state == TransportState::failed) {
    context_.metrics.transport_failures.add();
    context_.host.log().info(
        "transport failed",
        {{"room", member_.live_room().id()}, {"participant", member_.id()}, {"transport", id}, {"error", reason}});
    member_.send("transport:failed", json::object{{"transportId", id}, {"reason", reason}});
  }
  // Who speaks for somebody else, as the door for WHIP does, has no peer connection of its own to look at.
  if (of_sdp && state == TransportState::connected) {
    member_.send("transport:connected", json::object{{"transportId", id}});
  }
  if (of_sdp && state == TransportState::disconnected) {
    member_.send("transport:disconnected", json::object{{"transportId", id}, {"reason", reason}});
  }
  if (of_sdp) return member_.media().peer_connection.transport_changed(state);
  if (state == TransportState::closed) discard(*found->second.transport);
}

}  // namespace sluice::videoroom
