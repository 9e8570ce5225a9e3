#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
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
  /// Calls `done` once every job that was submitted before has run and is destroyed: on the thread of the last of them,
  /// or at once where there is none. It must not throw, nor take long.
  void after_waiting(Function<void()> done);
  /// Runs what waits, then joins the threads. Blocks.
  void stop();

  struct Load {
    std::size_t waiting = 0;
    std::size_t running = 0;
  };
  /// Jobs that there are now. Any thread.
  [[nodiscard]] Load load() const;

 private:
  struct Watch {
    std::uint64_t before;  ///< jobs with lower numbers must be gone
    Function<void()> done;
  };

  void work();
  [[nodiscard]] std::uint64_t oldest() const noexcept;
  [[nodiscard]] std::vector<Watch> take_fulfilled();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Function<void()>> queue_;
  std::uint64_t next_number_ = 0;       // of the job to be submitted next; those that wait have the ones before it
  std::vector<std::uint64_t> running_;  // numbers of the jobs that run
  std::vector<Watch> watches_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sluice
