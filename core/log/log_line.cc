#include "core/log/log_line.h"

#include <boost/json/serialize.hpp>

namespace sluice {

namespace {

bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c == 0x7f) return false;
  }
  return true;
}

// JSON's escapes keep a hostile name from writing lines of its own.
std::string escaped(std::string_view text) { return json::serialize(json::string{text}); }

std::string shown(const json::value& value) {
  if (const auto* text = value.if_string()) return is_plain(*text) ? std::string{*text} : escaped(*text);
  return json::serialize(value);
}

std::string without_controls(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return escaped(text);
  }
  return std::string{text};
}

}  // namespace

std::string text_line(std::string_view component, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line = "[" + std::string{component} + "] " + without_controls(message);
  for (const LogField& field : fields) line.append(" ").append(field.name).append("=").append(shown(field.value));
  return line;
}

std::string json_line(std::string_view time, LogLevel level, std::string_view component, std::string_view message,
                      std::initializer_list<LogField> fields) {
  json::object line;
  line["time"] = time;
  line["level"] = to_json(level);
  line["component"] = component;
  line["message"] = message;
  for (const LogField& field : fields) {
    if (!line.contains(field.name)) line[field.name] = field.value;
  }
  return json::serialize(line);
}

}  // namespace sluice
