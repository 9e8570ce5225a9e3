#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "sluice/json.h"

namespace sluice {

/// `off` is a threshold alone: nothing is written at that level.
enum class LogLevel : std::uint8_t { trace, debug, info, warning, error, off };
BOOST_DESCRIBE_ENUM(LogLevel, trace, debug, info, warning, error, off)

/// One named value of a log line: `{"room", room.id()}`.
struct LogField {
  template <class T>
    requires std::convertible_to<T, std::string_view>
  LogField(std::string_view field, const T& text) : name{field}, value(std::string_view{text}) {}
  template <class T>
    requires(!std::convertible_to<T, std::string_view> && std::constructible_from<json::value, T>)
  LogField(std::string_view field, const T& any) : name{field}, value(any) {}

  std::string_view name;
  json::value value;
};

/// Structured logging. The plugin's name is added to every line. Secrets, tokens and SDP do not belong in a log.
/// @note Any thread. May wait for a slow disk only when the log's queue is full.
class Log {
 public:
  virtual ~Log() = default;

  [[nodiscard]] virtual bool enabled(LogLevel level) const noexcept = 0;
  virtual void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) = 0;

  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::debug)) write(LogLevel::debug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::info)) write(LogLevel::info, message, fields);
  }
  void warning(std::string_view message, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::warning)) write(LogLevel::warning, message, fields);
  }
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) {
    if (enabled(LogLevel::error)) write(LogLevel::error, message, fields);
  }
};

}  // namespace sluice
