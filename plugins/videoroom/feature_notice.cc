#include "feature_notice.h"

#include <utility>
#include <vector>

#include "context.h"
#include "live_room.h"

namespace sluice::videoroom {

FeatureNotice::FeatureNotice(Context& context, LiveRoom& room) : context_{context}, room_{room}, told_{current()} {}

FeatureNotice::Told FeatureNotice::current() const {
  Told out{.locked = room_.policy().locked};
  for (std::size_t role = 0; role < kRoles; ++role) out.may[role] = room_.permissions().bits(static_cast<Role>(role));
  return out;
}

// One serialisation per role: a large room has thousands of attendees, and five roles.
void FeatureNotice::update() {
  const Told before = std::exchange(told_, current());
  if (before == told_) return;
  std::array<std::vector<Client*>, kRoles> clients;
  for (Member* member : room_.members()) {
    if (Client* client = member->client()) clients[static_cast<std::size_t>(member->role())].push_back(client);
  }
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (clients[role].empty()) continue;
    if (before.locked == told_.locked && before.may[role] == told_.may[role]) continue;
    json::object data{{"locked", told_.locked}, {"features", room_.permissions().features(static_cast<Role>(role))}};
    context_.host.events().broadcast(clients[role], "room:policy-changed", std::move(data));
  }
  for (Member* member : room_.members()) member->media().publications.close_forbidden();
}

}  // namespace sluice::videoroom
