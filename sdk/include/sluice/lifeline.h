#pragma once

#include <memory>
#include <utility>

namespace sluice {

/// Lets a callback that comes late (from the store, a background job, a timer) find its object gone, and do nothing.
/// A member of the object that the callback is about:
///
///     host.store().transact(work, lifeline_.guard([this](JobResult<Ok> result) { ... }));
///
/// @note One thread: the callbacks run where the object lives and dies, on the control thread.
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

}  // namespace sluice
