#include "control.h"

#include <utility>

#include "view.h"

namespace sluice::recording {

namespace {

Starter starter_of(const Participant& participant) {
  return {.identity = participant.identity(), .name = participant.name(), .participant_id = participant.id()};
}

/// Who manages a meeting from outside of its room needs what the room's policy demands of those inside: what nobody
/// may, it may not, and what is the host's alone is the host's.
void demand_from_outside(const Room& room, const MeetingInfo& meeting, const Identity& caller) {
  const auto& roles = room.policy().least_role;
  const auto found = roles.find(Permission::record);
  if (found == roles.end()) return;
  if (!found->second) {
    throw Error{ErrorCode::permission_denied, "this meeting is not recorded", {{"feature", "record"}}};
  }
  if (*found->second == Role::host && caller.user_id != meeting.host_user_id) {
    throw Error{ErrorCode::permission_denied, "only the host records this meeting", {{"requiredRole", "host"}}};
  }
}

json::object answer(const Record& record) { return {{"recordingId", record.id}, {"state", to_json(record.state)}}; }

}  // namespace

Participant* participant_of(Room& room, const Identity& user) {
  if (user.guest) return nullptr;
  for (Participant* one : room.participants()) {
    if (one->identity().user_id == user.user_id) return one;
  }
  return nullptr;
}

void Control::run(Command command, Room& room, const Starter& by, const Wishes& wishes, Recorder::Done done) {
  switch (command) {
    case Command::start:
      return recorder_.start(room, wishes, by, std::move(done));
    case Command::stop:
      return recorder_.stop(room, by, "stopped", std::move(done));
    case Command::pause:
      return recorder_.pause(room, by, std::move(done));
    case Command::resume:
      return recorder_.resume(room, by, std::move(done));
  }
}

void Control::by_event(Command command, Client& client, const Wishes& wishes, Reply reply) {
  Participant& participant = context_.rooms.participant_of(client);
  participant.demand(Permission::record);
  // Shared with the recorder, which may throw before it has taken it: then the host answers.
  const auto kept = std::make_shared<Reply>(std::move(reply));
  run(command, participant.room(), starter_of(participant), wishes,
      [kept](const Result<Record, Error>& done) { done ? kept->ok(answer(*done)) : kept->fail(done.error()); });
}

void Control::run_for_rest(Command command, Room& room, const Starter& by, const Wishes& wishes, rest::Reply reply) {
  const auto kept = std::make_shared<rest::Reply>(std::move(reply));
  try {
    run(command, room, by, wishes, [kept, command](const Result<Record, Error>& done) {
      if (!done) return kept->fail(done.error());
      kept->respond(command == Command::start ? 201 : 200, to_json(view_of(*done, std::nullopt, {})));
    });
  } catch (const Error& error) {
    kept->fail(error);
  }
}

void Control::by_user(Command command, const Identity& caller, const std::string& room_id, const Wishes& wishes,
                      rest::Reply reply) {
  if (caller.guest) throw Error{ErrorCode::unauthorized, "a token is required"};
  Room* const room = context_.rooms.find(caller.tenant, room_id);
  if (room == nullptr) throw Error{ErrorCode::not_found, "there is no such room"};
  Participant* const participant = participant_of(*room, caller);
  if (participant == nullptr) throw Error{ErrorCode::not_in_room, "who records a room is in it"};
  participant->demand(Permission::record);
  run_for_rest(command, *room, starter_of(*participant), wishes, std::move(reply));
}

void Control::by_manager(Command command, const Identity& caller, const MeetingInfo& meeting, const Wishes& wishes,
                         rest::Reply reply) {
  Room* const room = context_.rooms.find(meeting.tenant, meeting.room_id);
  if (room == nullptr) throw Error{ErrorCode::conflict, "the meeting is not live"};
  Starter by{.identity = caller, .name = caller.name.empty() ? caller.user_id : caller.name, .participant_id = {}};
  if (Participant* const participant = participant_of(*room, caller)) {
    participant->demand(Permission::record);
    by = starter_of(*participant);
  } else {
    demand_from_outside(*room, meeting, caller);
  }
  run_for_rest(command, *room, by, wishes, std::move(reply));
}

}  // namespace sluice::recording
