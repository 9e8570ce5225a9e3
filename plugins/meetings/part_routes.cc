#include "part_routes.h"

#include <array>
#include <string>
#include <utility>

#include "meeting_call.h"

namespace sluice::meetings {

namespace {

struct PartRoute {
  std::string_view method;
  std::string_view path;  ///< below the meeting
  std::string_view part;
  MeetingAccess access;
  std::string_view summary;
};

constexpr auto kSee = MeetingAccess::participant;
constexpr auto kManage = MeetingAccess::moderator;

constexpr std::array kParts{
    PartRoute{"GET", "/chat", "chat", kSee, "What was said in the chat"},
    PartRoute{"GET", "/recordings", "recordings", kSee, "The meeting's recordings"},
    PartRoute{"GET", "/recordings/{path...}", "recordings", kSee, "One of the recordings"},
    PartRoute{"POST", "/recording/start", "recording", kManage, "Begins to record"},
    PartRoute{"POST", "/recording/stop", "recording", kManage, "Ends the recording"},
    PartRoute{"POST", "/recording/pause", "recording", kManage, "Pauses the recording"},
    PartRoute{"POST", "/recording/resume", "recording", kManage, "Goes on recording"},
    PartRoute{"GET", "/stream", "stream", kSee, "Whether and how the meeting is streamed"},
    PartRoute{"POST", "/stream/start", "stream", kManage, "Begins to stream"},
    PartRoute{"POST", "/stream/stop", "stream", kManage, "Ends the stream"},
    PartRoute{"POST", "/stream/layout", "stream", kManage, "Lays the program out anew, from now on"},
    PartRoute{"POST", "/stream/targets", "stream", kManage, "Pushes the stream to one more server"},
    PartRoute{"DELETE", "/stream/targets/{targetId}", "stream", kManage, "Pushes the stream to a server no more"},
    PartRoute{"GET", "/analytics", "analytics", kSee, "How the meeting went"},
    PartRoute{"GET", "/analytics/series", "analytics", kManage, "How well media got through, over time"},
    PartRoute{"GET", "/analytics/export", "analytics", kManage, "The analytics as a file"},
    PartRoute{"GET", "/breakout-rooms", "breakout-rooms", kSee, "The meeting's smaller rooms"},
    PartRoute{"POST", "/breakout-rooms", "breakout-rooms", kManage, "Makes smaller rooms"},
};

constexpr std::string_view kSummaryPart = "analytics/summary";

}  // namespace

void serve_part_routes(Context& context, Parts& parts) {
  Http& http = context.host.http();
  for (const std::string_view prefix : kPrefixes) {
    const std::string root{prefix};
    for (const PartRoute& route : kParts) {
      rest::route(http, route.method, root + "/{id}" + std::string{route.path},
                  {.summary = std::string{route.summary},
                   .tag = std::string{route.part},
                   .errors = {ErrorCode::not_found, ErrorCode::permission_denied, ErrorCode::feature_not_loaded}},
                  [&parts, route](const rest::Call<>& call, rest::Reply reply) {
                    parts.answer(route.part, call.http, call.path("id"), route.access, std::move(reply));
                  });
    }
    rest::route(http, "GET", root + "/analytics/summary",
                {.summary = "How the meetings of the caller's tenant went",
                 .tag = "analytics",
                 .description = "For administrators.",
                 .errors = {ErrorCode::permission_denied, ErrorCode::feature_not_loaded}},
                [&parts](const rest::Call<>& call, rest::Reply reply) {
                  parts.answer_for_tenant(kSummaryPart, call.http, std::move(reply));
                });
  }
}

}  // namespace sluice::meetings
