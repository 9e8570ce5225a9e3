#include "system_routes.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "access.h"
#include "sluice/media.h"
#include "sluice/timers.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr int kUnavailable = 503;

/// An answer that is no error of the caller's, and says that not all is well.
void send(rest::Reply reply, int status, json::object body) {
  std::move(reply).release().json(json::value(std::move(body)), status);
}

// The share of its core that each worker's thread took, as a percentage.
json::object worker_report(const std::vector<WorkerStats>& workers) {
  json::array load;
  for (const WorkerStats& one : workers) load.push_back(std::lround(one.load * 100));
  return {{"total", workers.size()}, {"active", workers.size()}, {"load_distribution", std::move(load)}};
}

std::string in_words(std::int64_t seconds) {
  const std::int64_t minutes = seconds / 60;
  if (minutes < 60) return std::to_string(minutes) + " minutes";
  if (minutes < 48 * 60) return std::to_string(minutes / 60) + " hours";
  return std::to_string(minutes / (24 * 60)) + " days";
}

}  // namespace

SystemRoutes::SystemRoutes(Context& context, LiveMeetings& live, SessionStore& store, Rooms& rooms)
    : context_{context}, live_{live}, store_{store}, rooms_{rooms}, started_{context.host.timers().now()} {}

void SystemRoutes::serve() {
  for (const std::string_view prefix : kPrefixes) {
    serve_health(std::string{prefix});
    serve_media(std::string{prefix});
    serve_stats(std::string{prefix});
  }
}

void SystemRoutes::serve_health(const std::string& prefix) {
  Http& http = context_.host.http();
  for (const std::string_view name : {"/health", "/system/health"}) {
    rest::route(http, "GET", prefix + std::string{name},
                {.summary = "Whether meetings work: the database is asked",
                 .tag = "system",
                 .description = "503 where something that is needed does not answer.",
                 .guests = true},
                [this](const rest::Call<>&, rest::Reply reply) {
                  const auto answer = std::make_shared<rest::Reply>(std::move(reply));
                  store_.ping(lifeline_.guard(
                      [this, answer](const Result<Ok, Error>& alive) { answer_health(answer, alive.has_value()); }));
                });
  }
  rest::route(http, "GET", prefix + "/status",
              {.summary = "That the service is there, and since when", .tag = "system", .guests = true},
              [this](const rest::Call<>&, rest::Reply reply) { reply.ok(overview()); });
}

void SystemRoutes::serve_media(const std::string& prefix) {
  rest::route(context_.host.http(), "GET", prefix + "/system/webrtc-health",
              {.summary = "Whether media is routed", .tag = "system", .guests = true},
              [this](const rest::Call<>&, rest::Reply reply) { answer_media_health(std::move(reply)); });
}

void SystemRoutes::serve_stats(const std::string& prefix) {
  rest::route(context_.host.http(), "GET", prefix + "/system/stats",
              {.summary = "What the caller's tenant has, now and over all time",
               .tag = "system",
               .description = "For administrators.",
               .errors = {ErrorCode::permission_denied}},
              [this](const rest::Call<>& call, rest::Reply reply) {
                demand_token(call.caller());
                context_.users.demand_active(call.caller());
                demand_admin(call.caller(), context_.options);
                answer_stats(call.caller(), std::make_shared<rest::Reply>(std::move(reply)));
              });
}

void SystemRoutes::answer_health(const Answer& answer, bool database) const {
  const std::size_t workers = context_.host.media().worker_count();
  const bool healthy = database && workers > 0;
  json::object data{{"health_status", healthy ? "healthy" : "unhealthy"},
                    {"services", json::object{{"database", database ? "connected" : "unavailable"},
                                              {"socket_io", "active"},
                                              {"media", workers > 0 ? "operational" : "unavailable"}}},
                    {"uptime_seconds", uptime_seconds()},
                    {"timestamp", timestamp()}};
  if (healthy) return answer->ok(std::move(data));
  send(std::move(*answer), kUnavailable, {{"success", false}, {"data", std::move(data)}});
}

// The status stands beside the envelope, too, where clients of the API's first version look for it.
void SystemRoutes::answer_media_health(rest::Reply reply) const {
  const std::size_t workers = context_.host.media().worker_count();
  const std::size_t rooms = rooms_.all().size();
  const bool available = workers > 0;
  const json::object status{{"available", available},
                            {"workers", workers},
                            {"activeRouters", rooms},
                            {"activeRooms", rooms},
                            {"mode", available ? "Full WebRTC" : "Unavailable"}};
  const json::object service{{"service", "Sluice WebRTC"}, {"timestamp", timestamp()}, {"status", status}};
  json::object body = service;
  body["success"] = available;
  body["message"] = available ? "WebRTC service healthy" : "WebRTC service unavailable";
  body["data"] = service;
  send(std::move(reply), available ? 200 : kUnavailable, std::move(body));
}

void SystemRoutes::answer_stats(const Identity& caller, const Answer& answer) {
  store_.totals(
      caller.tenant, lifeline_.guard([this, tenant = caller.tenant, answer](const Result<StoredTotals, Error>& totals) {
        if (!totals) return answer->fail(totals.error());
        std::size_t present = 0;
        const auto sessions = live_.of_tenant(tenant);
        for (const LiveSession* session : sessions) present += session->stats.present();
        const auto rooms =
            std::ranges::count_if(rooms_.all(), [&tenant](const Room* room) { return room->tenant() == tenant; });
        const json::object workers = worker_report(context_.host.media().workers());
        answer->ok(json::object{{"system_stats", json::object{{"total_meetings", totals->meetings},
                                                              {"active_meetings", sessions.size()},
                                                              {"total_sessions", totals->sessions},
                                                              {"total_participants", totals->participants},
                                                              {"active_participants", present},
                                                              {"system_uptime", in_words(uptime_seconds())},
                                                              {"uptime_seconds", uptime_seconds()},
                                                              {"active_rooms", rooms},
                                                              {"media_workers", workers},
                                                              {"mediasoup_workers", workers}}}});
      }));
}

json::object SystemRoutes::overview() const {
  return {{"service", "meetings"},
          {"status", "operational"},
          {"uptime_seconds", uptime_seconds()},
          {"timestamp", timestamp()}};
}

std::int64_t SystemRoutes::uptime_seconds() const {
  return std::chrono::duration_cast<std::chrono::seconds>(context_.host.timers().now() - started_).count();
}

std::string SystemRoutes::timestamp() const { return format_time(context_.host.timers().wall_time(), "UTC"); }

}  // namespace sluice::meetings
