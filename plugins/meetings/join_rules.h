#pragma once

#include <optional>
#include <vector>

#include "meeting.h"
#include "options.h"
#include "sluice/contracts/rooms.h"
#include "sluice/error.h"
#include "sluice/identity.h"
#include "sluice/json.h"

/// Who may join a meeting now, and as what: the record, its policies and the configuration put together. Nothing here
/// asks or changes anything.
namespace sluice::meetings {

/// Why somebody may not join, as `validate-access` and the details of an error name it.
enum class JoinRefusal : std::uint8_t {
  cancelled,
  ended,
  too_early,
  deactivated,
  blocked,
  domain_not_allowed,
  anonymous_not_allowed,  ///< by a policy
  guests_not_allowed,     ///< by the meeting
  not_invited,
  meeting_full
};
BOOST_DESCRIBE_ENUM(JoinRefusal, cancelled, ended, too_early, deactivated, blocked, domain_not_allowed,
                    anonymous_not_allowed, guests_not_allowed, not_invited, meeting_full)

/// Somebody who would come in.
struct Newcomer {
  const Identity& who;
  std::optional<Role> invited_as;  ///< as the record of the meeting has it
  bool active = true;              ///< not deactivated in the directory
};

/// A meeting as it stands at this moment.
struct MeetingNow {
  const Meeting& meeting;
  bool live = false;
  std::size_t in_room = 0;
  WallTime now{};
};

struct JoinVerdict {
  Role role = Role::attendee;
  std::vector<JoinRefusal> reasons{};  ///< empty: may join
  bool password = false;               ///< has to know it
  bool waiting_room = false;           ///< will wait to be let in
  bool approval = false;               ///< and only by a host or co-host

  [[nodiscard]] bool allowed() const noexcept { return reasons.empty(); }
};

[[nodiscard]] JoinVerdict judge(const MeetingNow& now, const Newcomer& newcomer, const Options& options);
/// The error that stands for the reasons of a verdict that is a refusal; its details hold them all.
[[nodiscard]] Error refusal(const JoinVerdict& verdict, const MeetingNow& now, const Options& options);
[[nodiscard]] json::array to_names(const std::vector<JoinRefusal>& reasons);
/// Whether a security policy, not the meeting's state, is what stands in the way.
[[nodiscard]] bool refused_by_policy(const JoinVerdict& verdict) noexcept;
/// Whether people without an account come in at all.
[[nodiscard]] bool admits_guests(const Meeting& meeting, const Options& options);

}  // namespace sluice::meetings
