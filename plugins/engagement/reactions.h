#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "rate_limits.h"
#include "requests.h"
#include "sluice/contracts/rooms.h"
#include "sluice/timers.h"

namespace sluice::engagement {

struct Context;

/// Reactions: short, seen by all, kept by nobody.
///
/// One reaction in a room of a thousand is a thousand messages. So in each second a room is told as many one by one as
/// its size allows (`reaction_messages`); of the others it hears at the second's end how many there were.
class Reactions {
 public:
  explicit Reactions(Context& context) noexcept : context_{context} {}

  /// Throws Error: permission_denied, invalid_payload (not one of the set), rate_limited.
  void send(Participant& caller, const SendReaction& request);
  /// -> `{reactions}`, the set.
  [[nodiscard]] json::object list() const;
  void listen();

 private:
  /// One second of one room.
  struct Second {
    std::size_t told = 0;
    std::map<std::string, std::uint32_t> untold;  // by emoji: no more than the set has
    Timer end;
  };

  [[nodiscard]] const std::string& known(const std::string& emoji) const;
  void tell(Participant& caller, const std::string& emoji);
  void end_second(Room& room);

  Context& context_;
  RateLimits rates_;
  std::map<const Room*, Second> seconds_;  // of living rooms in which somebody has just reacted
};

}  // namespace sluice::engagement
