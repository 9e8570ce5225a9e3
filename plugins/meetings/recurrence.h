#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meeting.h"
#include "repository.h"

/// Recurring meetings: RFC 5545 section 3.8.5, by libical, in the local time of the meeting's zone.
namespace sluice::meetings {

/// A meeting takes place so many times at most; a rule without an end stops there.
inline constexpr std::size_t kMostOccurrences = 1'000;
/// And no later than that after its start.
inline constexpr int kMostYears = 30;
inline constexpr std::size_t kMostRuleBytes = 1'024;
inline constexpr std::size_t kMostExdates = 500;

/// A rule as it is asked for.
struct RuleRequest {
  std::string rule;  ///< `FREQ=WEEKLY;BYDAY=MO`, also behind `RRULE:`
  std::optional<WallTime> until;
  std::optional<int> count;
};
/// The rule as it is kept, checked by itself. FREQ may be DAILY, WEEKLY, MONTHLY or YEARLY; INTERVAL, COUNT, UNTIL,
/// BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and WKST may stand beside it. Throws Error{invalid_payload} with the path
/// `recurrence.rule`, `recurrence.until` or `recurrence.count`.
[[nodiscard]] std::string checked_rule(const RuleRequest& request);

struct Occurrence {
  WallTime start{};  ///< also its RECURRENCE-ID, in Unix time
  WallTime end{};
  bool cancelled = false;
  std::string reason{};
};
/// All occurrences of a meeting but those of EXDATE, cancelled ones too; of one that does not recur, itself.
/// Throws Error{invalid_payload} where the meeting's start is none of them (path `meeting_start_time`).
/// @note Takes some milliseconds, for hostile rules up to 200: Host::background(). Touches nothing but its argument.
[[nodiscard]] std::vector<Occurrence> occurrences_of(const Meeting& meeting);

/// Those that take place, and sets `over_at`.
[[nodiscard]] std::vector<TimeSpan> settle_occurrences(Meeting& meeting, const std::vector<Occurrence>& all);

}  // namespace sluice::meetings
