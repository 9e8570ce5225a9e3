#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sluice/json.h"

/// What the gateway and a job write to each other: one JSON object a line.
///
///     gateway -> job   {"parent":4711,"nice":10,"cpus":2,"arguments":{...}}   first
///                      {...}                                                 a message, as the plugin wrote it
///     job -> gateway   {"message":{...}}
///                      {"failed":"why"}                                      last
namespace sluice {

/// What a job is told first.
struct JobStart {
  int parent = 0;  ///< the gateway's process
  int nice = 0;
  std::optional<unsigned> cpus;
  json::object arguments;
};

struct JobMessage {
  json::object content;
};
/// What its function threw.
struct JobFailure {
  std::string why;
};
using JobLine = std::variant<JobMessage, JobFailure>;

/// With the end of the line, as all that follow.
[[nodiscard]] std::string start_line(const JobStart& start);
/// @param message  An object as JSON, in one line.
[[nodiscard]] std::string message_line(std::string_view message);
[[nodiscard]] std::string failure_line(std::string_view why);

/// Nothing where the line is none of that kind.
[[nodiscard]] std::optional<JobStart> parse_start(std::string_view line);
[[nodiscard]] std::optional<JobLine> parse_job_line(std::string_view line);
[[nodiscard]] std::optional<json::object> parse_object(std::string_view line);

}  // namespace sluice
