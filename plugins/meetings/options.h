#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "meeting.h"
#include "sluice/config.h"

namespace sluice::meetings {

/// What stands below `plugins: meetings:`. All may change while the gateway runs; a lower limit meets what comes next.
struct Options {
  std::vector<std::string> admin_roles{"admin"};  ///< of tokens, not of rooms
  std::vector<std::string> admin_user_types{"admin"};

  std::vector<std::string> creator_user_types;  ///< who may create meetings; empty: everybody with a token

  int meetings_per_user = 1'000;
  int participants_per_meeting = 1'000;
  int max_participants = 1'000;
  int default_max_participants = 100;
  std::chrono::minutes max_duration_minutes{24 * 60};
  std::string default_timezone = "UTC";
  bool default_waiting_room = false;
  bool default_allow_guests = false;
  bool require_if_match = false;
  int page_limit = 100;

  std::chrono::minutes user_refresh_minutes{60};
  int users_per_tenant = 100'000;
  std::chrono::hours audit_retention_hours{365 * 24};
  int audit_rows_per_meeting = 10'000;
  std::chrono::hours deleted_retention_hours{30 * 24};

  // The live side: starting, joining, ending.
  std::chrono::milliseconds empty_room_close_ms{60'000};
  std::chrono::milliseconds unattended_close_ms{900'000};
  std::chrono::milliseconds checkpoint_ms{60'000};
  std::chrono::milliseconds join_before_start_ms{900'000};
  bool start_on_host_join = true;
  bool only_meetings = false;
  bool uninvited_may_join = true;
  Role uninvited_role = Role::attendee;
  Role guest_role = Role::attendee;
  bool invited_skip_waiting_room = true;
  std::chrono::seconds join_token_s{600};
  int password_attempts = 5;
  std::chrono::milliseconds password_window_ms{60'000};
  std::map<std::string, SecurityPolicy> tenants;

  static Schema<Options> schema();
};

}  // namespace sluice::meetings
