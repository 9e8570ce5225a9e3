#include <doctest/doctest.h>

#include <set>
#include <string>

#include "plugins/meetings/options.h"

namespace sluice::meetings {
namespace {

TEST_CASE("every option can be configured, and may change on reload") {
  const SchemaNode node = Options::schema().node();
  std::set<std::string> names;
  for (const SchemaNode& option : node.children) {
    CAPTURE(option.name);
    CHECK(option.reloadable);
    names.insert(option.name);
  }
  // As the README lists them.
  for (const char* name : {"admin_roles",
                           "admin_user_types",
                           "creator_user_types",
                           "meetings_per_user",
                           "participants_per_meeting",
                           "max_participants",
                           "default_max_participants",
                           "max_duration_minutes",
                           "default_timezone",
                           "default_waiting_room",
                           "default_allow_guests",
                           "require_if_match",
                           "page_limit",
                           "user_refresh_minutes",
                           "users_per_tenant",
                           "deleted_retention_hours",
                           "audit_retention_hours",
                           "audit_rows_per_meeting",
                           "empty_room_close_ms",
                           "unattended_close_ms",
                           "checkpoint_ms",
                           "join_before_start_ms",
                           "start_on_host_join",
                           "only_meetings",
                           "uninvited_may_join",
                           "uninvited_role",
                           "guest_role",
                           "invited_skip_waiting_room",
                           "join_token_s",
                           "password_attempts",
                           "password_window_ms",
                           "tenants"}) {
    CAPTURE(name);
    CHECK(names.erase(name) == 1);
  }
  CHECK(names.empty());
}

}  // namespace
}  // namespace sluice::meetings
