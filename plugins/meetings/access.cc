#include "access.h"

#include <algorithm>

#include "join_pass.h"
#include "text.h"

namespace sluice::meetings {

namespace {

std::string_view to_string(Standing standing) noexcept {
  switch (standing) {
    case Standing::none:
      return "none";
    case Standing::invited:
      return "participant";
    case Standing::co_host:
      return "co_host";
    case Standing::host:
      return "host";
    case Standing::admin:
      break;
  }
  return "admin";
}

Standing standing_of(const Invited& invited) noexcept {
  if (invited.walk_in) return Standing::invited;
  if (invited.role == Role::host) return Standing::host;
  return invited.role == Role::co_host ? Standing::co_host : Standing::invited;
}

}  // namespace

bool is_admin(const Identity& identity, const Options& options) {
  if (identity.guest) return false;
  return (identity.role && std::ranges::count(options.admin_roles, *identity.role) > 0) ||
         std::ranges::count(options.admin_user_types, identity.user_type) > 0;
}

void demand_admin(const Identity& identity, const Options& options) {
  if (is_admin(identity, options)) return;
  throw Error{
      ErrorCode::permission_denied, "this is for administrators", {{"requiredRole", "admin"}, {"currentRole", "user"}}};
}

bool is_same(const Identity& identity, const Invited& invited) {
  if (identity.guest) return false;
  if (!invited.user_id.empty()) return invited.user_id == identity.user_id;
  return !invited.email.empty() && invited.email == lower(identity.email);
}

Standing caller_access(const Identity& identity, const Meeting& meeting, const std::vector<Invited>& own,
                       const Options& options) {
  if (identity.tenant != meeting.tenant) return Standing::none;
  // Whoever was let in by a join token may see the meeting that it is for, and no other one, whoever he is.
  const auto pass = read_pass(identity);
  if (pass && pass->meeting_id != meeting.id) return Standing::none;
  Standing best = pass ? Standing::invited : Standing::none;
  if (identity.guest) return best;
  if (is_admin(identity, options)) return Standing::admin;
  if (identity.user_id == meeting.creator_id) return Standing::host;
  for (const Invited& invited : own) {
    if (invited.status == InvitedStatus::removed || !is_same(identity, invited)) continue;
    best = std::max(best, standing_of(invited));
  }
  return best;
}

void demand(Standing standing, Standing least) {
  if (standing >= least) return;
  if (standing == Standing::none) throw Error{ErrorCode::not_found, "there is no such meeting"};
  throw Error{ErrorCode::permission_denied,
              "this needs a " + std::string{to_string(least)} + " of the meeting",
              {{"requiredRole", to_string(least)}, {"currentRole", to_string(standing)}}};
}

Standing least_standing(MeetingAccess access) noexcept {
  return access == MeetingAccess::moderator ? Standing::co_host : Standing::invited;
}

}  // namespace sluice::meetings
