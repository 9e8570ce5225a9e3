#pragma once

#include <map>
#include <memory>
#include <string_view>

#include "context.h"
#include "door.h"
#include "sluice/contracts/admission.h"

namespace sluice::waitingroom {

/// The doors of all rooms that somebody waits for or has been let into, and what rooms tell them.
class Doors {
 public:
  explicit Doors(Context& context) noexcept : context_{context} {}

  /// The admission step.
  void knock(JoinRequest& request, AdmissionTicket ticket);
  /// nullptr where nobody waits and nothing is remembered.
  [[nodiscard]] Door* find(Room& room) noexcept { return find(room.tenant(), room.id()); }
  void deny_everybody(Outcome outcome);
  /// The options have changed.
  void review_all();
  void listen();

 private:
  [[nodiscard]] Door* find(std::string_view tenant, std::string_view room_id) noexcept;
  [[nodiscard]] Door& make(const std::string& tenant, const std::string& room_id);
  void policy_changed(Room& room);
  void joined(Participant& participant);
  void left(Participant& participant, std::string_view reason);
  void updated(Participant& participant);
  void room_is_over(std::string_view tenant, std::string_view room_id);
  void sweep();

  Context& context_;
  std::map<RoomKey, std::unique_ptr<Door>> doors_;
  Timer sweep_;
};

}  // namespace sluice::waitingroom
