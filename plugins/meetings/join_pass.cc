#include "join_pass.h"

#include <utility>

#include "enum_text.h"

namespace sluice::meetings {

namespace {

std::optional<std::string> claim(const json::object& claims, std::string_view name) {
  const json::value* found = claims.if_contains(name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string{found->as_string()};
}

}  // namespace

TokenRequest token_for(const JoinPass& pass, const Identity& who, std::chrono::seconds lifetime) {
  json::object extra{{"room", pass.room_id},
                     {"meeting", pass.meeting_id},
                     {"participant", pass.participant_id},
                     {"room_role", enum_text(pass.role)}};
  if (pass.admin) extra["room_admin"] = true;
  return {.identity =
              {.user_id = who.user_id, .name = who.name, .email = who.email, .tenant = who.tenant, .guest = who.guest},
          .extra = std::move(extra),
          .lifetime = lifetime};
}

std::optional<JoinPass> read_pass(const Identity& who) {
  const auto room = claim(who.claims, "room");
  const auto meeting = claim(who.claims, "meeting");
  const auto participant = claim(who.claims, "participant");
  const json::value* role = who.claims.if_contains("room_role");
  if (!room || !meeting || !participant || role == nullptr) return std::nullopt;
  try {
    const json::value* admin = who.claims.if_contains("room_admin");
    return JoinPass{.meeting_id = *meeting,
                    .room_id = *room,
                    .participant_id = *participant,
                    .role = from_json<Role>(*role),
                    .admin = admin != nullptr && admin->is_bool() && admin->get_bool()};
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace sluice::meetings
