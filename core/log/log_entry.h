#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sluice/log.h"

namespace sluice {

/// One line of the log: nothing in it is secret, and its size is bounded.
struct LogEntry {
  /// Longest message and longest value of a field, in bytes; what is longer is cut.
  static constexpr std::size_t kMaxTextBytes = 8192;

  std::uint64_t seq = 0;  ///< counts the lines of the process, from 1
  std::string time;       ///< RFC 3339 in UTC, with milliseconds
  LogLevel level = LogLevel::info;
  std::string component;
  std::string message;
  json::object fields;

  [[nodiscard]] std::size_t bytes() const;
};

/// Redacts and bounds what a component says. A field that is named twice keeps its first value.
[[nodiscard]] LogEntry make_log_entry(std::string time, LogLevel level, std::string_view component,
                                      std::string_view message, std::span<const LogField> fields);

/// `TIME LEVEL [component] message key=value key="two words"`: control characters are escaped, so that one entry is one
/// line. Without the line's end.
[[nodiscard]] std::string text_line(const LogEntry& entry);

/// `{"time":...,"level":...,"component":...,"message":...,key:value}`. A plugin's line names it in `plugin` too.
[[nodiscard]] std::string json_line(const LogEntry& entry);

}  // namespace sluice
