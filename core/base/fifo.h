#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace sluice {

/// A queue that is empty most of the time: empty it costs three pointers, where each std::deque keeps 576 octets, and
/// there are several for each client. Its memory is given back when it has been drained.
template <class T>
class Fifo {
 public:
  void push_back(T item) { items_.push_back(std::move(item)); }

  [[nodiscard]] bool empty() const noexcept { return next_ == items_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size() - next_; }

  /// Not of an empty queue.
  [[nodiscard]] T& front() noexcept { return items_[next_]; }
  [[nodiscard]] const T& front() const noexcept { return items_[next_]; }

  /// The oldest item; not of an empty queue. Amortised O(1): what was taken is moved over once it is the greater half.
  T take() {
    T item = std::move(items_[next_]);
    ++next_;
    if (empty()) {
      clear();
    } else if (next_ >= kMinTaken && 2 * next_ >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = 0;
    }
    return item;
  }
  void drop_front() { static_cast<void>(take()); }

  /// Forgets all but the `count` oldest.
  void truncate(std::size_t count) {
    if (count == 0) return clear();
    if (count < size()) items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(next_ + count), items_.end());
  }
  void clear() noexcept {
    items_ = std::vector<T>{};  // braces alone would keep the memory
    next_ = 0;
  }

 private:
  static constexpr std::size_t kMinTaken = 16;

  std::vector<T> items_;
  std::size_t next_ = 0;  // index of the oldest; those before it have been taken
};

}  // namespace sluice
