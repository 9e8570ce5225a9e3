#include "core/control/background_pool.h"

#include <algorithm>
#include <iterator>
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
    ++next_number_;
  }
  wake_.notify_one();
  return true;
}

void BackgroundPool::after_waiting(Function<void()> done) {
  {
    const std::lock_guard lock{mutex_};
    if (oldest() < next_number_) {
      watches_.push_back({next_number_, std::move(done)});
      return;
    }
  }
  done();
}

// The number of the oldest job that is not gone.
std::uint64_t BackgroundPool::oldest() const noexcept {
  std::uint64_t oldest = next_number_ - queue_.size();
  for (const std::uint64_t number : running_) oldest = std::min(oldest, number);
  return oldest;
}

std::vector<BackgroundPool::Watch> BackgroundPool::take_fulfilled() {
  const std::uint64_t first = oldest();
  const auto kept = std::ranges::partition(watches_, [&](const Watch& watch) { return watch.before > first; });
  std::vector<Watch> fulfilled{std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end())};
  watches_.erase(kept.begin(), kept.end());
  return fulfilled;
}

BackgroundPool::Load BackgroundPool::load() const {
  const std::lock_guard lock{mutex_};
  return {.waiting = queue_.size(), .running = running_.size()};
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
    const std::uint64_t number = next_number_ - queue_.size();
    Function<void()> job = std::move(queue_.front());
    queue_.pop_front();
    running_.push_back(number);
    lock.unlock();
    job();
    job = nullptr;  // what it owns dies outside the lock
    lock.lock();
    std::erase(running_, number);
    if (watches_.empty()) continue;
    std::vector<Watch> fulfilled = take_fulfilled();
    lock.unlock();
    for (Watch& watch : fulfilled) watch.done();
    fulfilled.clear();
    lock.lock();
  }
}

}  // namespace sluice
