#include "policy_routes.h"

#include <utility>

#include "audit.h"
#include "policy.h"
#include "room_setup.h"

namespace sluice::meetings {

void PolicyRoutes::serve() {
  Http& http = context_.host.http();
  for (const std::string_view prefix : kPrefixes) {
    const std::string path = std::string{prefix} + "/{id}/security-policy";
    rest::route(
        http, "GET", path,
        {.summary = "Who may come to a meeting and what may be done there",
         .tag = "security",
         .description = "The meeting's own policy and its tenant's, which is configuration; the stricter of both "
                        "holds.",
         .errors = {ErrorCode::not_found, ErrorCode::permission_denied}},
        [this](const rest::Call<>& call, rest::Reply reply) {
          with_meeting(
              context_, lifeline_, call.caller(), call.path("id"), Standing::co_host, std::move(reply),
              [this](const Asked& asked, const Answer& answer) { answer_policy(asked.meeting(), answer, {}); });
        });
    rest::route<SecurityPolicy>(
        http, "PUT", path,
        {.summary = "Replaces the meeting's policy",
         .tag = "security",
         .description = "Whoever is blocked by it and in the room is removed.",
         .errors = {ErrorCode::not_found, ErrorCode::permission_denied}},
        [this](const rest::Call<SecurityPolicy>& call, rest::Reply reply) {
          SecurityPolicy policy = checked(call.body);
          with_meeting(context_, lifeline_, call.caller(), call.path("id"), Standing::host, std::move(reply),
                       [this, policy = std::move(policy)](const Asked& asked, const Answer& answer) {
                         put(asked, policy, answer);
                       });
        });
  }
}

void PolicyRoutes::answer_policy(const Meeting& meeting, const Answer& answer, std::string_view message) const {
  const SecurityPolicy* tenant = tenant_policy(context_.options, meeting.tenant);
  answer->ok(json::object{{"security_policy", to_json(meeting.security)},
                          {"tenant_policy", tenant == nullptr ? json::value(nullptr) : to_json(*tenant)}},
             message);
}

void PolicyRoutes::put(const Asked& asked, SecurityPolicy policy, const Answer& answer) {
  const Meeting& meeting = asked.meeting();
  if (is_blocked(policy, {.user_id = meeting.creator_id})) {
    throw Error{ErrorCode::invalid_payload, "blocked_users: the meeting's own host", {{"path", "blocked_users"}}};
  }
  context_.repository.change(
      meeting.tenant, meeting.id, std::nullopt,
      [policy = std::move(policy)](Meeting& record) { record.security = policy; },
      lifeline_.guard([this, caller = asked.caller, answer](const Result<Meeting, Error>& written) {
        if (!written) return answer->fail(written.error());
        context_.audit.record(written->tenant, written->id, caller, "meeting.security_policy");
        context_.live.changed(*written);
        answer_policy(*written, answer, "Security policy updated");
      }));
}

}  // namespace sluice::meetings
