#pragma once

#include <memory>
#include <utility>

#include "sluice/function.h"

namespace sluice {

/// Calls a handle's callback, which may destroy the handle or register another callback: it runs from the stack, and
/// goes back only where neither has happened. `alive` is a member of the handle.
template <class... Args>
void call_and_keep(Function<void(Args...)>& slot, const std::shared_ptr<int>& alive,
                   std::type_identity_t<Args>... args) {
  if (!slot) return;
  const std::weak_ptr handle{alive};
  Function<void(Args...)> callback = std::exchange(slot, nullptr);
  callback(std::forward<Args>(args)...);
  if (!handle.expired() && !slot) slot = std::move(callback);
}

}  // namespace sluice
