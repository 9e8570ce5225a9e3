#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "context.h"
#include "recorder.h"
#include "requests.h"
#include "sluice/events.h"
#include "sluice/rest.h"

namespace sluice::recording {

/// What is done to a room's recording.
enum class Command : std::uint8_t { start, stop, pause, resume };

/// The ways to start, stop, pause and resume: client events and REST, each with who may.
class Control {
 public:
  Control(Context& context, Recorder& recorder) : context_{context}, recorder_{recorder} {}

  /// `recording:start`, ...: by a participant that may `record`.
  void by_event(Command command, Client& client, const Wishes& wishes, Reply reply);
  /// `POST /api/rooms/{roomId}/recording/<command>`: by a user who is in the room and may `record` there.
  void by_user(Command command, const Identity& caller, const std::string& room_id, const Wishes& wishes,
               rest::Reply reply);
  /// `POST /api/meeting/{id}/recording/<command>`: by who manages the meeting, and `may_record` its room.
  void by_manager(Command command, const Identity& caller, const MeetingInfo& meeting, const Wishes& wishes,
                  rest::Reply reply);

 private:
  void run(Command command, Room& room, const Starter& by, const Wishes& wishes, Recorder::Done done);
  void run_for_rest(Command command, Room& room, const Starter& by, const Wishes& wishes, rest::Reply reply);

  Context& context_;
  Recorder& recorder_;
};

}  // namespace sluice::recording
