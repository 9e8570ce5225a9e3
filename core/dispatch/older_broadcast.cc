#include "core/dispatch/older_broadcast.h"

#include <algorithm>
#include <utility>

namespace sluice {

void OlderBroadcast::send(ClientSession& client) {
  const ProfileSession& session = *client.profile();
  if (const OutboundEvents* known = find(session)) return client.send_all(*known);
  OutboundEvents events = older_events(session.profile(), session.context(), event_);
  client.send_all(events);
  if (variants_.size() < kMaxVariants) {
    variants_.push_back({.profile = &session.profile(), .context = session.context(), .events = std::move(events)});
  }
}

const OutboundEvents* OlderBroadcast::find(const ProfileSession& session) const {
  const auto found = std::ranges::find_if(variants_, [&](const Variant& variant) {
    return variant.profile == &session.profile() && variant.context == session.context();
  });
  return found == variants_.end() ? nullptr : &found->events;
}

}  // namespace sluice
