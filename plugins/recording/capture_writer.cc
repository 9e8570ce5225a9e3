#include "capture_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;

/// How long packets lie in the taps' queues, which hold seconds.
constexpr Duration kInterval = 50ms;
constexpr std::string_view kStopped = "gateway_stopped";

}  // namespace

CaptureWriter::CaptureWriter(WriterRuns runs) {
  if (runs == WriterRuns::on_the_caller) return;
  thread_ = std::jthread{[this](const std::stop_token& stopped) { run(stopped); }};
}

CaptureWriter::~CaptureWriter() {
  if (!thread_.joinable()) {
    close();
    return;
  }
  thread_.request_stop();
  thread_.join();
}

void CaptureWriter::add(std::unique_ptr<CaptureSession> session) {
  {
    const std::lock_guard lock{mutex_};
    added_.push_back(std::move(session));
  }
  woken_.notify_one();
}

void CaptureWriter::tell_time(Instant now) {
  told_ = now.time_since_epoch().count();
  if (!thread_.joinable()) drain();
}

void CaptureWriter::run(const std::stop_token& stopped) {
  while (wait(stopped)) drain();
  close();
}

bool CaptureWriter::wait(const std::stop_token& stopped) {
  std::unique_lock lock{mutex_};
  const auto something_added = [this] { return !added_.empty(); };
  if (sessions_.empty()) {
    woken_.wait(lock, stopped, something_added);
  } else {
    woken_.wait_for(lock, stopped, kInterval, something_added);
  }
  return !stopped.stop_requested();
}

void CaptureWriter::drain() {
  {
    const std::lock_guard lock{mutex_};
    std::ranges::move(std::exchange(added_, {}), std::back_inserter(sessions_));
  }
  now_ = std::max(now_, Instant{Duration{told_.load()}});
  for (const auto& session : sessions_) now_ = std::max(now_, session->drain(now_));
  std::erase_if(sessions_, [](const auto& session) { return session->closed(); });
}

void CaptureWriter::close() {
  drain();
  for (const auto& session : sessions_) session->close(std::string{kStopped});
  sessions_.clear();
}

CaptureWriterPtr make_capture_writer(WriterRuns runs) {
  return CaptureWriterPtr{std::make_unique<CaptureWriter>(runs).release()};
}
CaptureWriterPtr make_capture_writer() { return make_capture_writer(WriterRuns::on_its_thread); }
void CaptureWriterDeleter::operator()(CaptureWriter* writer) const noexcept {
  const std::unique_ptr<CaptureWriter> gone{writer};
}

}  // namespace sluice::recording
