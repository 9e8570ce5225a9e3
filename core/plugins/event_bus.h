#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/control/callback_scope.h"
#include "sluice/bus.h"

namespace sluice {

/// Typed events between plugins. @note Control thread only.
class EventBus {
 public:
  void subscribe(std::shared_ptr<CallbackScope> scope, std::string_view topic, Bus::RawHandler handler);
  void publish(std::string_view topic, const void* event);
  void remove_all(const CallbackScope& scope);

 private:
  struct Subscriber {
    std::shared_ptr<CallbackScope> scope;
    std::string what;
    Bus::RawHandler handler;
  };
  // A subscriber is shared by the table and a publication in progress, during which it may be removed.
  std::map<std::string, std::vector<std::shared_ptr<Subscriber>>, std::less<>> topics_;
};

}  // namespace sluice
