#include "options.h"

#include "policy.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr int kMostParticipants = 100'000;
constexpr std::int64_t kDayS = 24 * 60 * 60;
constexpr std::int64_t kDayMs = kDayS * 1'000;

std::optional<std::string> zone_problem(const std::string& name) {
  if (is_time_zone(name)) return std::nullopt;
  return "must be an IANA time zone, such as Europe/Berlin";
}

void add_records(Schema<Options>& schema) {
  schema
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

void add_live(Schema<Options>& schema) {
  schema
      .option("empty_room_close_ms", &Options::empty_room_close_ms,
              "A meeting ends when nobody has been in for so long.", range(1'000, 7 * kDayMs))
      .reloadable()
      .option("unattended_close_ms", &Options::unattended_close_ms,
              "The same where nobody has been in since its start.", range(1'000, 7 * kDayMs))
      .reloadable()
      .option("checkpoint_ms", &Options::checkpoint_ms,
              "How often the figures of live meetings are written: what is lost of them at most when the gateway dies.",
              range(1'000, kDayMs))
      .reloadable();
}

void add_joining(Schema<Options>& schema) {
  schema
      .option("join_before_start_ms", &Options::join_before_start_ms,
              "How early others than hosts and co-hosts may come.", range(0, 366 * kDayMs))
      .reloadable()
      .option("start_on_host_join", &Options::start_on_host_join,
              "A meeting begins when a host or co-host joins its room.")
      .reloadable()
      .option("only_meetings", &Options::only_meetings, "Rooms that are no meetings are refused.")
      .reloadable()
      .option("uninvited_may_join", &Options::uninvited_may_join,
              "Users of the tenant who know a meeting's id, and its password where there is one.")
      .reloadable()
      .option("uninvited_role", &Options::uninvited_role, "What they are in it.")
      .reloadable()
      .option("guest_role", &Options::guest_role, "What people without an account are in a meeting.")
      .reloadable()
      .option("invited_skip_waiting_room", &Options::invited_skip_waiting_room,
              "Who is invited does not wait; where a host must approve, hosts and co-hosts alone do not.")
      .reloadable()
      .option("join_token_s", &Options::join_token_s, "How long a join token opens its room.", range(1, kDayS))
      .reloadable()
      .option("password_attempts", &Options::password_attempts,
              "Of one caller at one meeting's password, in password_window_ms.", range(1, 1'000))
      .reloadable()
      .option("password_window_ms", &Options::password_window_ms, "Then the attempts begin anew.", range(1'000, kDayMs))
      .reloadable()
      .option("tenants", &Options::tenants,
              "Policies of tenants, by name; a meeting's own can only make them stricter.")
      .reloadable();
}

}  // namespace

Schema<Options> Options::schema() {
  Schema<Options> schema{"Meetings: their records, who is invited, and the REST API for both."};
  add_records(schema);
  add_live(schema);
  add_joining(schema);
  return schema;
}

}  // namespace sluice::meetings
