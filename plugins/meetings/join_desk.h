#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "context.h"
#include "join_rules.h"
#include "live_meetings.h"
#include "password_attempts.h"
#include "session_store.h"
#include "sluice/lifeline.h"

namespace sluice::meetings {

/// A meeting that somebody wants to join, and what its record says of that person.
struct JoinCase {
  Meeting meeting;
  std::optional<Role> invited_as;
  bool live = false;
  std::size_t in_room = 0;
};

/// Where every wish to join is looked at: by REST (join_routes.h) and at the room's door (admission_step.h).
/// @note Control thread only. Callbacks may run during the call.
class JoinDesk {
 public:
  template <class T>
  using Done = Function<void(Result<T, Error>)>;

  JoinDesk(Context& context, LiveMeetings& live, SessionStore& store) : context_{context}, live_{live}, store_{store} {}

  /// The meeting of this id in a tenant: from memory where it is live, else from the store. Error{not_found}.
  void look_up(const Identity& who, const std::string& tenant, const std::string& meeting_id, Done<JoinCase> done);
  /// The same for a caller of the REST API: guests belong to no tenant and find the meetings that admit them in any.
  void find(const Identity& who, const std::string& meeting_id, Done<JoinCase> done);

  [[nodiscard]] JoinVerdict judge(const JoinCase& wish, const Identity& who) const;
  /// What the verdict says no to, as an error, which a policy's is also put on record.
  [[nodiscard]] Error refuse(const JoinCase& wish, const Identity& who, const JoinVerdict& verdict);

  /// Error{admission_denied} with `reasons` `password_required` or `wrong_password`, Error{rate_limited}.
  /// @param address  `203.0.113.7:51324`: guests are counted by it, users by their name.
  void check_password(const Identity& who, const std::string& address, const Meeting& meeting, std::string password,
                      Done<Ok> done);

 private:
  [[nodiscard]] MeetingNow now_of(const JoinCase& wish) const;
  [[nodiscard]] bool is_news(const Meeting& meeting, const Identity& who);

  Context& context_;
  LiveMeetings& live_;
  SessionStore& store_;
  PasswordAttempts attempts_;
  PasswordAttempts refusals_;  // of the same kind: so many of one caller at one meeting in so long
  Lifeline lifeline_;
};

/// Whom attempts are counted for: a user, or the network that a guest comes from (of IPv6 a /64, which one customer has
/// for himself).
[[nodiscard]] std::string attempts_of(const Identity& who, const std::string& address);

}  // namespace sluice::meetings
