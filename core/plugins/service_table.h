#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/control/callback_scope.h"

namespace sluice {

/// Which plugin offers which service. @note Control thread only.
class ServiceTable {
 public:
  /// Throws std::logic_error if somebody offers it already.
  void provide(const CallbackScope& scope, std::string_view service, void* implementation);
  /// Null if nobody offers it.
  [[nodiscard]] void* find(std::string_view service) const noexcept;
  void remove_all(const CallbackScope& scope);

 private:
  struct Offer {
    const CallbackScope* scope;
    void* implementation;
  };
  std::map<std::string, Offer, std::less<>> offers_;
};

}  // namespace sluice
