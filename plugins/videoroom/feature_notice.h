#pragma once

#include <array>

#include "permissions.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;

/// Tells a room's participants what their role lets them do, when a change of the room's policy or of the
/// configuration has changed it.
class FeatureNotice {
 public:
  FeatureNotice(Context& context, LiveRoom& room);

  /// Something may have changed: who is affected gets `room:policy-changed {locked, features}`, and what may not be
  /// sent any more is closed.
  void update();
  /// The same, of `locked`, without a word: all were told otherwise.
  void lock_told(bool locked) noexcept { told_.locked = locked; }

 private:
  struct Told {
    bool locked = false;
    std::array<PermissionBits, kRoles> may{};  // by role
    friend bool operator==(const Told&, const Told&) = default;
  };
  [[nodiscard]] Told current() const;

  Context& context_;
  LiveRoom& room_;
  Told told_;
};

}  // namespace sluice::videoroom
