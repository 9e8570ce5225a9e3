#pragma once

#include <memory>
#include <vector>

#include "core/dispatch/client_session.h"
#include "core/dispatch/profile_session.h"

namespace sluice {

/// One broadcast to those of its receivers that have a profile: mapped once for each profile and context, so that each
/// framing of it is written once, too. Lives as long as the broadcast.
class OlderBroadcast {
 public:
  explicit OlderBroadcast(std::shared_ptr<const OutboundEvent> event) noexcept : event_{std::move(event)} {}

  /// @param client  Has a profile.
  void send(ClientSession& client);

 private:
  /// Receivers of one room have one context. Beyond this an event is mapped for each client.
  static constexpr std::size_t kMaxVariants = 16;

  struct Variant {
    const Profile* profile;
    ProfileContext context;
    OutboundEvents events;
  };

  [[nodiscard]] const OutboundEvents* find(const ProfileSession& session) const;

  std::shared_ptr<const OutboundEvent> event_;  // owners: the broadcast, and each connection that sends it
  std::vector<Variant> variants_;
};

}  // namespace sluice
