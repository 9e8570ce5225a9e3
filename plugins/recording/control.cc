#include "control.h"

#include <utility>

#include "view.h"

namespace sluice::recording {

namespace {

json::object answer(const Record& record) { return {{"recordingId", record.id}, {"state", to_json(record.state)}}; }

}  // namespace

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
  run(command, participant.room(), actor_of(participant), wishes,
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
  run_for_rest(command, *room, actor_of(*participant), wishes, std::move(reply));
}

void Control::by_manager(Command command, const Identity& caller, const MeetingInfo& meeting, const Wishes& wishes,
                         rest::Reply reply) {
  Room* const room = context_.rooms.find(meeting.tenant, meeting.room_id);
  if (room == nullptr) throw Error{ErrorCode::conflict, "the meeting is not live"};
  const Starter by = demand_as_manager(*room, meeting, caller, Permission::record);
  run_for_rest(command, *room, by, wishes, std::move(reply));
}

}  // namespace sluice::recording
