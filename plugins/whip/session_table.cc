#include "session_table.h"

#include <utility>

#include "sluice/log.h"

namespace sluice::whip {

namespace {

// The id is the capability to change and to end the session (RFC 9725 section 5): unguessable.
constexpr int kSessionIdBits = 192;

Error too_many(int limit) { return Error{ErrorCode::limit_exceeded, "too many sessions", {{"limit", limit}}}; }

std::string host_of(const std::string& remote_address) { return remote_address.substr(0, remote_address.rfind(':')); }

}  // namespace

void SessionTable::open(Door door, const HttpRequest& request, Responder& reply) {
  demand_room(request);
  std::string id = context_.host.random_token(kSessionIdBits);
  auto session = std::make_unique<Session>(context_, *this, id, door, request, reply);
  ++per_address_[session->address()];
  count(door, 1);
  sessions_.emplace(std::move(id), std::move(session));
}

void SessionTable::demand_room(const HttpRequest& request) const {
  const Options& options = context_.options;
  if (draining_) throw Error{ErrorCode::draining, "the gateway is about to stop"};
  if (sessions_.size() >= static_cast<std::size_t>(options.max_sessions)) throw too_many(options.max_sessions);
  if (options.max_sessions_per_address == 0) return;
  const auto found = per_address_.find(host_of(request.remote_address));
  if (found != per_address_.end() && found->second >= options.max_sessions_per_address) {
    throw too_many(options.max_sessions_per_address);
  }
}

Session& SessionTable::find(Door door, const HttpRequest& request) {
  const auto found = sessions_.find(request.path_parameters.at("session"));
  if (found == sessions_.end() || found->second->door() != door ||
      found->second->room() != request.path_parameters.at("room")) {
    throw Error{ErrorCode::not_found, "there is no such session"};
  }
  found->second->check_caller(request.identity);
  return *found->second;
}

void SessionTable::end(Session& session, std::string_view reason) {
  auto node = sessions_.extract(session.id());
  if (node.empty()) return;
  context_.host.log().info("session ended", {{"door", to_string(session.door())},
                                             {"room", session.room()},
                                             {"participant", session.participant_id()},
                                             {"reason", reason}});
  context_.host.metrics()
      .counter("sessions_ended_total", "Sessions that ended, by why.",
               {{"door", std::string{to_string(session.door())}}, {"reason", std::string{reason}}})
      .add();
  const auto address = per_address_.find(session.address());
  if (--address->second == 0) per_address_.erase(address);
  count(session.door(), -1);
}

void SessionTable::end_all() {
  while (!sessions_.empty()) end(*sessions_.begin()->second, "shutdown");
}

json::array SessionTable::report(std::size_t offset, std::size_t limit) const {
  json::array page;
  for (const auto& [id, session] : sessions_) {
    if (page.size() >= limit) break;
    if (offset > 0) {
      --offset;
      continue;
    }
    page.push_back(session->report());
  }
  return page;
}

void SessionTable::count(Door door, int change) {
  context_.host.metrics()
      .gauge("sessions", "Publishers and players that are there now.", {{"door", std::string{to_string(door)}}})
      .add(change);
}

}  // namespace sluice::whip
