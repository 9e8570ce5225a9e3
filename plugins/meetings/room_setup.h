#pragma once

#include <optional>
#include <string_view>

#include "meeting.h"
#include "options.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"

/// What a meeting's record means for its room.
namespace sluice::meetings {

/// The policy of the meeting's tenant, from the configuration; nullptr where there is none.
[[nodiscard]] const SecurityPolicy* tenant_policy(const Options& options, std::string_view tenant);

/// Features that are off are refused, policies hold, guests wait. `locked` is the room's own matter.
[[nodiscard]] RoomPolicy room_policy(const Meeting& meeting, const Options& options);
/// The smallest of the meeting's limit and those of its policies.
[[nodiscard]] int participant_limit(const Meeting& meeting, const Options& options);
/// Clients encrypt for each other.
[[nodiscard]] bool end_to_end(const Meeting& meeting, const Options& options);
/// The room as it is to be made. It is not closed for being empty: meetings have a clock of their own.
[[nodiscard]] RoomOptions room_options(const Meeting& meeting, const Options& options);
/// Whether somebody of this role enters without waiting.
[[nodiscard]] bool skips_waiting(const Meeting& meeting, const Options& options, Role role);

[[nodiscard]] MeetingInfo info_of(const Meeting& meeting);

}  // namespace sluice::meetings
