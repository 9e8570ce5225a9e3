#include "door.h"

#include <algorithm>
#include <vector>

#include "policy.h"
#include "sluice/tokens.h"

namespace sluice::waitingroom {

namespace {

// Two kinds of passes; nobody can pass one off as the other.
const std::string kUserPass = "user:";      // the user of a token that the gateway has signed, a meeting's for one
const std::string kTicketPass = "ticket:";  // what a guest was given when it came to wait

ErrorCode code_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::timeout:
      return ErrorCode::timeout;
    case Outcome::room_closed:
      return ErrorCode::room_closed;
    case Outcome::shutdown:
      return ErrorCode::draining;
    default:
      return ErrorCode::admission_denied;
  }
}

std::string_view explanation(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::timeout:
      return "nobody has let you in for too long";
    case Outcome::room_closed:
      return "the room was closed";
    case Outcome::host_absent:
      return "no moderator is there";
    case Outcome::shutdown:
      return "the gateway is about to stop";
    default:
      return "you were not let in";
  }
}

void demand_room_for_one_more(std::size_t count, int limit, std::string_view where) {
  if (count < static_cast<std::size_t>(limit)) return;
  throw Error{ErrorCode::limit_exceeded, "too many wait " + std::string{where}, {{"limit", limit}}};
}

}  // namespace

Refusal Refusal::of(Outcome outcome) {
  const json::value name = to_json(outcome);
  std::string reason{name.as_string()};
  return {outcome, reason, Error{code_of(outcome), std::string{explanation(outcome)}, {{"reason", reason}}}};
}

Refusal Refusal::by_moderator(const std::string& words) {
  if (words.empty()) return of(Outcome::denied);
  return {Outcome::denied, words, Error{ErrorCode::admission_denied, words, {{"reason", "denied"}}}};
}

Door::Door(Context& context, RoomKey key) : context_{context}, key_(std::move(key)), notices_{context_, key_, list_} {}

void Door::knock(JoinRequest& request, AdmissionTicket ticket) {
  Room* const room = this->room();
  const bool known = admitted_before(request, room);
  if (!needs_admission(request, room, known, context_.options)) return ticket.allow();
  const bool host_present = room != nullptr && has_decider(*room);
  const HostAbsent what = host_present ? HostAbsent::wait : without_host(request, room, context_.options);
  if (what == HostAbsent::admit) return ticket.allow();
  if (what == HostAbsent::deny) return ticket.deny(Refusal::of(Outcome::host_absent).error);
  hold(request, std::move(ticket), host_present);
}

bool Door::admitted_before(const JoinRequest& request, Room* room) {
  const std::string& user_id = request.client.identity().user_id;
  if (admitted_.knows(user_id)) return true;
  if (room == nullptr || comes_again(request.client.identity())) return false;
  const std::string pass = pass_of(request);
  const std::string* const holder = admitted_.holder_of(pass);
  if (holder == nullptr) return false;
  // A pass is for coming again, not for bringing others along.
  const std::string former = *holder;
  const auto is_former = [&](Participant* one) { return one->identity().user_id == former; };
  const std::vector<Participant*> all = room->participants();
  const auto inside = std::ranges::find_if(all, is_former);
  if (inside != all.end() && !(*inside)->away()) return false;
  if (inside != all.end()) (*inside)->remove("replaced");  // else its owner would come back to it, too
  admitted_.forget(former);
  admitted_.remember(user_id, pass);
  return true;
}

std::string Door::pass_of(const JoinRequest& request) const {
  if (request.token.empty()) return {};
  const auto guest = context_.host.tokens().verify(request.token);
  if (!guest) return kTicketPass + request.token;
  return guest->tenant == key_.tenant ? kUserPass + guest->user_id : std::string{};
}

void Door::check_bounds(const std::string& user_id) const {
  demand_room_for_one_more(list_.size(), context_.options.max_waiting, "for this room");
  demand_room_for_one_more(context_.account.waiting(), context_.options.max_waiting_total, "for rooms");
  demand_room_for_one_more(list_.count_of(user_id), kWaitsPerUser, "for this room in your name");
}

