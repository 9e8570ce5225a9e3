#pragma once

#include <array>
#include <bitset>

#include "sluice/config.h"
#include "sluice/contracts/rooms.h"

namespace sluice::videoroom {

/// The least role that may do a thing, in every room whose policy says nothing else; every role above it may, too.
/// Empty: nobody, the thing is switched off. One member per Permission, of the same name.
struct LeastRoles {
  LeastRole publish_audio = Role::attendee;
  LeastRole publish_video = Role::attendee;
  LeastRole share_screen = Role::attendee;
  LeastRole chat = Role::viewer;
  LeastRole chat_private = Role::viewer;
  LeastRole chat_announce = Role::co_host;
  LeastRole chat_moderate = Role::co_host;
  LeastRole upload_files = Role::attendee;
  LeastRole raise_hand = Role::viewer;
  LeastRole react = Role::viewer;
  LeastRole mute_others = Role::co_host;
  LeastRole remove_participant = Role::co_host;
  LeastRole add_participant = Role::host;
  LeastRole admit = Role::co_host;
  LeastRole change_role = Role::host;
  LeastRole spotlight = Role::co_host;
  LeastRole set_layout = Role::co_host;
  LeastRole record = Role::co_host;
  LeastRole stream = Role::co_host;
  LeastRole lock_room = Role::co_host;
  LeastRole close_room = Role::host;

  static Schema<LeastRoles> schema();
  [[nodiscard]] LeastRole of(Permission permission) const noexcept;
};

inline constexpr std::size_t kPermissions = static_cast<std::size_t>(Permission::close_room) + 1;
inline constexpr std::size_t kRoles = static_cast<std::size_t>(Role::viewer) + 1;

/// What one role may, a bit for each Permission.
using PermissionBits = std::bitset<kPermissions>;

/// What each role may do in one room: the configuration, and what the room's policy has instead. A view: lives as long
/// as both.
///
/// A viewer never sends, whatever they say: that is what makes it one.
class Permissions {
 public:
  Permissions(const LeastRoles& configured, const RoomPolicy& policy) noexcept
      : configured_{configured}, policy_{policy} {}

  [[nodiscard]] LeastRole least(Permission permission) const noexcept;
  [[nodiscard]] bool may(Role role, Permission permission) const noexcept;
  /// Throws PERMISSION_DENIED `{requiredRole, currentRole}`, or `{feature}` where nobody may.
  void demand(Role role, Permission permission) const;
  [[nodiscard]] PermissionBits bits(Role role) const noexcept;
  /// What the role may, for its client: a boolean per permission (`publishAudio`, ...), and in short `publish`
  /// (anything at all) and `moderate` (remove others).
  [[nodiscard]] json::object features(Role role) const;

 private:
  const LeastRoles& configured_;
  const RoomPolicy& policy_;
};

}  // namespace sluice::videoroom
