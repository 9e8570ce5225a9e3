#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace sluice::recording {

enum class IfFull : std::uint8_t {
  drop,  ///< may be missed
  keep   ///< comes as often as something that is bounded elsewhere
};

/// Where the control thread and the writer's meet. Any thread, never waits for long.
template <class T>
class CaptureQueue {
 public:
  explicit CaptureQueue(std::size_t limit) : limit_{limit} {}

  /// @return false: it was full, and the item is dropped.
  bool push(T item, IfFull if_full) {
    const std::lock_guard lock{mutex_};
    if (if_full == IfFull::drop && items_.size() >= limit_) return false;
    items_.push_back(std::move(item));
    return true;
  }
  /// All that waits, in order.
  [[nodiscard]] std::vector<T> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(items_, {});
  }

 private:
  std::size_t limit_;
  std::mutex mutex_;
  std::vector<T> items_;
};

}  // namespace sluice::recording
