#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "live.h"
#include "meeting.h"
#include "session_stats.h"
#include "session_store.h"
#include "sluice/identity.h"
#include "sluice/timers.h"

namespace sluice::meetings {

/// Who is invited to a meeting that is live, and as what.
class InvitedRoles {
 public:
  void put(const Invited& who);
  void remove(const Invited& who);
  /// By user id, else by address. Guests are invited to nothing.
  [[nodiscard]] std::optional<Role> role_of(const Identity& identity) const;

 private:
  std::map<std::string, Role, std::less<>> by_user_;
  std::map<std::string, Role, std::less<>> by_email_;
};

/// A meeting whose room is open, or whose end is being written.
struct LiveSession {
  enum class Phase : std::uint8_t {
    running,
    ending,  ///< asked to end: the final statistics are on their way to the store
    over     ///< the room is closed; only the record is not written yet
  };

  std::string id;   ///< of this run
  Meeting meeting;  ///< as it was written last
  Room* room;       ///< nullptr once it is closed
  WallTime started_at;
  SessionStats stats;
  InvitedRoles roles{};
  Phase phase = Phase::running;
  std::string end_reason{};
  Timer empty{};  ///< runs while nobody is in
  Timer retry{};  ///< of a record that the store did not take
  std::vector<Live::Done> waiting_for_end{};
};

/// As the store has a run.
[[nodiscard]] SessionRow row_of(const LiveSession& session, Instant now, WallTime wall);
}  // namespace sluice::meetings
