#include "live_routes.h"

#include <algorithm>
#include <utility>

#include "enum_text.h"
#include "join_pass.h"
#include "meeting_report.h"
#include "sluice/contracts/rooms.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

const Room* room_of(const LiveMeetings& live, const Meeting& meeting) {
  const LiveSession* session = live.find(meeting.tenant, meeting.id);
  return session == nullptr ? nullptr : session->room;
}

}  // namespace

void LiveRoutes::serve() {
  for (const std::string_view prefix : kPrefixes) {
    const std::string meeting = std::string{prefix} + "/{id}";
    serve_control(meeting);
    serve_reports(meeting);
  }
}

void LiveRoutes::serve_control(const std::string& meeting) {
  Http& http = context_.host.http();
  rest::route(http, "POST", meeting + "/start",
              {.summary = "Starts a meeting: opens its room",
               .tag = "live",
               .description = "For its hosts, co-hosts and administrators. A meeting that is live answers the same.",
               .errors = {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::permission_denied}},
              [this](const rest::Call<>& call, rest::Reply reply) {
                with_meeting(context_, lifeline_, call.caller(), call.path("id"), Standing::co_host, std::move(reply),
                             [this](const Asked& asked, const Answer& answer) { start(asked, answer); });
              });
  rest::route(http, "POST", meeting + "/end",
              {.summary = "Ends a meeting: everybody is out, and the final statistics are written",
               .tag = "live",
               .description = "For its hosts, co-hosts and administrators. One that has ended answers the same.",
               .errors = {ErrorCode::not_found, ErrorCode::conflict, ErrorCode::permission_denied}},
              [this](const rest::Call<>& call, rest::Reply reply) {
                with_meeting(context_, lifeline_, call.caller(), call.path("id"), Standing::co_host, std::move(reply),
                             [this](const Asked& asked, const Answer& answer) { end(asked, answer); });
              });
}

void LiveRoutes::serve_reports(const std::string& meeting) {
  Http& http = context_.host.http();
  for (const std::string_view name : {"/live-stats", "/metrics"}) {
    rest::route(http, "GET", meeting + std::string{name},
                {.summary = "Who is in and for how long, as figures", .tag = "live", .errors = {ErrorCode::not_found}},
                [this](const rest::Call<>& call, rest::Reply reply) {
                  constexpr std::string_view kPart = "live-stats";
                  if (parts_.provided(kPart)) {
                    return parts_.answer(kPart, call.http, call.path("id"), MeetingAccess::participant,
                                         std::move(reply));
                  }
                  with_meeting(context_, lifeline_, call.caller(), call.path("id"), Standing::invited, std::move(reply),
                               [this](const Asked& asked, const Answer& answer) {
                                 answer->ok(json::object{{"live_stats", live_stats(live_, figures_, asked.meeting())}});
                               });
                });
  }
  rest::route(http, "GET", meeting + "/webrtc-config",
              {.summary = "What a peer connection of the caller needs: ICE servers, the room's codecs",
               .tag = "live",
               .errors = {ErrorCode::not_found}},
              [this](const rest::Call<>& call, rest::Reply reply) {
                with_meeting(context_, lifeline_, call.caller(), call.path("id"), Standing::invited, std::move(reply),
                             [this](const Asked& asked, const Answer& answer) {
                               answer->ok(json::object{{"webrtc_config", config_for(asked)}});
                             });
              });
  rest::route(
      http, "GET", meeting + "/health",
      {.summary = "Whether a meeting's record and its room agree", .tag = "live", .errors = {ErrorCode::not_found}},
      [this](const rest::Call<>& call, rest::Reply reply) {
        with_meeting(context_, lifeline_, call.caller(), call.path("id"), Standing::invited, std::move(reply),
                     [this](const Asked& asked, const Answer& answer) {
                       const bool live = asked.meeting().status == MeetingStatus::live;
                       const bool open = room_of(live_, asked.meeting()) != nullptr;
                       answer->ok(json::object{{"health_status", live == open ? "healthy" : "degraded"},
                                               {"status", enum_text(asked.meeting().status)},
                                               {"room_open", open}});
                     });
      });
}

// Whoever has nothing but a join token may still be waiting at the door.
json::object LiveRoutes::config_for(const Asked& asked) const {
  const std::string& user_id = asked.caller.user_id;
  const auto people = live_.in_room(asked.meeting().tenant, asked.meeting().id);
  const bool waits = read_pass(asked.caller) && std::ranges::count(people, user_id, &LiveParticipant::user_id) == 0;
  const Room* room = room_of(live_, asked.meeting());
  return waits ? webrtc_.for_who_waits(user_id, room) : webrtc_.for_user(user_id, room);
}

void LiveRoutes::start(const Asked& asked, const Answer& answer) {
  live_.start(asked.meeting(), asked.caller,
              lifeline_.guard([this, caller = asked.caller, answer](const Result<Meeting, Error>& started) {
                if (!started) return answer->fail(started.error());
                answering(context_.host, answer, [&] { answer_started(caller, *started, answer); });
              }));
}

void LiveRoutes::answer_started(const Identity& caller, const Meeting& meeting, const Answer& answer) {
  answer->ok(json::object{{"id", meeting.id},
                          {"status", "live"},
                          {"room_id", meeting.id},
                          {"webrtc_config", webrtc_.for_user(caller.user_id, room_of(live_, meeting))},
                          {"live_stats", live_stats(live_, figures_, meeting)}},
             "Meeting started successfully");
}

void LiveRoutes::end(const Asked& asked, const Answer& answer) {
  const Meeting& meeting = asked.meeting();
  const bool over = meeting.status == MeetingStatus::ended;
  if (!over && meeting.status != MeetingStatus::live && !live_.concerns(meeting.tenant, meeting.id)) {
    const std::string status = enum_text(meeting.status);
    throw Error{ErrorCode::conflict, "the meeting is " + status, {{"status", status}}};
  }
  live_.end(meeting, asked.caller, "ended", lifeline_.guard([answer](const Result<Meeting, Error>& ended) {
    if (!ended) return answer->fail(ended.error());
    answer->ok(json::object{{"id", ended->id},
                            {"status", "ended"},
                            {"meeting_status", enum_text(ended->status)},
                            {"final_stats", final_stats(ended->statistics.value_or(Statistics{}))}},
               "Meeting ended successfully");
  }));
}

}  // namespace sluice::meetings
