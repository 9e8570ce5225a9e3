#pragma once

#include "figures.h"
#include "join_rules.h"
#include "live_meetings.h"
#include "meeting.h"
#include "options.h"
#include "sluice/json.h"

/// Meetings that are live or over, in the REST API's form.
namespace sluice::meetings {

/// `{start_time, participant_count, ...}`; of a meeting that is not live, zeros.
[[nodiscard]] json::object live_stats(const LiveMeetings& live, Figures& figures, const Meeting& meeting);
/// `{duration_minutes, max_participants, ..., and the figures of other plugins}`
[[nodiscard]] json::object final_stats(const Statistics& statistics);
/// What somebody who joins is told of the meeting.
[[nodiscard]] json::object meeting_info(const Meeting& meeting, const JoinVerdict& verdict, bool live,
                                        const Options& options);

}  // namespace sluice::meetings
