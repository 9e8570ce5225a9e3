#include "core/plugins/event_bus.h"

namespace sluice {

void EventBus::subscribe(std::shared_ptr<CallbackScope> scope, std::string_view topic, Bus::RawHandler handler) {
  topics_[std::string{topic}].push_back(
      std::make_shared<Subscriber>(Subscriber{std::move(scope), "bus " + std::string{topic}, std::move(handler)}));
}

void EventBus::publish(std::string_view topic, const void* event) {
  const auto found = topics_.find(topic);
  if (found == topics_.end()) return;
  const auto subscribers = found->second;  // handlers may subscribe and unsubscribe
  for (const auto& subscriber : subscribers) {
    subscriber->scope->call(subscriber->what, [&] { subscriber->handler(event); });
  }
}

void EventBus::remove_all(const CallbackScope& scope) {
  for (auto& [topic, subscribers] : topics_) {
    std::erase_if(subscribers, [&](const auto& subscriber) { return subscriber->scope.get() == &scope; });
  }
}

}  // namespace sluice
