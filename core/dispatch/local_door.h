#pragma once

#include <map>
#include <memory>

#include "core/control/callback_scope.h"
#include "core/control/control_loop.h"
#include "core/dispatch/local_connection.h"
#include "core/signalling/door.h"
#include "sluice/events.h"

namespace sluice {

/// The door through which plugins bring clients in: WHIP, WHEP, bridges. To the dispatcher it is a door like the
/// others.
/// @note Control thread only. Outlives the plugins; the handler and the loop outlive it.
class LocalDoor {
 public:
  /// Connection ids of this door begin here, where those of the other doors, which count from 1, never arrive. It is
  /// small enough to be exact as a number in JSON.
  static constexpr std::uint64_t kFirstId = std::uint64_t{1} << 52;

  LocalDoor(SignallingHandler& handler, ControlLoop& loop) : handler_{handler}, loop_{loop} {}

  /// Brings in a client whose callbacks run in `scope`. Throws Error{draining}, or what the handler refuses it with.
  [[nodiscard]] std::unique_ptr<LocalClient> connect(std::shared_ptr<CallbackScope> scope, LocalClientOptions options);
  /// Disconnects every client of the scope; none of its callbacks is left.
  void remove_all(const CallbackScope& scope);
  /// Lets nobody in any more.
  void drain() noexcept { draining_ = true; }

 private:
  static constexpr std::size_t kForgetAtLeast = 64;

  void forget_ended();

  SignallingHandler& handler_;
  ControlLoop& loop_;
  std::map<ConnectionId, std::weak_ptr<LocalConnection>> connections_;
  std::size_t forget_at_ = kForgetAtLeast;
  std::uint64_t next_id_ = kFirstId;
  bool draining_ = false;
};

}  // namespace sluice
