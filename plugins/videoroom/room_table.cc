#include "room_table.h"

#include <algorithm>

#include "context.h"
#include "refusal.h"
#include "sluice/bus.h"
#include "sluice/log.h"

namespace sluice::videoroom {

namespace {

/// RoomOptions::info, as JSON.
constexpr int kMaxInfoBytes = 4'096;

}  // namespace

RoomTable::~RoomTable() = default;

LiveRoom& RoomTable::create_owned(const RoomOptions& options, const std::string& owner) {
  RoomOptions chosen = options;
  if (chosen.id.empty()) chosen.id = context_.host.random_token();
  if (!is_room_id(chosen.id)) refuse_field("roomId", "must be 1 to 64 letters, digits, '-', '_' or '.'");
  chosen.name = sanitise_text(chosen.name);
  if (chosen.name.empty()) chosen.name = chosen.id;
  RoomKey key{chosen.tenant, chosen.id};
  if (rooms_.contains(key)) throw Error{ErrorCode::room_exists, "there is a room '" + chosen.id + "' already"};
  demand_room_for_one_more(rooms_.size(), context_.options.max_rooms, "rooms at a time");
  demand_size(chosen.info, kMaxInfoBytes, "info");

  auto made = std::make_unique<LiveRoom>(context_, *this, std::move(chosen), owner);
  LiveRoom& room = *rooms_.emplace(std::move(key), std::move(made)).first->second;
  count();
  context_.host.log().info("room created", {{"room", room.id()}, {"tenant", room.tenant()}});
  context_.host.bus().publish(RoomCreated{room});
  room.watch_emptiness();
  return room;
}

LiveRoom* RoomTable::find(std::string_view tenant, std::string_view room_id) noexcept {
  const auto found = rooms_.find(RoomKey{std::string{tenant}, std::string{room_id}});
  return found == rooms_.end() ? nullptr : found->second.get();
}

std::vector<Room*> RoomTable::all() {
  std::vector<Room*> out;
  for (const auto& [key, room] : rooms_) out.push_back(room.get());
  return out;
}

std::vector<LiveRoom*> RoomTable::rooms() const {
  std::vector<LiveRoom*> out;
  for (const auto& [key, room] : rooms_) out.push_back(room.get());
  return out;
}

Member& RoomTable::participant_of(Client& client) {
  if (Member* member = find_participant(client)) return *member;
  throw Error{ErrorCode::not_in_room, "join a room first"};
}

Member* RoomTable::find_participant(Client& client) noexcept {
  const auto found = by_client_.find(client.id());
  return found == by_client_.end() ? nullptr : found->second;
}

Member* RoomTable::find_anywhere(std::string_view participant_id) noexcept {
  const auto found = by_id_.find(participant_id);
  return found == by_id_.end() ? nullptr : found->second;
}

Member& RoomTable::enter(LiveRoom& room, JoinRequest& request) {
  if (find(room.tenant(), room.id()) != &room) throw Error{ErrorCode::room_closed, "the room has just been closed"};
  Member& member = room.add(std::make_unique<Member>(context_, *this, room, request));
  by_id_.emplace(member.id(), &member);
  by_client_.emplace(request.client.id(), &member);
  count();
  context_.host.log().info("participant joined", {{"room", room.id()},
                                                  {"participant", member.id()},
                                                  {"user", member.identity().user_id},
                                                  {"role", role_name(member.role())}});
  room.presence().joined(member);
  context_.host.bus().publish(ParticipantJoined{member});
  return member;
}

void RoomTable::leave(Member& member, std::string_view reason) {
  if (member.gone()) return;
  LiveRoom& room = member.live_room();
  room.screen_shares().left(member);
  member.media().close();
  auto taken = room.take_out(member);
  if (taken == nullptr) return;  // a plugin that heard of the end of its media has taken it out
  room.presence().left(member, reason);
  forget(member, reason);
  context_.retired.keep(std::move(taken));
  room.watch_emptiness();
}

void RoomTable::vacate(Member& member, Timer patience) {
  if (const Client* client = member.client()) by_client_.erase(client->id());
  member.seat().vacate(std::move(patience));
  count();
  context_.host.log().info("participant away", {{"room", member.live_room().id()}, {"participant", member.id()}});
}

void RoomTable::occupy(Member& member, Client& client) {
  member.seat().take(client, context_.host.random_token());
  by_client_.emplace(client.id(), &member);
  count();
  context_.host.log().info("participant returned", {{"room", member.live_room().id()}, {"participant", member.id()}});
}

void RoomTable::forget(Member& member, std::string_view reason) {
  member.set_gone();
  by_id_.erase(member.id());
  if (const Client* client = member.client()) by_client_.erase(client->id());
  count();
  context_.host.log().info("participant left",
                           {{"room", member.live_room().id()}, {"participant", member.id()}, {"reason", reason}});
  context_.host.bus().publish(ParticipantLeft{member, reason});
}

void RoomTable::close(LiveRoom& room, std::string_view reason) {
  const auto found = rooms_.find(RoomKey{room.tenant(), room.id()});
  if (found == rooms_.end() || found->second.get() != &room) return;  // it is being closed already
  auto node = rooms_.extract(found);
  const std::string why{reason};  // the caller's text may die with the room
  room.broadcast("room:closed", json::object{{"reason", why}});
  room.fall_silent();
  for (Member* member : room.members()) {
    auto taken = room.take_out(*member);
    if (taken == nullptr) continue;  // somebody who heard of an earlier one has taken it out
    taken->media().close();
    forget(*taken, "room_closed");
    context_.retired.keep(std::move(taken));
  }
  count();
  context_.host.log().info("room closed", {{"room", room.id()}, {"tenant", room.tenant()}, {"reason", why}});
  context_.host.bus().publish(RoomClosed{room, why});
  context_.retired.keep(std::move(node.mapped()));
}

void RoomTable::close_all(std::string_view reason) {
  while (!rooms_.empty()) close(*rooms_.begin()->second, reason);
}

std::size_t RoomTable::count_owned(const std::string& tenant, const std::string& owner) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      rooms_, [&](const auto& entry) { return entry.first.tenant == tenant && entry.second->owner() == owner; }));
}

void RoomTable::count() {
  context_.metrics.rooms.set(static_cast<double>(rooms_.size()));
  context_.metrics.participants.set(static_cast<double>(by_id_.size()));
  context_.metrics.away.set(static_cast<double>(by_id_.size() - by_client_.size()));
}

}  // namespace sluice::videoroom
