#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/file_descriptor.h"
#include "core/jobs/job_limits.h"
#include "core/jobs/job_lines.h"
#include "core/jobs/line_splitter.h"
#include "sluice/jobs.h"

namespace sluice {

/// What a job's process has got of the gateway.
struct JobChannels {
  FileDescriptor messages;                ///< a stream socket
  std::optional<FileDescriptor> records;  ///< a SOCK_SEQPACKET socket
};

/// The job's side of the channel, in its process. Blocks. A stop is SIGTERM, or the end of the channel: the gateway's
/// death.
class ChildContext final : public JobContext {
 public:
  /// Blocks SIGTERM for the calling thread, and those that it starts. Throws std::system_error.
  ChildContext(JobChannels channels, const Clock& clock);

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
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> next_record(Instant until) override;
  [[nodiscard]] Instant now() const noexcept override { return clock_.now(); }

 private:
  // What is there; does not wait.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> read_record();
  // For a record, or a stop. False: until then there was none.
  [[nodiscard]] bool wait_for_record(Instant until) const;
  // Reads once, and waits for it; false: there is nothing more.
  bool read_some();
  void write(std::string_view line);

  const Clock& clock_;
  FileDescriptor channel_;
  std::optional<FileDescriptor> records_;  // of the thread in next_record
  std::array<std::uint8_t, JobRecords::kMaxBytes> record_{};
  FileDescriptor stop_;  // signalfd(2)
  LineSplitter lines_{kMaxJobArguments + kJobEnvelope};
  json::object arguments_;
  std::mutex writing_;  // any thread may send
  std::atomic<bool> gone_ = false;
};

}  // namespace sluice
