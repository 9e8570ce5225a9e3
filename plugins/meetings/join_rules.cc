#include "join_rules.h"

#include <algorithm>
#include <string>

#include "access.h"
#include "enum_text.h"
#include "policy.h"
#include "room_setup.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

std::optional<Role> issued_role(const Identity& who) {
  if (!who.role) return std::nullopt;
  try {
    return from_json<Role>(json::value(*who.role));
  } catch (const Error&) {
    return std::nullopt;
  }
}

Role role_of(const Meeting& meeting, const Newcomer& newcomer, const Options& options) {
  const Identity& who = newcomer.who;
  if (who.guest) return options.guest_role;
  if (who.user_id == meeting.creator_id) return Role::host;
  if (newcomer.invited_as) return *newcomer.invited_as;
  if (is_admin(who, options)) return Role::co_host;
  // Roles count down: a token can make a viewer of somebody, and of nobody a host.
  return std::max(options.uninvited_role, issued_role(who).value_or(options.uninvited_role));
}

bool known(const Meeting& meeting, const Newcomer& newcomer, const Options& options) {
  return newcomer.invited_as || newcomer.who.user_id == meeting.creator_id || is_admin(newcomer.who, options);
}

JoinRefusal reason_of(PolicyRefusal refusal) {
  switch (refusal) {
    case PolicyRefusal::blocked:
      return JoinRefusal::blocked;
    case PolicyRefusal::domain_not_allowed:
      return JoinRefusal::domain_not_allowed;
    case PolicyRefusal::anonymous_not_allowed:
      break;
  }
  return JoinRefusal::anonymous_not_allowed;
}

void add_policies(const Meeting& meeting, const Newcomer& newcomer, const Options& options,
                  std::vector<JoinRefusal>& reasons) {
  const auto add = [&](const SecurityPolicy& policy) {
    for (const PolicyRefusal refusal : refusals(policy, newcomer.who)) {
      const JoinRefusal reason = reason_of(refusal);
      if (std::ranges::count(reasons, reason) == 0) reasons.push_back(reason);
    }
  };
  if (const SecurityPolicy* tenant = tenant_policy(options, meeting.tenant)) add(*tenant);
  // Nobody locks himself out of a meeting of his own.
  if (newcomer.who.guest || newcomer.who.user_id != meeting.creator_id) add(meeting.security);
}

std::optional<JoinRefusal> state_refusal(const MeetingNow& now, bool moderator, const Options& options) {
  const Meeting& meeting = now.meeting;
  if (now.live) return std::nullopt;
  if (meeting.status == MeetingStatus::cancelled) return JoinRefusal::cancelled;
  if (meeting.status == MeetingStatus::ended) return JoinRefusal::ended;
  const bool early =
      meeting.type == MeetingType::scheduled && now.now < meeting.start_time - options.join_before_start_ms;
  if (early && !moderator) return JoinRefusal::too_early;
  return std::nullopt;
}

}  // namespace

bool admits_guests(const Meeting& meeting, const Options& options) {
  const SecurityPolicy* tenant = tenant_policy(options, meeting.tenant);
  return meeting.allow_guests && meeting.security.allow_anonymous_join.value_or(true) &&
         (tenant == nullptr || tenant->allow_anonymous_join.value_or(true));
}

JoinVerdict judge(const MeetingNow& now, const Newcomer& newcomer, const Options& options) {
  const Meeting& meeting = now.meeting;
  const bool is_known = !newcomer.who.guest && known(meeting, newcomer, options);
  JoinVerdict verdict{.role = role_of(meeting, newcomer, options)};
  const bool moderator = is_known && is_moderator(verdict.role);

  if (const auto refused = state_refusal(now, moderator, options)) verdict.reasons.push_back(*refused);
  if (!newcomer.active) verdict.reasons.push_back(JoinRefusal::deactivated);
  add_policies(meeting, newcomer, options, verdict.reasons);
  if (newcomer.who.guest && !meeting.allow_guests) verdict.reasons.push_back(JoinRefusal::guests_not_allowed);
  if (!newcomer.who.guest && !is_known && !options.uninvited_may_join) {
    verdict.reasons.push_back(JoinRefusal::not_invited);
  }
  const auto limit = static_cast<std::size_t>(participant_limit(meeting, options));
  if (now.live && now.in_room >= limit) verdict.reasons.push_back(JoinRefusal::meeting_full);

  const RoomPolicy room = room_policy(meeting, options);
  const bool skips = is_known && skips_waiting(meeting, options, verdict.role);
  verdict.password = !is_known && !meeting.password_hash.empty();
  verdict.approval = !skips && room.require_host_approval;
  verdict.waiting_room = !skips && (room.waiting_room.value_or(false) || room.require_host_approval);
  return verdict;
}

json::array to_names(const std::vector<JoinRefusal>& reasons) {
  json::array names;
  for (const JoinRefusal reason : reasons) names.emplace_back(enum_text(reason));
  return names;
}

bool refused_by_policy(const JoinVerdict& verdict) noexcept {
  return std::ranges::any_of(verdict.reasons, [](JoinRefusal reason) {
    return reason >= JoinRefusal::deactivated && reason <= JoinRefusal::not_invited;
  });
}

Error refusal(const JoinVerdict& verdict, const MeetingNow& now, const Options& options) {
  json::object details{{"reasons", to_names(verdict.reasons)}};
  switch (verdict.reasons.front()) {
    case JoinRefusal::cancelled:
    case JoinRefusal::ended:
      details["status"] = enum_text(now.meeting.status);
      return {ErrorCode::room_closed, "the meeting is " + enum_text(now.meeting.status), details};
    case JoinRefusal::too_early:
      details["starts_at"] = format_time(now.meeting.start_time, now.meeting.timezone);
      return {ErrorCode::conflict, "the meeting has not begun", details};
    case JoinRefusal::meeting_full:
      details["limit"] = participant_limit(now.meeting, options);
      return {ErrorCode::room_full, "the meeting is full", details};
    case JoinRefusal::deactivated:
      return {ErrorCode::admission_denied, "your account is not active", details};
    case JoinRefusal::blocked:
      return {ErrorCode::admission_denied, std::string{explain(PolicyRefusal::blocked)}, details};
    case JoinRefusal::domain_not_allowed:
      return {ErrorCode::admission_denied, std::string{explain(PolicyRefusal::domain_not_allowed)}, details};
    case JoinRefusal::anonymous_not_allowed:
    case JoinRefusal::guests_not_allowed:
      return {ErrorCode::admission_denied, std::string{explain(PolicyRefusal::anonymous_not_allowed)}, details};
    case JoinRefusal::not_invited:
      break;
  }
  return {ErrorCode::admission_denied, "you are not invited", details};
}

}  // namespace sluice::meetings
