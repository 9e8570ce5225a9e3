#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/log_tail.h"
#include "sluice/log.h"

namespace sluice {

enum class LogFormat : std::uint8_t { text, json };
BOOST_DESCRIBE_ENUM(LogFormat, text, json)

struct LogOptions {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  /// Empty: standard error. A file is rotated at `rotate_bytes` (0: never), `rotated_files` old ones are kept.
  std::string file;
  std::size_t rotate_bytes = 64 << 20;
  std::size_t rotated_files = 5;
  /// Levels of single components, by name: `ice`, `plugin.videoroom`.
  std::map<std::string, LogLevel, std::less<>> levels;
};

/// Which lines are written: `level`, but for the components that `levels` names.
struct LogLevels {
  LogLevel level = LogLevel::info;
  std::map<std::string, LogLevel, std::less<>> levels;
};
BOOST_DESCRIBE_STRUCT(LogLevels, (), (level, levels))

/// Where all log lines go. Components ask it for their own Log, whose name stands in every line. Lines are redacted,
/// kept for a while in the tail, and written by a thread of the log's own: who logs never waits for the disk.
/// @note Every method and every Log is safe from any thread.
class LogBook {
 public:
  /// Throws std::runtime_error if the file cannot be opened.
  explicit LogBook(const LogOptions& options);
  ~LogBook();
  LogBook(const LogBook&) = delete;
  LogBook& operator=(const LogBook&) = delete;

  /// The Log of a component; lives as long as the book.
  [[nodiscard]] Log& component(std::string_view name);
  /// Changes levels while running; components that `levels` does not name get `level`.
  void set_levels(LogLevel level, const std::map<std::string, LogLevel, std::less<>>& levels);
  [[nodiscard]] LogLevels levels() const;
  /// The names of all components that have asked for their Log, in alphabetical order.
  [[nodiscard]] std::vector<std::string> components() const;
  /// The latest lines, as they were written.
  [[nodiscard]] LogPage tail(const LogQuery& query) const;
  /// Waits until what was logged is written, at most two seconds.
  void flush();
  /// Opens the file again, after somebody has moved it away (logrotate). Does not wait.
  void reopen();
  /// Lines that were not written: the disk was full, or too slow for the queue.
  [[nodiscard]] std::uint64_t lost_lines() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A log that keeps nothing, for parts under test.
[[nodiscard]] Log& null_log() noexcept;

}  // namespace sluice
