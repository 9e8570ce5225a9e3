#include "live_session.h"

#include <utility>

#include "text.h"

namespace sluice::meetings {

void InvitedRoles::put(const Invited& who) {
  if (who.status == InvitedStatus::removed) return remove(who);
  if (!who.user_id.empty()) {
    by_user_[who.user_id] = who.role;
  } else if (!who.email.empty()) {
    by_email_[who.email] = who.role;
  }
}

void InvitedRoles::remove(const Invited& who) {
  by_user_.erase(who.user_id);
  by_email_.erase(who.email);
}

std::optional<Role> InvitedRoles::role_of(const Identity& identity) const {
  if (identity.guest) return std::nullopt;
  if (const auto found = by_user_.find(identity.user_id); found != by_user_.end()) return found->second;
  if (identity.email.empty()) return std::nullopt;
  const auto found = by_email_.find(lower(identity.email));
  return found == by_email_.end() ? std::nullopt : std::optional{found->second};
}

SessionRow row_of(const LiveSession& session, Instant now, WallTime wall) {
  return {.tenant = session.meeting.tenant,
          .meeting_id = session.meeting.id,
          .id = session.id,
          .started_at = session.started_at,
          .seen_at = wall,
          .numbers = session.stats.at(now)};
}

}  // namespace sluice::meetings
