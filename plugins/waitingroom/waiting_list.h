#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sluice/contracts/admission.h"
#include "sluice/time.h"
#include "sluice/timers.h"

namespace sluice::waitingroom {

/// Somebody who waits before one room.
struct Waiter {
  std::string id;  ///< unguessable; names the wait, not the participant that it may become
  AdmissionTicket ticket;
  std::string user_id;
  std::string name;
  bool guest = false;
  WallTime since{};
  std::string pass{};  ///< by which a guest whose id does not last is known again; see AdmittedUsers
  Timer limit{};
  bool cleared = false;  ///< somebody has said yes; it enters when its turn comes

  /// What it was told last.
  struct Told {
    std::size_t position = 0;
    bool host_present = false;
    friend bool operator==(const Told&, const Told&) = default;
  };
  Told told{};

  /// nullptr: the client has gone.
  [[nodiscard]] Client* client() noexcept {
    JoinRequest* const request = ticket.request();
    return request == nullptr ? nullptr : &request->client;
  }
  /// What moderators see: `{participantId, name, userId, guest, since}`.
  [[nodiscard]] json::object summary() const;
};

/// Those who wait before one room, in the order in which they came.
class WaitingList {
 public:
  using InOrder = std::map<std::uint64_t, std::unique_ptr<Waiter>>;

  Waiter& add(Waiter waiter);
  /// nullptr if nobody of that id waits (any more).
  [[nodiscard]] Waiter* find(std::string_view id) noexcept;
  [[nodiscard]] std::unique_ptr<Waiter> take(std::string_view id);

  [[nodiscard]] const InOrder& in_order() const noexcept { return waiters_; }
  [[nodiscard]] std::size_t size() const noexcept { return waiters_.size(); }
  [[nodiscard]] bool empty() const noexcept { return waiters_.empty(); }
  /// How many of them are connections of this user.
  [[nodiscard]] std::size_t count_of(std::string_view user_id) const noexcept;
  /// Summaries of `limit` of them from the `offset`th on.
  [[nodiscard]] json::array page(std::size_t offset, std::size_t limit) const;

 private:
  std::uint64_t next_number_ = 0;
  InOrder waiters_;
  std::unordered_map<std::string, std::uint64_t> numbers_;  // waiter id to key of waiters_
};

}  // namespace sluice::waitingroom
