#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meeting.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/identity.h"
#include "sluice/result.h"

/// What the records of meetings ask of the meetings that are live, and tell them.
/// @note Control thread only.
namespace sluice::meetings {

/// Somebody who is in a meeting's room now.
struct LiveParticipant {
  std::string participant_id;
  std::string user_id;
  std::string email;  ///< lower case; empty where the token has none
  std::string name;
  Role role = Role::attendee;
  bool guest = false;
  bool away = false;  ///< its connection is lost; it may come back
  WallTime joined_at{};
  bool audio = false;
  bool video = false;
  bool screen_share = false;
};

class Live {
 public:
  using Done = Function<void(Result<Meeting, Error>)>;

  virtual ~Live() = default;

  /// Opens the meeting's room and writes that it is live. `done` has the meeting as it stands then.
  virtual void start(Meeting meeting, const Identity& by, Done done) = 0;
  /// Closes its room, if it has one, and writes the final statistics; a meeting that is not live is given back as it
  /// is.
  virtual void end(Meeting meeting, const Identity& by, std::string_view reason, Done done) = 0;

  /// Who is in the room; empty where it is not open.
  [[nodiscard]] virtual std::vector<LiveParticipant> in_room(std::string_view tenant,
                                                             std::string_view meeting_id) const = 0;

  // What has been written, for the room that may be open.

  /// Name, features, limits: the room follows.
  virtual void changed(const Meeting& meeting) = 0;
  virtual void invited(const Meeting& meeting, const Invited& who, const Identity& by) = 0;
  /// Goes out of the room.
  virtual void removed(const Meeting& meeting, const Invited& who, std::string_view reason) = 0;
  virtual void role_changed(const Meeting& meeting, const Invited& who) = 0;
  /// May not be anywhere any more.
  virtual void deactivated(std::string_view tenant, std::string_view user_id) = 0;
};

}  // namespace sluice::meetings
