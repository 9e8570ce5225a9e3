#include "options.h"

#include "policy.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr int kMostParticipants = 100'000;
constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1'000;

std::optional<std::string> zone_problem(const std::string& name) {
  if (is_time_zone(name)) return std::nullopt;
  return "must be an IANA time zone, such as Europe/Berlin";
}

}  // namespace

Schema<Options> Options::schema() {
  return Schema<Options>{"Meetings: their records, who is invited, and the REST API for both."}
      .option("admin_roles", &Options::admin_roles, "Who has a token with one of these roles manages its tenant.",
              max_items(100))
      .reloadable()
      .option("admin_user_types", &Options::admin_user_types, "The same, by the token's user type.", max_items(100))
      .reloadable()
      .option("creator_user_types", &Options::creator_user_types,
              "Only these kinds of users, and administrators, create meetings; empty: everybody with a token.",
              max_items(100))
      .reloadable()
      .option("meetings_per_user", &Options::meetings_per_user, "Most meetings of one creator that are not over.",
              range(1, 1'000'000))
      .reloadable()
      .option("participants_per_meeting", &Options::participants_per_meeting, "Most people invited to a meeting.",
              range(1, 1'000))
      .reloadable()
      .option("max_participants", &Options::max_participants, "The most that a meeting may ask for.",
              range(1, kMostParticipants))
      .reloadable()
      .option("default_max_participants", &Options::default_max_participants, "Where the meeting names no number.",
              range(1, kMostParticipants))
      .reloadable()
      .option("max_duration_minutes", &Options::max_duration_minutes, "From a meeting's start to its end.",
              range(1, 60 * 24 * 366))
      .reloadable()
      .option("default_timezone", &Options::default_timezone, "Of meetings that name none.",
              check("an IANA time zone", zone_problem))
      .reloadable()
      .option("default_waiting_room", &Options::default_waiting_room, "Where the meeting does not say.")
      .reloadable()
      .option("default_allow_guests", &Options::default_allow_guests, "Where the meeting does not say.")
      .reloadable()
      .option("require_if_match", &Options::require_if_match, "Updates without If-Match are refused with 428.")
      .reloadable()
      .option("page_limit", &Options::page_limit, "Most entries of one answer.", range(1, 1'000))
      .reloadable()
      .option("user_refresh_minutes", &Options::user_refresh_minutes,
              "A user whose token says the same as before is written again only so often.", range(1, 60 * 24 * 30))
      .reloadable()
      .option("users_per_tenant", &Options::users_per_tenant, "Most users of one tenant in the directory.",
              range(1, 10'000'000))
      .reloadable()
      .option("audit_retention_hours", &Options::audit_retention_hours, "Older entries are deleted.",
              range(1, 24 * 366 * 20))
      .reloadable()
      .option("deleted_retention_hours", &Options::deleted_retention_hours,
              "What was deleted is kept for so long, for who asks an administrator; then it is gone for good.",
              range(0, 24 * 366 * 20))
      .reloadable()
      .option("audit_rows_per_meeting", &Options::audit_rows_per_meeting, "The newest are kept.", range(10, 1'000'000))
      .reloadable();
}

}  // namespace sluice::meetings
