#include "core/jobs/job_lines.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/jobs/job_limits.h"
#include "sluice/identity.h"

namespace sluice {

std::string start_line(const JobStart& start) {
  json::object line{{"parent", start.parent}, {"nice", start.nice}, {"arguments", start.arguments}};
  if (start.cpus) line["cpus"] = *start.cpus;
  return json::serialize(line) + '\n';
}

std::string message_line(std::string_view message) { return "{\"message\":" + std::string{message} + "}\n"; }

std::string failure_line(std::string_view why) {
  return json::serialize(json::object{{"failed", sanitise_text(why, kJobErrorTail)}}) + '\n';
}

std::optional<json::object> parse_object(std::string_view line) {
  boost::system::error_code error;
  json::value value = json::parse(line, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<JobStart> parse_start(std::string_view line) {
  auto object = parse_object(line);
  if (!object) return std::nullopt;
  const json::value* parent = object->if_contains("parent");
  const json::value* nice = object->if_contains("nice");
  const json::value* cpus = object->if_contains("cpus");
  json::value* arguments = object->if_contains("arguments");
  if (parent == nullptr || nice == nullptr || arguments == nullptr) return std::nullopt;
  if (!parent->is_int64() || !nice->is_int64() || !arguments->is_object()) return std::nullopt;

  JobStart start{.parent = static_cast<int>(parent->get_int64()),
                 .nice = static_cast<int>(nice->get_int64()),
                 .cpus = std::nullopt,
                 .arguments = std::move(arguments->get_object())};
  if (cpus != nullptr && cpus->is_int64()) start.cpus = static_cast<unsigned>(cpus->get_int64());
  return start;
}

std::optional<JobLine> parse_job_line(std::string_view line) {
  auto object = parse_object(line);
  if (!object || object->size() != 1) return std::nullopt;
  if (json::value* message = object->if_contains("message"); message != nullptr && message->is_object()) {
    return JobMessage{std::move(message->get_object())};
  }
  if (const json::value* why = object->if_contains("failed"); why != nullptr && why->is_string()) {
    return JobFailure{sanitise_text(why->get_string(), kJobErrorTail)};
  }
  return std::nullopt;
}

}  // namespace sluice
