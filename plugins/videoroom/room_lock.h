#pragma once

#include <memory>

#include "sluice/contracts/admission.h"

namespace sluice::videoroom {

class RoomTable;

/// The door of a locked room, as a step of the admission chain. It stands behind those that find out who somebody is
/// and what its role will be (by convention 100 and 200), and before those who let people wait: who waited before the
/// lock may be let in after.
class RoomLock {
 public:
  static constexpr int kOrder = 250;

  /// Both outlive it.
  RoomLock(RoomTable& table, Admission& admission);

 private:
  std::unique_ptr<Admission::Registration> step_;
};

}  // namespace sluice::videoroom
