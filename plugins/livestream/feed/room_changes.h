#pragma once

#include <memory>
#include <vector>

#include "sluice/bus.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/contracts/rooms.h"

namespace sluice::livestream {

/// What is known of a room since it was looked at last.
struct RoomChange {
  const Room* room = nullptr;
  bool changed = false;  ///< its participants, their tracks, who speaks
  bool closed = false;   ///< the reference to it is not valid any more
};

/// Marks the rooms that change, for whoever looks at them later: many changes are looked at once, and none while the
/// one that publishes them is in the middle of it.
/// @note Control thread only.
class RoomChanges {
 public:
  /// Once for each bus: it takes no handler back.
  void subscribe(Bus& bus);
  /// Marked from now on, as long as somebody holds it.
  [[nodiscard]] std::shared_ptr<RoomChange> watch(const Room& room);

 private:
  // Owners: who watches, and weakly this.
  using Watched = std::vector<std::weak_ptr<RoomChange>>;

  template <class Event>
  void mark_on(Bus& bus);

  const Bus* bus_ = nullptr;
  // Owners: this, and weakly the handlers on the bus, which outlive it.
  std::shared_ptr<Watched> watched_ = std::make_shared<Watched>();
};

}  // namespace sluice::livestream
