#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "admitted_users.h"
#include "context.h"
#include "notices.h"
#include "waiting_list.h"

namespace sluice::waitingroom {

/// Why a wait ended without success.
struct Refusal {
  Outcome outcome;
  std::string reason;  ///< what `waitingroom:denied` says: the moderator's words, or the outcome's name
  Error error;         ///< what `room:denied` says

  /// By the outcome's own name.
  static Refusal of(Outcome outcome);
  /// A moderator said no; `words` may be empty.
  static Refusal by_moderator(const std::string& words);
};

/// The door of one room, whether the room is there already or not: who waits before it, and who need not any more.
class Door {
 public:
  /// Connections of one user that wait before one room; one more is refused.
  static constexpr int kWaitsPerUser = 3;
  /// Of those who were let in together, so many enter in one turn of the control thread: each entry is work.
  static constexpr std::size_t kEntriesPerTurn = 20;

  Door(Context& context, RoomKey key);

  /// The admission step. Throws Error{limit_exceeded}.
  void knock(JoinRequest& request, AdmissionTicket ticket);

  /// Those who may enter do so by and by, in their order. @return how many there are.
  std::size_t admit_all();
  /// @return whether somebody of that id waits.
  bool admit(const std::string& waiting_id);
  bool deny(const std::string& waiting_id, const Refusal& refusal);
  void deny_all(const Refusal& refusal);
  [[nodiscard]] Waiter* find(std::string_view waiting_id) noexcept { return list_.find(waiting_id); }
  [[nodiscard]] const WaitingList& list() const noexcept { return list_; }

  /// Something has changed by which some may wait no more, or all must go: looked at on the next turn, when whoever is
  /// changing it has finished.
  void review_soon();
  [[nodiscard]] AdmittedUsers& admitted() noexcept { return admitted_; }
  [[nodiscard]] Notices& notices() noexcept { return notices_; }
  /// Nobody waits, nothing is remembered of a room that is there, and nothing is left to be told.
  [[nodiscard]] bool idle() const {
    return list_.empty() && !notices_.pending() && (admitted_.empty() || room() == nullptr);
  }

 private:
  [[nodiscard]] Room* room() const { return context_.rooms.find(key_.tenant, key_.room_id); }
  [[nodiscard]] bool admitted_before(const JoinRequest& request, Room* room);
  /// What a guest whose id does not last shows to be known again; empty: nothing.
  [[nodiscard]] std::string pass_of(const JoinRequest& request) const;
  void check_bounds(const std::string& user_id) const;
  void hold(JoinRequest& request, AdmissionTicket ticket, bool host_present);
  void clear(Waiter& waiter);
  void let_cleared_in();
  void enter(const std::string& waiting_id);
  void abandoned(const std::string& waiting_id);
  void review();

  Context& context_;
  const RoomKey key_;
  WaitingList list_;
  AdmittedUsers admitted_;
  Notices notices_;
  Timer entering_;
  Timer review_;
};

}  // namespace sluice::waitingroom
