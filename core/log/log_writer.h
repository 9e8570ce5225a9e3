#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "core/log/log_file.h"
#include "sluice/time.h"

namespace sluice {

/// Takes lines from any thread and writes them on one of its own, so that a slow, full or hanging disk holds up nobody
/// else. What does not fit into its queue is dropped and counted.
class LogWriter {
 public:
  struct Options {
    LogFile::Options file;
    std::size_t queue_bytes = 4 << 20;
    /// The line that says how many were lost, written once lines are written again; null: none.
    std::function<std::string(std::uint64_t lost)> lost_line{};
  };

  /// Throws std::runtime_error if the file cannot be opened.
  explicit LogWriter(Options options);
  /// Writes what is queued. A disk that hangs is left alone after kPatience.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  /// How long `flush` and the destructor wait for the disk.
  static constexpr Duration kPatience = std::chrono::seconds{2};

  /// Any thread; never waits for the disk. `line` is without its end.
  void put(std::string_view line);
  /// Waits until what is asked for is done, at most kPatience.
  void flush();
  /// Opens the file again, on the writer's thread.
  void reopen();
  /// Lines that were dropped because the queue was full, and those that the disk did not take.
  [[nodiscard]] std::uint64_t lost_lines() const noexcept;

 private:
  struct State;

  static void run(State& state);

  // Owners: this writer and its thread, which may outlive it while a disk hangs.
  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace sluice
