#pragma once

#include <optional>

#include "meeting.h"
#include "session_store.h"

/// The states of a meeting's record: `scheduled` -> `live` -> `ended`, and what else may become of it.
namespace sluice::meetings {

/// Throws Error{conflict} with `{status}` where the meeting may not begin. A record that says "live" without a room
/// may.
void demand_startable(const Meeting& meeting);
/// A meeting has ended: a recurring one waits for its next occurrence, unless that was the last.
void mark_ended(Meeting& meeting, WallTime now, const Statistics& statistics);
/// The gateway died while it was live. Where its time is not over it may begin again.
void mark_interrupted(Meeting& meeting, WallTime now, const std::optional<SessionRow>& run);

/// As the meeting's record has it.
[[nodiscard]] Statistics statistics_of(const SessionNumbers& numbers, json::object figures);

}  // namespace sluice::meetings
