#include "core/jobs/running_job.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "core/jobs/job_lines.h"

namespace sluice {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// More than a socket and a pipe hold: a process of the job's that goes on writing is not heard beyond it.
constexpr int kLastReads = 128;

template <class Outcome>
Outcome outcome(const error_code& error) {
  if (!error) return Outcome::some;
  return error == asio::error::would_block ? Outcome::nothing_now : Outcome::over;
}

}  // namespace

RunningJob::RunningJob(asio::io_context& context, JobProcess process, std::string name, Log& log)
    : pid_{process.pid},
      name_{std::move(name)},
      log_{log},
      handle_{context, process.handle.release()},
      channel_{context, asio::local::stream_protocol{}, process.channel.release()},
      errors_{context, process.errors.release()},
      records_{process.records ? std::make_shared<SocketRecords>(std::move(*process.records)) : nullptr} {
  channel_.non_blocking(true);
  errors_.non_blocking(true);
}

void RunningJob::begin(std::string first, Jobs::OnMessage on_message, Jobs::OnEnd on_end) {
  on_message_ = std::move(on_message);
  on_end_ = std::move(on_end);
  outgoing_.push_back(std::move(first));
  write_next();
  wait_for_messages();
  wait_for_errors();
  wait_for_end();
}

void RunningJob::send(std::string line) {
  if (stopping_ || silent_ || ended_) return;
  if (outgoing_.size() >= kMaxJobQueue) {
    throw Error{ErrorCode::limit_exceeded, "too many messages wait for the job", {{"limit", kMaxJobQueue}}};
  }
  outgoing_.push_back(std::move(line));
  if (outgoing_.size() == 1) write_next();
}

void RunningJob::stop() {
  if (std::exchange(stopping_, true)) return;
  if (outgoing_.size() > 1) outgoing_.resize(1);
  signal(SIGTERM);  // it is blocked there until the job listens
}

void RunningJob::kill() noexcept {
  silent_ = true;
  on_message_ = nullptr;
  on_end_ = nullptr;
  close_records();
  signal(SIGKILL);
}

void RunningJob::close_records() noexcept {
  if (records_ != nullptr) records_->close();
}

void RunningJob::signal(int number) noexcept {
  if (!ended_) signal_process(handle_.native_handle(), number);
}

void RunningJob::write_next() {
  if (outgoing_.empty()) return;
  asio::async_write(channel_, asio::buffer(outgoing_.front()),
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      if (error) {  // it has ended, or is about to
                        self->stopping_ = true;
                        self->outgoing_.clear();
                        return;
                      }
                      self->outgoing_.pop_front();
                      self->write_next();
                    });
}

// Waiting and reading are two steps, so that nothing that was read waits in a handler when the process ends.
void RunningJob::wait_for_messages() {
  channel_.async_wait(asio::socket_base::wait_read, [self = shared_from_this()](const error_code& error) {
    if (!error && !self->ended_ && self->read_messages() != Read::over) self->wait_for_messages();
  });
}

void RunningJob::wait_for_errors() {
  errors_.async_wait(Wait::wait_read, [self = shared_from_this()](const error_code& error) {
    if (!error && !self->ended_ && self->read_errors() != Read::over) self->wait_for_errors();
  });
}

void RunningJob::wait_for_end() {
  handle_.async_wait(Wait::wait_read, [self = shared_from_this()](const error_code& error) {
    if (!error) self->reap();
  });
}

RunningJob::Read RunningJob::read_messages() {
  error_code error;
  const std::size_t size = channel_.read_some(asio::buffer(buffer_), error);
  messages_.append({buffer_.data(), size});
  while (!silent_ && failure_.empty()) {
    const auto line = messages_.next();
    if (!line) break;
    take_line(*line);
  }
  if (messages_.too_long()) break_off("the job sent a line of more than " + std::to_string(kMaxJobMessage) + " bytes");
  return silent_ || !failure_.empty() ? Read::over : outcome<Read>(error);
}

void RunningJob::take_line(std::string_view line) {
  auto parsed = parse_job_line(line);
  if (!parsed) return break_off("the job sent a line that is no message");
  if (auto* failure = std::get_if<JobFailure>(&*parsed)) {
    failure_ = failure->why.empty() ? "the job failed without a word" : std::move(failure->why);
    return;
  }
  deliver(std::move(std::get<JobMessage>(*parsed).content));
}

// The callback may destroy the job's handle, and with it itself: meanwhile it is held here.
void RunningJob::deliver(json::object message) {
  Jobs::OnMessage callback = std::move(on_message_);
  if (!callback) return;
  callback(std::move(message));
  if (!silent_) on_message_ = std::move(callback);
}

void RunningJob::break_off(std::string why) {
  failure_ = std::move(why);
  signal(SIGKILL);
}

RunningJob::Read RunningJob::read_errors() {
  error_code error;
  const std::size_t size = errors_.read_some(asio::buffer(buffer_), error);
  error_lines_.append({buffer_.data(), size});
  take_errors();
  return outcome<Read>(error);
}

void RunningJob::take_errors() {
  for (;;) {
    if (const auto line = error_lines_.next()) {
      add_error(*line);
    } else if (error_lines_.too_long()) {
      add_error(error_lines_.take_rest());
    } else {
      return;
    }
  }
}

void RunningJob::add_error(std::string_view line) {
  tail_.add(line);
  log_.debug("a job says", {{"job", name_}, {"pid", pid_}, {"line", line}});
}

void RunningJob::reap() {
  siginfo_t state{};
  const int failed = ::waitid(P_PIDFD, static_cast<id_t>(handle_.native_handle()), &state, WEXITED | WNOHANG);
  if (failed == 0 && state.si_pid == 0) return wait_for_end();
  read_what_is_left();
  ended_ = true;
  close_records();
  error_code ignored;
  channel_.close(ignored);
  errors_.close(ignored);
  handle_.close(ignored);
  if (failed != 0) return report({.exit_status = -1, .signal = 0, .error = {}});
  if (state.si_code == CLD_EXITED) return report({.exit_status = state.si_status, .signal = 0, .error = {}});
  report({.exit_status = -1, .signal = state.si_status, .error = {}});
}

// The process is gone, and what it wrote is there; only a process of its own could still be writing.
void RunningJob::read_what_is_left() {
  for (int i = 0; i < kLastReads && read_messages() == Read::some; ++i) continue;
  for (int i = 0; i < kLastReads && read_errors() == Read::some; ++i) continue;
  if (const std::string_view rest = error_lines_.take_rest(); !rest.empty()) add_error(rest);
}

void RunningJob::report(JobEnd end) {
  Jobs::OnEnd callback = std::move(on_end_);
  on_message_ = nullptr;
  if (!callback) return;
  if (!end.ok()) end.error = error_of(end);
  callback(end);
}

std::string RunningJob::error_of(const JobEnd& end) const {
  if (!failure_.empty()) return failure_;
  if (std::string text = tail_.text(); !text.empty()) return text;
  if (end.signal == 0) return "the job ended with status " + std::to_string(end.exit_status);
  return "the job was ended by signal " + std::to_string(end.signal) + " (" + ::sigdescr_np(end.signal) + ")";
}

}  // namespace sluice
