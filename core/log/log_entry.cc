#include "core/log/log_entry.h"

#include <boost/json/serialize.hpp>
#include <utility>

#include "core/log/redaction.h"

namespace sluice {

namespace {

constexpr std::string_view kPluginPrefix = "plugin.";
constexpr std::string_view kCut = "...";

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

// Never within a character.
std::string cut(std::string text) {
  if (text.size() <= LogEntry::kMaxTextBytes) return text;
  std::size_t length = LogEntry::kMaxTextBytes;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
  return text.substr(0, length) + std::string{kCut};
}

json::value cut(json::value value) {
  if (const auto* text = value.if_string()) {
    if (text->size() <= LogEntry::kMaxTextBytes) return value;
    return json::value(cut(std::string{*text}));
  }
  if (!value.is_structured()) return value;
  std::string whole = json::serialize(value);
  if (whole.size() <= LogEntry::kMaxTextBytes) return value;
  return json::value(cut(std::move(whole)));
}

}  // namespace

std::size_t LogEntry::bytes() const {
  return sizeof(LogEntry) + time.size() + component.size() + message.size() + json::serialize(fields).size();
}

LogEntry make_log_entry(std::string time, LogLevel level, std::string_view component, std::string_view message,
                        std::span<const LogField> fields) {
  LogEntry entry{.time = std::move(time),
                 .level = level,
                 .component = std::string{component},
                 .message = cut(redacted_text(message)),
                 .fields = {}};
  for (const LogField& field : fields) {
    if (!entry.fields.contains(field.name)) entry.fields.emplace(field.name, cut(redacted(field.name, field.value)));
  }
  return entry;
}

std::string text_line(const LogEntry& entry) {
  std::string line = entry.time;
  line.append(" ").append(to_json(entry.level).as_string());
  line.append(" [").append(entry.component).append("] ").append(without_controls(entry.message));
  for (const auto& [name, value] : entry.fields) line.append(" ").append(name).append("=").append(shown(value));
  return line;
}

std::string json_line(const LogEntry& entry) {
  json::object line;
  line["time"] = entry.time;
  line["level"] = to_json(entry.level);
  line["component"] = entry.component;
  if (entry.component.starts_with(kPluginPrefix)) line["plugin"] = entry.component.substr(kPluginPrefix.size());
  line["message"] = entry.message;
  for (const auto& [name, value] : entry.fields) {
    if (!line.contains(name)) line[name] = value;
  }
  return json::serialize(line);
}

}  // namespace sluice
