#pragma once

#include <memory>
#include <utility>

namespace sluice::meetings {

/// Lets a callback that comes late (from the store, from a background job) find its object gone, and do nothing.
class Lifeline {
 public:
  template <class F>
  [[nodiscard]] auto guard(F callback) const {
    return [watch = std::weak_ptr<const char>{token_}, callback = std::move(callback)](auto&&... args) mutable {
      if (!watch.expired()) callback(std::forward<decltype(args)>(args)...);
    };
  }

 private:
  // One owner; the callbacks only watch it.
  std::shared_ptr<const char> token_ = std::make_shared<const char>('\0');
};

}  // namespace sluice::meetings
