#include "core/admin/log_routes.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/admin/admin_body.h"
#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

/// The body of PATCH /log: what it does not name stays as it is; a component that is null follows `level` again.
struct LogLevelsChange {
  std::optional<LogLevel> level;
  std::optional<std::map<std::string, std::optional<LogLevel>, std::less<>>> levels;
};
BOOST_DESCRIBE_STRUCT(LogLevelsChange, (), (level, levels))

/// The body of PUT /log.
struct NewLogLevels : LogLevels {
  static constexpr std::array kMayBeMissing{"levels"};
};
BOOST_DESCRIBE_STRUCT(NewLogLevels, (LogLevels), ())

void check_bounds(const LogLevels& levels) {
  if (levels.levels.size() > LogRoutes::kMaxNamedLevels) {
    throw Error{ErrorCode::limit_exceeded, "too many components are named", {{"limit", LogRoutes::kMaxNamedLevels}}};
  }
  for (const auto& [component, level] : levels.levels) {
    if (!component.empty() && component.size() <= LogRoutes::kMaxComponentName) continue;
    throw Error{ErrorCode::invalid_payload, "a component's name has 1 to 64 bytes", {{"path", "levels"}}};
  }
}

}  // namespace

LogRoutes::LogRoutes(AdminSite& site) : logs_{site.logs()}, log_{site.log()} {
  const json::object levels = schema_of<LogLevels>();
  site.add("GET", "/log", admin::operation("The log levels", levels),
           [this](const HttpRequest&, HttpReply reply) { reply.json(to_json(logs_.levels())); });
  site.add("PUT", "/log", admin::operation("Replaces the log levels", levels, schema_of<NewLogLevels>()),
           [this](const HttpRequest& request, HttpReply reply) {
             set_levels(admin::body_of<NewLogLevels>(request), std::move(reply));
           });
  site.add("PATCH", "/log", admin::operation("Changes some of the log levels", levels, schema_of<LogLevelsChange>()),
           [this](const HttpRequest& request, HttpReply reply) { patch(request, std::move(reply)); });
}

void LogRoutes::patch(const HttpRequest& request, HttpReply reply) {
  const auto change = admin::body_of<LogLevelsChange>(request);
  LogLevels levels = logs_.levels();
  levels.level = change.level.value_or(levels.level);
  if (change.levels) {
    for (const auto& [component, level] : *change.levels) {
      if (level) {
        levels.levels[component] = *level;
      } else {
        levels.levels.erase(component);
      }
    }
  }
  set_levels(levels, std::move(reply));
}

void LogRoutes::set_levels(const LogLevels& levels, HttpReply reply) {
  check_bounds(levels);
  logs_.set_levels(levels.level, levels.levels);
  log_.info("log levels changed", {{"level", to_json(levels.level)}, {"levels", to_json(levels.levels)}});
  reply.json(to_json(levels));
}

}  // namespace sluice
