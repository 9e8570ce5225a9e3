#pragma once

#include <string>
#include <string_view>

#include "control/context.h"
#include "control/requests.h"
#include "control/streams.h"
#include "sluice/client.h"
#include "sluice/contracts/room_actor.h"

namespace sluice::livestream {

/// Somebody at a room: from inside by events or REST, or as manager of its meeting.
struct Door {
  Room& room;
  /// Who it is, if it may. Throws Error{permission_denied}.
  Function<RoomActor(Permission)> demand;
};

/// What is done to the stream of a room, by whichever door, each with who may.
class Control {
 public:
  Control(Context& context, Streams& streams) : context_{context}, streams_{streams} {}

  /// Throws Error{not_in_room}.
  [[nodiscard]] Door door_of(Client& client);
  /// Of a user who is in the room. Throws Error{unauthorized, not_found, not_in_room}.
  [[nodiscard]] Door door_of(const Identity& caller, const std::string& room_id);
  /// Of who manages the meeting; that has been checked. Throws Error{conflict} where it is not live. `caller` and
  /// `meeting` outlive the door.
  [[nodiscard]] Door door_of(const Identity& caller, const MeetingInfo& meeting);

  LiveStream& start(Door door, const StartWish& wish);
  LiveStream& stop(Door door);
  LiveStream& set_layout(Door door, Layout layout);
  [[nodiscard]] TargetView add_target(Door door, const TargetWish& wish);
  void remove_target(Door door, std::string_view target_id);

  /// As REST has it: all of it for who may stream, the summary for others.
  [[nodiscard]] json::value status(Door door);
  [[nodiscard]] static json::value no_status();

  /// nullptr: the room is not being streamed.
  [[nodiscard]] LiveStream* find(const Room& room) const noexcept { return streams_.find(room); }

 private:
  Context& context_;
  Streams& streams_;
};

/// The name that a room's stream has where nobody gives it one.
[[nodiscard]] std::string title_of(Context& context, Room& room);

}  // namespace sluice::livestream
