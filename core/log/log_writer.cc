#include "core/log/log_writer.h"

#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace sluice {

namespace {

// The thread outlives whoever listens for signals, which would then end the process before its last lines are written.
void leave_signals_to_others() {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

struct LogWriter::State {
  explicit State(Options the_options) : options{std::move(the_options)}, file{options.file} {}

  const Options options;
  LogFile file;  // the thread's alone
  std::atomic<std::uint64_t> lost{0};

  std::mutex mutex;  // held for the copy of a line, never while the disk works
  std::condition_variable work;
  std::condition_variable idle;
  std::string queue;
  bool writing = false;
  bool reopen = false;
  bool stopping = false;
  bool stopped = false;
};

LogWriter::LogWriter(Options options) : state_{std::make_shared<State>(std::move(options))} {
  thread_ = std::thread{[state = state_] { run(*state); }};
}

LogWriter::~LogWriter() {
  std::unique_lock lock{state_->mutex};
  state_->stopping = true;
  state_->work.notify_one();
  const bool stopped = state_->idle.wait_for(lock, kPatience, [&] { return state_->stopped; });
  lock.unlock();
  if (stopped) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void LogWriter::put(std::string_view line) {
  const std::lock_guard lock{state_->mutex};
  if (state_->queue.size() + line.size() + 1 > state_->options.queue_bytes) {
    ++state_->lost;
    return;
  }
  if (state_->queue.empty()) state_->work.notify_one();
  state_->queue.append(line).append("\n");
}

void LogWriter::flush() {
  std::unique_lock lock{state_->mutex};
  state_->idle.wait_for(lock, kPatience, [&] { return state_->queue.empty() && !state_->reopen && !state_->writing; });
}

void LogWriter::reopen() {
  const std::lock_guard lock{state_->mutex};
  state_->reopen = true;
  state_->work.notify_one();
}

std::uint64_t LogWriter::lost_lines() const noexcept { return state_->lost.load(std::memory_order_relaxed); }

void LogWriter::run(State& state) {
  leave_signals_to_others();
  std::uint64_t told = 0;
  std::string lines;
  std::unique_lock lock{state.mutex};
  while (true) {
    state.work.wait(lock, [&] { return !state.queue.empty() || state.reopen || state.stopping; });
    if (state.queue.empty() && !state.reopen) break;
    lines.clear();
    lines.swap(state.queue);
    const bool reopen = std::exchange(state.reopen, false);
    state.writing = true;
    lock.unlock();

    if (reopen) state.file.reopen();
    const std::size_t lost_now = state.file.write(lines);
    const std::uint64_t lost = state.lost.fetch_add(lost_now) + lost_now;
    if (lost > told && lost_now == 0 && state.options.lost_line) {
      if (state.file.write(state.options.lost_line(lost - told) + "\n") == 0) told = lost;
    }

    lock.lock();
    state.writing = false;
    state.idle.notify_all();
  }
  state.stopped = true;
  state.idle.notify_all();
}

}  // namespace sluice
