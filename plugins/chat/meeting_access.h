#pragma once

#include "repository.h"
#include "sluice/contracts/meetings.h"
#include "sluice/function.h"

namespace sluice::chat {

/// Where a meeting's messages stand.
[[nodiscard]] Where where_of(const MeetingInfo& meeting);

/// As whom `caller` reads a meeting's messages: a moderator's eyes where it may manage the meeting; Error{not_found}
/// where it may not see it.
using Admitted = Function<void(Result<Viewer, Error>)>;
void admit_reader(Meetings& meetings, const Identity& caller, std::string_view meeting_id, Admitted admitted);

}  // namespace sluice::chat
