#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meeting.h"
#include "options.h"
#include "sluice/contracts/meetings.h"
#include "sluice/identity.h"

/// What a caller is to a meeting, and what follows from it.
namespace sluice::meetings {

/// Ascending: each may what those before it may.
enum class Standing : std::uint8_t {
  none,     ///< may not even know that it is there
  invited,  ///< invited, or has taken part: may see it
  co_host,  ///< may manage its participants, too
  host,     ///< may do everything
  admin     ///< an administrator of the tenant: may do everything
};

/// An administrator of its own tenant, by `admin_roles` and `admin_user_types`.
[[nodiscard]] bool is_admin(const Identity& identity, const Options& options);
/// Throws Error{permission_denied} for who is none.
void demand_admin(const Identity& identity, const Options& options);
/// Whether the row speaks of this caller: by user id, or by the e-mail address of its token. A guest is nobody.
[[nodiscard]] bool is_same(const Identity& identity, const Invited& invited);
/// @param own  the meeting's rows; those of others are passed over.
[[nodiscard]] Standing caller_access(const Identity& identity, const Meeting& meeting, const std::vector<Invited>& own,
                                     const Options& options);

/// Throws Error: not_found where the caller may not see the meeting, permission_denied where it may see it, but not
/// this.
void demand(Standing standing, Standing least);
[[nodiscard]] Standing least_standing(MeetingAccess access) noexcept;

}  // namespace sluice::meetings
