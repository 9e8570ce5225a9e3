#include "core/plugins/service_table.h"

#include <stdexcept>

namespace sluice {

void ServiceTable::provide(const CallbackScope& scope, std::string_view service, void* implementation) {
  const auto [entry, fresh] = offers_.emplace(service, Offer{&scope, implementation});
  if (fresh) return;
  throw std::logic_error{"the service '" + std::string{service} + "' is provided by plugin '" +
                         entry->second.scope->name() + "' already"};
}

void* ServiceTable::find(std::string_view service) const noexcept {
  const auto found = offers_.find(service);
  return found == offers_.end() ? nullptr : found->second.implementation;
}

void ServiceTable::remove_all(const CallbackScope& scope) {
  std::erase_if(offers_, [&](const auto& entry) { return entry.second.scope == &scope; });
}

}  // namespace sluice
