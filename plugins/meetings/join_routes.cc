#include "join_routes.h"

#include <utility>

#include "access.h"
#include "enum_text.h"
#include "meeting_report.h"
#include "room_setup.h"
#include "sluice/timers.h"
#include "sluice/tokens.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

void JoinRoutes::serve() {
  Http& http = context_.host.http();
  for (const std::string_view prefix : kPrefixes) {
    const std::string meeting = std::string{prefix} + "/{id}";
    rest::route<JoinBody>(
        http, "POST", meeting + "/join",
        {.summary = "Hands out a token for the meeting's room",
         .tag = "live",
         .description = "The token names the room and who its bearer is there. It is shown when a client connects, or "
                        "in `room:join`. Who was a guest stays the same guest by joining with the token of before.",
         .errors = {ErrorCode::not_found, ErrorCode::admission_denied, ErrorCode::room_full, ErrorCode::room_closed,
                    ErrorCode::conflict},
         .guests = true},
        [this](const rest::Call<JoinBody>& call, rest::Reply reply) { join(call, std::move(reply)); });
    rest::route<AccessBody>(
        http, "POST", meeting + "/validate-access",
        {.summary = "Whether somebody may join, and what it takes",
         .tag = "security",
         .description = "For oneself, or by who manages the meeting for somebody else.",
         .errors = {ErrorCode::not_found, ErrorCode::permission_denied},
         .guests = true},
        [this](const rest::Call<AccessBody>& call, rest::Reply reply) { validate(call, std::move(reply)); });
  }
}

Identity JoinRoutes::newcomer(const Identity& caller, const JoinBody& body) const {
  Identity who = caller;
  const std::string name = sanitise_text(body.participant_name.value_or(Text<256>{}));
  // A guest without a token has a new name with every request; the one of his join stays his.
  if (who.guest && !read_pass(who)) who.user_id = "guest-" + context_.host.random_token(96);
  if (!name.empty() && (who.guest || who.name.empty())) who.name = name;
  if (who.name.empty()) who.name = who.guest ? "Guest" : who.user_id;
  return who;
}

void JoinRoutes::join(const rest::Call<JoinBody>& call, rest::Reply reply) {
  const auto answer = std::make_shared<rest::Reply>(std::move(reply));
  const Identity who = newcomer(call.caller(), call.body);
  context_.users.seen(call.caller());
  desk_.find(who, call.path("id"),
             lifeline_.guard([this, who, answer, address = call.http.remote_address,
                              password = std::string{call.body.meeting_password.value_or(Text<256>{})}](
                                 const Result<JoinCase, Error>& wish) {
               if (!wish) return answer->fail(wish.error());
               answering(context_.host, answer, [&] {
                 const JoinVerdict verdict = desk_.judge(*wish, who);
                 if (!verdict.allowed()) throw desk_.refuse(*wish, who, verdict);
                 const auto pass = read_pass(who);
                 const bool shown_before = pass && pass->meeting_id == wish->meeting.id;
                 if (!verdict.password || shown_before) return admit(who, *wish, verdict, answer);
                 desk_.check_password(
                     who, address, wish->meeting, password,
                     lifeline_.guard([this, who, wish = *wish, verdict, answer](const Result<Ok, Error>& right) {
                       if (!right) return answer->fail(right.error());
                       answering(context_.host, answer, [&] { admit(who, wish, verdict, answer); });
                     }));
               });
             }));
}

void JoinRoutes::admit(const Identity& who, const JoinCase& wish, const JoinVerdict& verdict, const Answer& answer) {
  const Meeting& meeting = wish.meeting;
  Identity member = who;
  member.tenant = meeting.tenant;  // a guest comes from nowhere, and is the meeting's tenant's from here on
  const auto before = read_pass(who);
  const JoinPass pass{.meeting_id = meeting.id,
                      .room_id = meeting.id,
                      .participant_id = before && before->meeting_id == meeting.id ? before->participant_id
                                                                                   : context_.host.random_token(),
                      .role = verdict.role,
                      .admin = is_admin(who, context_.options)};
  const WallTime expires = context_.host.timers().wall_time() + context_.options.join_token_s;
  const LiveSession* session = live_.find(meeting.tenant, meeting.id);
  const Room* room = session == nullptr ? nullptr : session->room;
  answer->ok(json::object{{"access_token",
                           context_.host.tokens().issue(token_for(pass, member, context_.options.join_token_s))},
                          {"participant_id", pass.participant_id},
                          {"room_id", pass.room_id},
                          {"expires_at", format_time(expires, "UTC")},
                          {"webrtc_config", verdict.waiting_room ? webrtc_.for_who_waits(who.user_id, room)
                                                                 : webrtc_.for_user(who.user_id, room)},
                          {"meeting_info", meeting_info(meeting, verdict, session != nullptr, context_.options)}},
             "Successfully joined meeting");
}

void JoinRoutes::validate(const rest::Call<AccessBody>& call, rest::Reply reply) {
  if (call.body.user) return validate_other(call, std::move(reply));
  const auto answer = std::make_shared<rest::Reply>(std::move(reply));
  desk_.find(call.caller(), call.path("id"),
             lifeline_.guard([this, who = call.caller(), answer](const Result<JoinCase, Error>& wish) {
               if (!wish) return answer->fail(wish.error());
               answering(context_.host, answer, [&] { answer_verdict(*wish, who, answer); });
             }));
}

void JoinRoutes::validate_other(const rest::Call<AccessBody>& call, rest::Reply reply) {
  Identity who{.user_id = sanitise_text(call.body.user->user_id.value_or(Text<256>{})),
               .email = lower(sanitise_text(call.body.user->email.value_or(Text<256>{}))),
               .tenant = call.caller().tenant};
  who.guest = who.user_id.empty() && who.email.empty();
  with_meeting(context_, lifeline_, call.caller(), call.path("id"), Standing::co_host, std::move(reply),
               [this, who](const Asked& asked, const Answer& answer) {
                 desk_.look_up(who, asked.meeting().tenant, asked.meeting().id,
                               lifeline_.guard([this, who, answer](const Result<JoinCase, Error>& wish) {
                                 if (!wish) return answer->fail(wish.error());
                                 answering(context_.host, answer, [&] { answer_verdict(*wish, who, answer); });
                               }));
               });
}

void JoinRoutes::answer_verdict(const JoinCase& wish, const Identity& who, const Answer& answer) const {
  const JoinVerdict verdict = desk_.judge(wish, who);
  answer->ok(json::object{{"allowed", verdict.allowed()},
                          {"reasons", to_names(verdict.reasons)},
                          {"role", enum_text(verdict.role)},
                          {"requires", json::object{{"password", verdict.password},
                                                    {"waiting_room", verdict.waiting_room},
                                                    {"approval", verdict.approval}}}});
}

}  // namespace sluice::meetings
