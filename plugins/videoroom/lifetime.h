#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sluice/timers.h"

namespace sluice::videoroom {

/// Lets a callback that comes late find its object gone, and do nothing.
class Lifeline {
 public:
  template <class F>
  [[nodiscard]] auto guard(F callback) const {
    return [watch = std::weak_ptr<const char>{token_}, callback = std::move(callback)](auto&&... args) mutable {
      if (!watch.expired()) callback(std::forward<decltype(args)>(args)...);
    };
  }
  /// Expires when the line is cut.
  [[nodiscard]] std::weak_ptr<const char> watch() const noexcept { return token_; }
  /// From now on no guarded callback runs.
  void cut() noexcept { token_.reset(); }

 private:
  // One owner; the callbacks only watch it.
  std::shared_ptr<const char> token_ = std::make_shared<const char>('\0');
};

/// Keeps what has ended until the control thread's next turn: somebody up the stack (a handler of another plugin, a
/// callback of the object itself) may still stand in it.
class Retired {
 public:
  explicit Retired(Timers& timers) noexcept : timers_{timers} {}

  template <class T>
  void keep(std::unique_ptr<T> ended) {
    if (ended == nullptr) return;
    ended_.emplace_back(std::move(ended));
    if (std::exchange(armed_, true)) return;
    timer_ = timers_.after(Duration::zero(), [this] { clear(); });
  }
  void clear() {
    armed_ = false;
    std::vector<std::shared_ptr<void>> ended;
    ended.swap(ended_);  // a destructor may retire more
  }

 private:
  Timers& timers_;
  std::vector<std::shared_ptr<void>> ended_;  // one owner: this; shared_ptr only forgets the type
  Timer timer_;
  bool armed_ = false;
};

}  // namespace sluice::videoroom
