#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "core/jobs/error_tail.h"
#include "core/jobs/job_limits.h"
#include "core/jobs/job_process.h"
#include "core/jobs/line_splitter.h"
#include "core/jobs/socket_records.h"
#include "sluice/jobs.h"
#include "sluice/log.h"

namespace sluice {

/// The gateway's side of one job: writes to it, reads it, reaps it.
///
/// @note Control thread only. Owners: the plugin's handle, and each operation in progress; so it outlives the handle
/// until the process has been reaped.
class RunningJob : public std::enable_shared_from_this<RunningJob> {
 public:
  RunningJob(boost::asio::io_context& context, JobProcess process, std::string name, Log& log);

  /// @param first  The line with which the job starts.
  void begin(std::string first, Jobs::OnMessage on_message, Jobs::OnEnd on_end);
  /// One line, with its end. Throws Error{limit_exceeded} where too many wait.
  void send(std::string line);
  void stop();
  /// Nothing is called any more.
  void kill() noexcept;

  [[nodiscard]] int pid() const noexcept { return pid_; }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] std::shared_ptr<JobRecords> records() const noexcept { return records_; }

 private:
  using Wait = boost::asio::posix::descriptor_base;

  void write_next();
  void wait_for_messages();
  void wait_for_errors();
  void wait_for_end();

  enum class Read : std::uint8_t { some, nothing_now, over };
  Read read_messages();
  Read read_errors();
  void take_line(std::string_view line);
  void take_errors();
  void add_error(std::string_view line);
  void deliver(json::object message);
  void break_off(std::string why);

  void reap();
  void read_what_is_left();
  void report(JobEnd end);
  [[nodiscard]] std::string error_of(const JobEnd& end) const;
  void signal(int number) noexcept;
  void close_records() noexcept;

  int pid_;
  std::string name_;
  Log& log_;
  boost::asio::posix::stream_descriptor handle_;
  boost::asio::local::stream_protocol::socket channel_;
  boost::asio::posix::stream_descriptor errors_;
  std::shared_ptr<SocketRecords> records_;  // shared with the plugin's thread that writes
  std::array<char, 16 << 10> buffer_{};

  std::deque<std::string> outgoing_;  // the first one is being written
  LineSplitter messages_{kMaxJobMessage + kJobEnvelope};
  LineSplitter error_lines_{kMaxErrorLine};
  ErrorTail tail_{kJobErrorTail};
  std::string failure_;
  Jobs::OnMessage on_message_;
  Jobs::OnEnd on_end_;
  bool stopping_ = false;
  bool silent_ = false;
  bool ended_ = false;
};

}  // namespace sluice
