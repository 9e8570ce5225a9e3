#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/dispatch/profile_session.h"
#include "core/signalling/door.h"
#include "sluice/client.h"
#include "sluice/time.h"

namespace sluice {

/// A connected client, as the control thread knows it.
class ClientSession final : public Client {
 public:
  /// @param profile  What the client chose, or nullptr: it knows the canonical names.
  ClientSession(std::shared_ptr<Connection> connection, const ConnectRequest& request, Identity identity,
                const Profile* profile, WallTime now);

  [[nodiscard]] ClientId id() const noexcept override { return ClientId{connection_->id().value()}; }
  [[nodiscard]] const Identity& identity() const noexcept override { return identity_; }
  [[nodiscard]] const std::string& remote_address() const noexcept override { return remote_address_; }
  [[nodiscard]] const std::string& user_agent() const noexcept override { return user_agent_; }
  void send(std::string_view event, json::value data) override;
  void disconnect(ErrorCode code, std::string_view reason) override;

  [[nodiscard]] Connection& connection() noexcept { return *connection_; }
  [[nodiscard]] DoorKind door() const noexcept { return door_; }
  [[nodiscard]] WallTime connected_at() const noexcept { return connected_at_; }
  /// nullptr: it knows the canonical names.
  [[nodiscard]] ProfileSession* profile() noexcept { return profile_ ? &*profile_ : nullptr; }
  [[nodiscard]] const ProfileSession* profile() const noexcept { return profile_ ? &*profile_ : nullptr; }
  /// Sends events as they are.
  void send_all(const OutboundEvents& events);

 private:
  // Owners: the door's session, and this one.
  std::shared_ptr<Connection> connection_;
  Identity identity_;
  std::string remote_address_;
  std::string user_agent_;
  DoorKind door_;
  WallTime connected_at_;
  std::optional<ProfileSession> profile_;
};

}  // namespace sluice
