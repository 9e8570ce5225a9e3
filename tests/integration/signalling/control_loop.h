#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace sluice::test {

/// A control thread small enough to be read: functions in order, and one that is called at an interval.
class ControlLoop {
 public:
  ControlLoop(std::chrono::milliseconds interval, std::function<void()> tick);
  ~ControlLoop();

  void post(std::function<void()> work);
  /// Runs what is queued, then joins.
  void stop();

 private:
  void run();

  std::chrono::milliseconds interval_;
  std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sluice::test
