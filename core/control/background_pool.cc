#include "core/control/background_pool.h"

#include <utility>

namespace sluice {

BackgroundPool::BackgroundPool(unsigned threads) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

BackgroundPool::~BackgroundPool() { stop(); }

bool BackgroundPool::submit(Function<void()> job) {
  {
    const std::lock_guard lock{mutex_};
    if (stopping_ || queue_.size() >= kMaxWaiting) return false;
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void BackgroundPool::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void BackgroundPool::work() {
  std::unique_lock lock{mutex_};
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Function<void()> job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // what it owns dies outside the lock
    lock.lock();
  }
}

}  // namespace sluice
