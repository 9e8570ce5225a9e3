#include "core/admin/log_routes.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/admin/admin_body.h"
#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"
#include "sluice/rest.h"

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

/// What every answer about levels has: also the names that `levels` may have.
struct ShownLogLevels : LogLevels {
  std::vector<std::string> components;
};
BOOST_DESCRIBE_STRUCT(ShownLogLevels, (LogLevels), (components))

/// The query of GET /log/lines.
struct LinesQuery {
  std::uint64_t after = 0;
  std::uint32_t limit = 100;
  LogLevel level = LogLevel::trace;
  Text<64> component;
  Text<256> text;
  static constexpr std::array kMayBeMissing{"after", "limit", "level", "component", "text"};
};
BOOST_DESCRIBE_STRUCT(LinesQuery, (), (after, limit, level, component, text))

struct ShownLine {
  std::uint64_t seq;
  std::string time;
  LogLevel level;
  std::string component;
  std::string message;
  json::object fields;
};
BOOST_DESCRIBE_STRUCT(ShownLine, (), (seq, time, level, component, message, fields))

struct ShownLines {
  std::vector<ShownLine> lines;
  std::uint64_t next;
};
BOOST_DESCRIBE_STRUCT(ShownLines, (), (lines, next))

ShownLine shown(LogEntry entry) {
  return {.seq = entry.seq,
          .time = std::move(entry.time),
          .level = entry.level,
          .component = std::move(entry.component),
          .message = std::move(entry.message),
          .fields = std::move(entry.fields)};
}

json::value shown(const LogBook& logs) {
  ShownLogLevels out;
  static_cast<LogLevels&>(out) = logs.levels();
  out.components = logs.components();
  return to_json(out);
}

void check_bounds(const LogLevels& levels) {
  if (levels.levels.size() > LogRoutes::kMaxNamedLevels) {
    throw Error{ErrorCode::limit_exceeded, "too many components are named", {{"limit", LogRoutes::kMaxNamedLevels}}};
  }
  for (const auto& [component, level] : levels.levels) {
    if (!component.empty() && component.size() <= LogRoutes::kMaxComponentName) continue;
    throw Error{ErrorCode::invalid_payload, "a component's name has 1 to 64 bytes", {{"path", "levels"}}};
  }
}

json::object lines_operation() {
  const json::object query = schema_of<LinesQuery>();
  json::object operation = admin::operation("The latest lines of the log", schema_of<ShownLines>());
  json::array parameters;
  for (const auto& [name, schema] : query.at("properties").as_object()) {
    json::object parameter{{"name", name}, {"in", "query"}};
    parameter["schema"] = schema;
    parameters.push_back(json::value(std::move(parameter)));
  }
  operation["parameters"] = std::move(parameters);
  return operation;
}

}  // namespace

LogRoutes::LogRoutes(AdminSite& site) : logs_{site.logs()}, log_{site.log()} {
  const json::object levels = schema_of<ShownLogLevels>();
  site.add("GET", "/log", admin::operation("The log levels", levels),
           [this](const HttpRequest&, HttpReply reply) { reply.json(shown(logs_)); });
  site.add("PUT", "/log", admin::operation("Replaces the log levels", levels, schema_of<NewLogLevels>()),
           [this](const HttpRequest& request, HttpReply reply) {
             set_levels(admin::body_of<NewLogLevels>(request), std::move(reply));
           });
  site.add("PATCH", "/log", admin::operation("Changes some of the log levels", levels, schema_of<LogLevelsChange>()),
           [this](const HttpRequest& request, HttpReply reply) { patch(request, std::move(reply)); });
  site.add("GET", "/log/lines", lines_operation(),
           [this](const HttpRequest& request, HttpReply reply) { show_lines(request, std::move(reply)); });
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
  reply.json(shown(logs_));
}

void LogRoutes::show_lines(const HttpRequest& request, HttpReply reply) const {
  static const json::object schema = schema_of<LinesQuery>();
  const auto query = from_json<LinesQuery>(rest::read_query(request, schema));
  LogPage page = logs_.tail({.after = query.after,
                             .limit = std::min<std::size_t>(query.limit, kMaxLines),
                             .level = query.level,
                             .component = query.component,
                             .text = query.text});
  ShownLines out{.lines = {}, .next = page.next};
  for (LogEntry& entry : page.lines) out.lines.push_back(shown(std::move(entry)));
  reply.json(to_json(out));
}

}  // namespace sluice
