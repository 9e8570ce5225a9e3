#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/log/log_entry.h"

namespace sluice {

/// Which of the latest lines are wanted.
struct LogQuery {
  /// Lines after the one of this number, the oldest first come; 0, or a number that is still to come (of an earlier
  /// run of the gateway): the latest ones.
  std::uint64_t after = 0;
  std::size_t limit = 100;
  LogLevel level = LogLevel::trace;  ///< at least
  std::string component{};           ///< what its name begins with
  std::string text{};                ///< contained in message or fields, without regard to the case of ASCII letters
};

struct LogPage {
  std::vector<LogEntry> lines;  ///< in their order
  std::uint64_t next = 0;       ///< `after` of the question that goes on from here
};

/// The latest lines of the log, for who looks at a running gateway. Not thread-safe: the LogBook's lock guards it.
class LogTail {
 public:
  static constexpr std::size_t kMaxLines = 2000;
  static constexpr std::size_t kMaxBytes = 1 << 20;

  /// Gives the entry its number.
  void push(LogEntry entry);
  [[nodiscard]] LogPage find(const LogQuery& query) const;

 private:
  struct Kept {
    LogEntry entry;
    std::size_t bytes;
  };

  std::deque<Kept> lines_;  // their numbers follow one another
  std::size_t bytes_ = 0;
  std::uint64_t last_seq_ = 0;
};

}  // namespace sluice
