#include "core/jobs/child_context.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <chrono>

namespace sluice {

namespace {

FileDescriptor stop_signal() {
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, nullptr);
  return FileDescriptor{::signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"};
}

}  // namespace

ChildContext::ChildContext(JobChannels channels, const Clock& clock)
    : clock_{clock},
      channel_{std::move(channels.messages)},
      records_{std::move(channels.records)},
      stop_{stop_signal()} {}

std::optional<JobStart> ChildContext::read_start() {
  for (;;) {
    if (const auto line = lines_.next()) return parse_start(*line);
    if (lines_.too_long() || !read_some()) return std::nullopt;
  }
}

std::optional<json::object> ChildContext::next_message() {
  while (!stop_requested()) {
    if (const auto line = lines_.next()) return parse_object(*line);
    std::array<pollfd, 2> ready{{{channel_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), -1);
    if (ready[0].revents != 0) read_some();
  }
  return std::nullopt;
}

// The signal is left where it is: once asked to stop, for ever.
bool ChildContext::stop_requested() const noexcept {
  if (gone_) return true;
  std::array<pollfd, 2> state{{{channel_.get(), 0, 0}, {stop_.get(), POLLIN, 0}}};
  ::poll(state.data(), state.size(), 0);
  return (state[0].revents & (POLLHUP | POLLERR)) != 0 || state[1].revents != 0;
}

std::optional<std::span<const std::uint8_t>> ChildContext::next_record(Instant until) {
  while (!stop_requested()) {
    if (const auto record = read_record()) return record;
    if (!wait_for_record(until)) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::span<const std::uint8_t>> ChildContext::read_record() {
  if (!records_) return std::nullopt;
  ssize_t size = 0;
  do {
    size = ::recv(records_->get(), record_.data(), record_.size(), MSG_DONTWAIT);
  } while (size < 0 && errno == EINTR);
  if (size > 0) return std::span{record_}.first(static_cast<std::size_t>(size));
  if (size == 0 || errno != EAGAIN) records_.reset();  // nothing comes any more
  return std::nullopt;
}

// Also where there are no records: who asks may have nothing else to wait in.
bool ChildContext::wait_for_record(Instant until) const {
  std::array<pollfd, 3> ready{
      {{records_ ? records_->get() : -1, POLLIN, 0}, {channel_.get(), 0, 0}, {stop_.get(), POLLIN, 0}}};
  const auto left = std::max(std::chrono::nanoseconds{0}, std::chrono::nanoseconds{until - clock_.now()});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
  return ::ppoll(ready.data(), ready.size(), &timeout, nullptr) != 0;  // a signal is no reason to give up
}

bool ChildContext::read_some() {
  std::array<char, 16 << 10> buffer;
  ssize_t size = 0;
  do {
    size = ::recv(channel_.get(), buffer.data(), buffer.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size <= 0) {
    gone_ = true;
    return false;
  }
  lines_.append({buffer.data(), static_cast<std::size_t>(size)});
  return true;
}

void ChildContext::send(const json::object& message) {
  const std::string text = json::serialize(message);
  if (text.size() > kMaxJobMessage) {
    throw Error{ErrorCode::limit_exceeded, "a message of a job is too long", {{"limit", kMaxJobMessage}}};
  }
  write(message_line(text));
}

void ChildContext::fail(std::string_view why) { write(failure_line(why)); }

// To a gateway that has gone nothing is said.
void ChildContext::write(std::string_view line) {
  const std::lock_guard lock{writing_};
  while (!line.empty()) {
    const ssize_t size = ::send(channel_.get(), line.data(), line.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      gone_ = true;
      return;
    }
    line.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace sluice
