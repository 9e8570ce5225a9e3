#include "lobby.h"

#include <algorithm>
#include <utility>

#include "context.h"
#include "reconnect.h"
#include "refusal.h"
#include "room_table.h"
#include "sluice/log.h"

namespace sluice::videoroom {

namespace {

/// JoinRequest::device, as JSON: it is kept for as long as somebody waits to be let in.
constexpr int kMaxDeviceBytes = 4'096;

/// The role that the token names, if it is one of ours.
std::optional<Role> granted_role(const Identity& identity) {
  if (!identity.role) return std::nullopt;
  try {
    return from_json<Role>(json::value(*identity.role));
  } catch (const Error&) {
    return std::nullopt;
  }
}

[[noreturn]] void refuse_full(const LiveRoom& room) {
  throw Error{ErrorCode::room_full, "the room is full", {{"limit", room.max_participants()}}};
}

void check_ban(const LiveRoom* room, const Client& client) {
  if (room == nullptr || !room->banned(client.identity().user_id)) return;
  throw Error{ErrorCode::admission_denied, "you were removed from this room for good"};
}

}  // namespace

json::object joined_data(Context& context, Member& member) {
  LiveRoom& room = member.live_room();
  return {{"room", room.summary()},
          {"self", member.summary()},
          {"participants", room.members_page(0, static_cast<std::size_t>(context.options.members_page))},
          {"producers", room.publications()},
          {"screenShare", room.screen_shares().current()},
          {"activeSpeaker", room.speakers().current()},
          {"spotlight", room.spotlight().to_client()},
          {"rtpCapabilities", to_json(room.router().rtp_capabilities())},
          {"iceServers", to_json(context.host.media().ice_servers(member.identity().user_id))},
          {"features", member.features()},
          {"reconnectToken", reconnect_token(context, member)},
          {"reconnectGraceMs", context.options.reconnect_grace_ms.count()}};
}

json::object Lobby::create(Client& client, const CreateRoom& request) {
  const Identity& identity = client.identity();
  if (draining_) throw Error{ErrorCode::draining, "the gateway is about to stop"};
  if (!context_.options.allow_create) throw Error{ErrorCode::permission_denied, "clients may not create rooms here"};
  demand_room_for_one_more(table_.count_owned(identity.tenant, identity.user_id), context_.options.rooms_per_user,
                           "rooms of one user at a time");
  RoomOptions options{.id = {}, .name = request.name.value_or(""), .tenant = identity.tenant, .max_participants = {}};
  if (request.options) {
    options.id = request.options->room_id.value_or("");
    options.max_participants = request.options->max_participants;
  }
  const int most = context_.options.max_participants;
  if (options.max_participants && (*options.max_participants < 1 || *options.max_participants > most)) {
    refuse_field("options.maxParticipants", "must be between 1 and " + std::to_string(most));
  }
  const LiveRoom& room = table_.create_owned(options, identity.user_id);
  return {{"roomId", room.id()}, {"joinToken", room.join_token().reveal()}};
}

void Lobby::join(Client& client, const JoinRoom& request, Reply reply) {
  try {
    check(client, request);
  } catch (const Error& error) {
    count(to_string(error.code()));
    throw;
  }
  const LiveRoom* room = table_.find(client.identity().tenant, request.room_id);
  // Parentheses around `device`: braces would make a list of one object.
  const auto join = std::make_shared<PendingJoin>(
      PendingJoin{.request = JoinRequest{.client = client,
                                         .room_id = request.room_id,
                                         .token = request.token.value_or(""),
                                         .password = request.password.value_or(""),
                                         .device = request.device.value_or(json::object()),
                                         .name = first_name(client, request),
                                         .role = first_role(client, request, room),
                                         .attributes = json::object()},
                  .room_was_there = room != nullptr,
                  .founds_room = room == nullptr && !granted_role(client.identity())});
  join->reply.emplace(std::move(reply));
  pending_.emplace(client.id(), join);
  chain_.pass(join, *this);
}

void Lobby::demand_outside(const Client& client) const {
  if (table_.contains(client)) throw Error{ErrorCode::already_in_room, "leave the room first"};
  if (pending_.contains(client.id())) throw Error{ErrorCode::conflict, "a join of yours is not decided yet"};
}

void Lobby::check(Client& client, const JoinRoom& request) const {
  if (draining_) throw Error{ErrorCode::draining, "the gateway is about to stop"};
  demand_outside(client);
  if (!is_room_id(request.room_id)) refuse_field("roomId", "must be 1 to 64 letters, digits, '-', '_' or '.'");
  const LiveRoom* room = table_.find(client.identity().tenant, request.room_id);
  check_ban(room, client);
  if (room != nullptr && room->full()) refuse_full(*room);
  if (request.device) demand_size(*request.device, kMaxDeviceBytes, "device");
  demand_room_for_one_more(pending_.size(), context_.options.max_undecided_joins, "undecided joins");
}

Role Lobby::first_role(const Client& client, const JoinRoom& request, const LiveRoom* room) const {
  const Identity& identity = client.identity();
  if (room != nullptr && request.token && room->join_token().matches(*request.token)) return Role::host;
  if (room != nullptr) {
    if (const auto assigned = room->assigned_role(identity.user_id)) return *assigned;
    if (room->owner() == identity.user_id) return Role::host;
  }
  const auto granted = granted_role(identity);
  // A host has said what it is to be; nobody is the less for that than what the issuer made of it.
  if (const ExpectedUser* expected = room == nullptr ? nullptr : room->expected(identity)) {
    return std::min(expected->role, granted.value_or(expected->role));
  }
  // What the issuer says goes before who came first: a viewer is none the more for being early.
  if (granted) return *granted;
  const bool founds = room == nullptr && context_.options.create_on_join;
  return founds ? Role::host : context_.options.default_role;
}

std::string Lobby::first_name(const Client& client, const JoinRoom& request) const {
  const auto most = static_cast<std::size_t>(context_.options.name_bytes);
  for (const std::string& wish : {std::string{request.name.value_or("")}, client.identity().name}) {
    if (std::string name = sanitise_text(wish, most); !name.empty()) return name;
  }
  return "Guest";
}

void Lobby::leave(Client& client) {
  if (abandon(client.id())) return;
  table_.leave(table_.participant_of(client), "left");
}

void Lobby::drain() {
  draining_ = true;
  while (!pending_.empty()) {
    const auto join = pending_.begin()->second;
    Function<void()> abandoned = std::move(join->abandoned);
    denied(*join, Error{ErrorCode::draining, "the gateway is about to stop"});
    if (abandoned) abandoned();
  }
}

bool Lobby::abandon(ClientId client) {
  const auto found = pending_.find(client);
  if (found == pending_.end()) return false;
  const auto join = found->second;
  finish(*join);
  count("abandoned");
  if (join->reply) join->reply->fail(ErrorCode::admission_denied, "the join was given up");
  if (join->abandoned) join->abandoned();
  return true;
}

void Lobby::admitted(PendingJoin& join) {
  Member* member = nullptr;
  try {
    member = &table_.enter(room_for(join), join.request);
    if (member->gone()) throw Error{ErrorCode::admission_denied, "you were taken out of the room at once"};
  } catch (const Error& error) {
    return denied(join, error);
  }
  finish(join);
  count("joined");
  json::object data = joined_data(context_, *member);
  if (join.reply) return join.reply->ok(std::move(data));
  join.request.client.send("room:joined", std::move(data));
}

LiveRoom& Lobby::room_for(PendingJoin& join) {
  JoinRequest& request = join.request;
  const Identity& identity = request.client.identity();
  LiveRoom* room = table_.find(identity.tenant, request.room_id);
  check_ban(room, request.client);
  if (room == nullptr) {
    if (join.room_was_there && !context_.options.create_on_join) {
      throw Error{ErrorCode::room_closed, "the room was closed meanwhile"};
    }
    // What somebody else will open is not made by the first who asks for it.
    if (request.expected_room || !context_.options.create_on_join) {
      throw Error{ErrorCode::room_not_found, "there is no room '" + request.room_id + "'"};
    }
    return table_.create_owned({.id = request.room_id, .name = {}, .tenant = identity.tenant, .max_participants = {}},
                               request.role == Role::host ? identity.user_id : std::string{});
  }
  if (room->full()) refuse_full(*room);
  // Two asked for a room that was not there; the other one came in first, and is its host.
  if (join.founds_room && request.role == Role::host && room->owner() != identity.user_id) {
    request.role = context_.options.default_role;
  }
  request.role = role_in(*room, request);
  return *room;
}

// A step knows whom a token names and who is invited, but not what a host has made of the user in this room since:
// whoever was demoted is not raised again by coming back.
Role Lobby::role_in(const LiveRoom& room, const JoinRequest& request) const {
  const Identity& identity = request.client.identity();
  if (room.join_token().matches(request.token)) return Role::host;
  if (const auto assigned = room.assigned_role(identity.user_id)) return *assigned;
  const ExpectedUser* expected = room.expected(identity);
  return expected == nullptr ? request.role : std::min(request.role, expected->role);
}

void Lobby::denied(PendingJoin& join, const Error& error) {
  finish(join);
  count(to_string(error.code()));
  if (join.reply) return join.reply->fail(error);
  json::object data = error.to_json();
  data["roomId"] = join.request.room_id;
  join.request.client.send("room:denied", std::move(data));
}

void Lobby::held(PendingJoin& join, json::object info) {
  if (!join.reply) return;  // an earlier step has said so
  info["held"] = true;
  std::exchange(join.reply, std::nullopt)->ok(std::move(info));
}

void Lobby::finish(PendingJoin& join) {
  join.over = true;
  pending_.erase(join.request.client.id());
}

void Lobby::count(std::string_view result) {
  context_.host.metrics()
      .counter("joins_total", "Joins by what became of them.", {{"result", std::string{result}}})
      .add();
}

}  // namespace sluice::videoroom
