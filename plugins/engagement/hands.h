#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rate_limits.h"
#include "requests.h"
#include "sluice/contracts/rooms.h"
#include "sluice/timers.h"

namespace sluice::engagement {

struct Context;

/// A hand that is up.
struct Hand {
  std::string participant_id;
  WallTime at;
  std::size_t told_order;  ///< what the participant's attribute says

  /// `{participantId, at, order}`
  [[nodiscard]] json::object to_client(std::size_t order) const;
};

/// Who has raised a hand in which room, in which order.
///
/// The queue moves up when a hand goes down. Clients do that by themselves, from `hand:raised` and `hand:lowered`; the
/// participants' attributes, which late comers read, follow after a moment, for all at once.
class Hands {
 public:
  /// Most in one answer to `hand:list`.
  static constexpr std::size_t kPage = 200;
  /// How often one participant may raise its hand; to lower it is free.
  static constexpr RateLimits::Rate kRate{.per_second = 0.5, .burst = 5};

  explicit Hands(Context& context) noexcept : context_{context} {}

  /// -> `{order, at}`; raising it again changes nothing. Throws Error: permission_denied, limit_exceeded, rate_limited.
  [[nodiscard]] json::object raise(Participant& caller);
  /// Throws Error: permission_denied, not_found.
  void lower(Participant& caller, const LowerHand& request);
  /// -> `{hands, total}`
  [[nodiscard]] json::object list(Participant& caller, const ListHands& request) const;
  void listen();

 private:
  struct Queue {
    std::vector<Hand> hands;  // in order
    Timer renumbering;
  };

  [[nodiscard]] std::optional<std::size_t> index_of(const Room& room, std::string_view participant_id) const;
  void lower_one(Room& room, std::string_view participant_id, const json::value& by);
  void lower_all(Participant& caller);
  void lower_the_forbidden(Room& room);
  void renumber_soon(Room& room, Queue& queue);
  void renumber(Room& room);
  void record(Participant& caller, std::string_view target) const;

  Context& context_;
  RateLimits rates_;
  std::map<const Room*, Queue> queues_;  // of living rooms
};

}  // namespace sluice::engagement
