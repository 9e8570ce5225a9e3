#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sluice::media {

/// Some threads, and the caller's, that share the parts of one work after the other; they sleep in between.
class Crew {
 public:
  /// @param threads  With the caller's.
  explicit Crew(int threads);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() = default;

  /// Calls `part` once with each number below `parts`, on any thread, and returns when all are done. Throws what the
  /// first part to fail has thrown; those not begun by then are left out.
  void run(std::size_t parts, const std::function<void(std::size_t)>& part);

 private:
  void help(const std::stop_token& stop);
  /// With the lock held, but for the parts themselves.
  void take_parts(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable_any work_;
  std::condition_variable done_;
  const std::function<void(std::size_t)>* part_ = nullptr;
  std::size_t parts_ = 0;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;  // the last: they end before what they use
};

}  // namespace sluice::media
