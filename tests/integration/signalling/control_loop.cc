#include "tests/integration/signalling/control_loop.h"

#include <utility>

namespace sluice::test {

ControlLoop::ControlLoop(std::chrono::milliseconds interval, std::function<void()> tick)
    : interval_{interval}, tick_{std::move(tick)}, thread_{[this] { run(); }} {}

ControlLoop::~ControlLoop() { stop(); }

void ControlLoop::post(std::function<void()> work) {
  const std::lock_guard lock{mutex_};
  queue_.push_back(std::move(work));
  wake_.notify_one();
}

void ControlLoop::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void ControlLoop::run() {
  std::unique_lock lock{mutex_};
  auto next_tick = std::chrono::steady_clock::now() + interval_;
  while (!stopping_ || !queue_.empty()) {
    if (queue_.empty()) wake_.wait_until(lock, next_tick);
    while (!queue_.empty()) {
      const auto work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
    if (std::chrono::steady_clock::now() < next_tick) continue;
    next_tick += interval_;
    lock.unlock();
    tick_();
    lock.lock();
  }
}

}  // namespace sluice::test
