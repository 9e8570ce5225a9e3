#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace sluice::recording {

/// Where two threads of a production meet: one puts in and waits while it is full, one takes out and waits while it is
/// empty.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t most) : most_{most} {}

  /// @return false: it is closed, `value` is dropped.
  bool push(T value) {
    std::unique_lock lock{mutex_};
    room_.wait(lock, [this] { return closed_ || values_.size() < most_; });
    if (closed_) return false;
    values_.push_back(std::move(value));
    filled_.notify_one();
    return true;
  }
  /// @return false: closed, and all was taken.
  [[nodiscard]] bool pop(T& value) {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [this] { return closed_ || !values_.empty(); });
    if (values_.empty()) return false;
    value = std::move(values_.front());
    values_.pop_front();
    room_.notify_one();
    return true;
  }
  /// Takes nothing more; what is in it can still be taken.
  void close() {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    room_.notify_all();
    filled_.notify_all();
  }
  /// Closes it and drops what is in it.
  void abandon() {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    values_.clear();
    room_.notify_all();
    filled_.notify_all();
  }

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable filled_;
  std::deque<T> values_;
  bool closed_ = false;
};

}  // namespace sluice::recording
