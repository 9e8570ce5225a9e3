#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "sluice/function.h"

namespace sluice {

/// Threads for what blocks, behind one bounded queue.
class BackgroundPool {
 public:
  static constexpr std::size_t kMaxWaiting = 1024;

  explicit BackgroundPool(unsigned threads);
  /// Stops.
  ~BackgroundPool();
  BackgroundPool(const BackgroundPool&) = delete;
  BackgroundPool& operator=(const BackgroundPool&) = delete;

  /// Any thread. False if kMaxWaiting jobs wait already, or the pool has stopped. Jobs must not throw.
  [[nodiscard]] bool submit(Function<void()> job);
  /// Runs what waits, then joins the threads. Blocks.
  void stop();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sluice
