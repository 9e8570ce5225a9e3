#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>

#include "core/base/file_descriptor.h"
#include "core/jobs/job_limits.h"
#include "core/jobs/job_lines.h"
#include "core/jobs/line_splitter.h"
#include "sluice/jobs.h"

namespace sluice {

/// The job's side of the channel, in its process. Blocks. A stop is SIGTERM, or the end of the channel: the gateway's
/// death.
class ChildContext final : public JobContext {
 public:
  /// @param channel  A stream socket.
  /// Blocks SIGTERM for the calling thread, and those that it starts. Throws std::system_error.
  explicit ChildContext(FileDescriptor channel);

  /// The first line. Nothing: the gateway has gone, or wrote something else.
  [[nodiscard]] std::optional<JobStart> read_start();
  void set_arguments(json::object arguments) { arguments_ = std::move(arguments); }
  /// The last word of a job that failed.
  void fail(std::string_view why);

  [[nodiscard]] const json::object& arguments() const noexcept override { return arguments_; }
  /// Waits while the gateway does not read. Throws Error{limit_exceeded} where the message is too long.
  void send(const json::object& message) override;
  [[nodiscard]] std::optional<json::object> next_message() override;
  [[nodiscard]] bool stop_requested() const noexcept override;

 private:
  // Reads once, and waits for it; false: there is nothing more.
  bool read_some();
  void write(std::string_view line);

  FileDescriptor channel_;
  FileDescriptor stop_;  // signalfd(2)
  LineSplitter lines_{kMaxJobArguments + kJobEnvelope};
  json::object arguments_;
  std::mutex writing_;  // any thread may send
  std::atomic<bool> gone_ = false;
};

}  // namespace sluice