void Door::hold(JoinRequest& request, AdmissionTicket ticket, bool host_present) {
  const Identity& identity = request.client.identity();
  check_bounds(identity.user_id);
  Waiter& waiter = list_.add({.id = context_.host.random_token(),
                              .ticket = std::move(ticket),
                              .user_id = identity.user_id,
                              .name = request.name,
                              .guest = identity.guest,
                              .since = context_.host.timers().wall_time()});
  const std::string id = waiter.id;
  waiter.told = {.position = list_.size(), .host_present = host_present};
  json::object info{{"waiting", true}, {"position", list_.size()}, {"hostPresent", host_present}};
  if (!comes_again(identity)) waiter.pass = pass_of(request);
  if (!comes_again(identity) && !waiter.pass.starts_with(kUserPass)) {
    const std::string ticket_text = context_.host.random_token();
    waiter.pass = kTicketPass + ticket_text;
    info["admissionTicket"] = ticket_text;
  }
  if (const Duration limit = context_.options.wait_limit_ms; limit > Duration::zero()) {
    waiter.limit = context_.host.timers().after(limit, [this, id] { deny(id, Refusal::of(Outcome::timeout)); });
  }
  waiter.ticket.on_abandoned([this, id] { abandoned(id); });
  context_.account.came();
  notices_.appended();
  waiter.ticket.hold(std::move(info));
}

std::size_t Door::admit_all() {
  for (const auto& [number, waiter] : list_.in_order()) clear(*waiter);
  return list_.size();
}

bool Door::admit(const std::string& waiting_id) {
  if (list_.find(waiting_id) == nullptr) return false;
  enter(waiting_id);
  return true;
}

void Door::clear(Waiter& waiter) {
  waiter.cleared = true;
  waiter.limit.cancel();
  if (!entering_) entering_ = context_.host.timers().after(Duration::zero(), [this] { let_cleared_in(); });
}

void Door::let_cleared_in() {
  entering_ = {};
  std::vector<std::string> turn;  // by id: whoever enters may change the list
  bool more = false;
  for (const auto& [number, waiter] : list_.in_order()) {
    if (!waiter->cleared) continue;
    more = turn.size() == kEntriesPerTurn;
    if (more) break;
    turn.push_back(waiter->id);
  }
  if (more) entering_ = context_.host.timers().after(Duration::zero(), [this] { let_cleared_in(); });
  for (const std::string& id : turn) enter(id);
}

void Door::enter(const std::string& waiting_id) {
  const auto waiter = list_.take(waiting_id);
  JoinRequest* const request = waiter == nullptr ? nullptr : waiter->ticket.request();
  if (request == nullptr) return;
  context_.account.ended(Outcome::admitted);
  notices_.shortened();
  admitted_.remember(waiter->user_id, waiter->pass);
  request->client.send("waitingroom:admitted", json::object{{"roomId", key_.room_id}});
  waiter->ticket.allow();
}

bool Door::deny(const std::string& waiting_id, const Refusal& refusal) {
  const auto waiter = list_.take(waiting_id);
  if (waiter == nullptr) return false;
  context_.account.ended(refusal.outcome);
  notices_.shortened();
  if (Client* const client = waiter->client()) {
    client->send("waitingroom:denied", json::object{{"roomId", key_.room_id}, {"reason", refusal.reason}});
  }
  waiter->ticket.deny(refusal.error);
  return true;
}

void Door::deny_all(const Refusal& refusal) {
  while (!list_.empty()) deny(std::string{list_.in_order().begin()->second->id}, refusal);
}

void Door::abandoned(const std::string& waiting_id) {
  if (list_.take(waiting_id) == nullptr) return;
  context_.account.ended(Outcome::left);
  notices_.shortened();
}

void Door::review_soon() {
  if (review_ || list_.empty()) return;
  review_ = context_.host.timers().after(Duration::zero(), [this] { review(); });
}

void Door::review() {
  review_ = {};
  Room* const room = this->room();
  const bool host_present = room != nullptr && has_decider(*room);
  std::vector<std::string> refused;
  for (const auto& [number, waiter] : list_.in_order()) {
    const JoinRequest* const request = waiter->ticket.request();
    if (request == nullptr || waiter->cleared) continue;
    const bool known = admitted_.knows(waiter->user_id);
    if (!needs_admission(*request, room, known, context_.options)) {
      clear(*waiter);
    } else if (!host_present) {
      const HostAbsent what = without_host(*request, room, context_.options);
      if (what == HostAbsent::admit) clear(*waiter);
      if (what == HostAbsent::deny) refused.push_back(waiter->id);
    }
  }
  for (const std::string& id : refused) deny(id, Refusal::of(Outcome::host_absent));
  notices_.presence_changed();
}

}  // namespace sluice::waitingroom
