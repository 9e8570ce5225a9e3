#include "reconnect.h"

#include <string>
#include <utility>

#include "context.h"
#include "lobby.h"
#include "media_summary.h"
#include "room_table.h"
#include "sluice/bus.h"
#include "sluice/log.h"

namespace sluice::videoroom {

namespace {

constexpr char kSeparator = '.';  // in no participant id, which is base64url

/// Every guest gets a name of its own with each connection: the token is all that one can know it by.
bool is_same_user(const Identity& one, const Identity& other) {
  if (one.tenant != other.tenant || one.guest != other.guest) return false;
  return one.guest || one.user_id == other.user_id;
}

}  // namespace

json::value reconnect_token(const Context& context, const Member& member) {
  if (context.options.reconnect_grace_ms == Duration::zero()) return nullptr;
  return json::value(member.id() + kSeparator + member.seat().secret().reveal());
}

void Reconnect::disconnected(Client& client, std::string_view reason) {
  Member* member = table_.find_participant(client);
  if (member == nullptr) return;
  const bool waits = context_.options.reconnect_grace_ms > Duration::zero() && is_lost_connection(reason);
  if (!waits) return table_.leave(*member, "disconnected");
  wait_for(*member);
}

void Reconnect::wait_for(Member& member) {
  table_.vacate(member, context_.host.timers().after(context_.options.reconnect_grace_ms, [this, &member] {
    count("expired");
    table_.leave(member, "disconnected");
  }));
  member.live_room().presence().updated(member);
  context_.host.bus().publish(ParticipantAway{member});
}

void Reconnect::attempt(Client& client, const ReconnectAttempt& request, Reply reply) {
  Member* member = nullptr;
  bool was_away = false;
  try {
    member = &find(client, request.reconnect_token);
    was_away = member->away();
    if (!was_away) take_from_other(*member);
  } catch (const Error& error) {
    count(to_string(error.code()));
    throw;
  }
  table_.occupy(*member, client);
  count(was_away ? "returned" : "taken_over");
  json::object stay = joined_data(context_, *member);
  stay["media"] = media_summary(*member);
  reply.ok(std::move(stay));
  welcome(*member);
}

Member& Reconnect::find(const Client& client, std::string_view token) const {
  const auto end_of_id = token.find(kSeparator);
  Member* member = end_of_id == token.npos ? nullptr : table_.find_anywhere(token.substr(0, end_of_id));
  const bool opens = member != nullptr && context_.options.reconnect_grace_ms > Duration::zero() &&
                     member->seat().secret().matches(token.substr(end_of_id + 1)) &&
                     is_same_user(member->identity(), client.identity());
  // One answer for all causes: it tells nobody which half of a guess was right.
  if (!opens) throw Error{ErrorCode::not_found, "no seat is kept for this token: join anew"};
  const LiveRoom& room = member->live_room();
  if (room.banned(member->identity().user_id) || room.banned(client.identity().user_id)) {
    throw Error{ErrorCode::admission_denied, "you were removed from this room for good"};
  }
  return *member;
}

// For plugins it goes and comes as with a lost connection: nobody knows what of theirs has reached the old client.
void Reconnect::take_from_other(Member& member) {
  member.send("room:left", json::object{{"reason", "reconnected_elsewhere"}});
  table_.vacate(member, Timer{});
  context_.host.bus().publish(ParticipantAway{member});
  if (member.gone()) throw Error{ErrorCode::not_found, "you were taken out of the room meanwhile"};
}

// After the answer, so that what plugins send now meets a client that knows where it is.
void Reconnect::welcome(Member& member) {
  if (draining_) member.send("room:draining", json::object());
  member.media().peer_connection.returned();
  member.live_room().presence().updated(member);
  context_.host.bus().publish(ParticipantReturned{member});
}

void Reconnect::count(std::string_view result) {
  context_.host.metrics()
      .counter("reconnects_total", "Attempts to come back, and seats that were given up, by what became of them.",
               {{"result", std::string{result}}})
      .add();
}

}  // namespace sluice::videoroom
