#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "requests.h"
#include "sluice/contracts/rooms.h"
#include "sluice/timers.h"

namespace sluice::engagement {

struct Context;

/// How a room is to be shown: one layout for all, and one that each chooses for itself. The gateway only remembers
/// them.
class Layouts {
 public:
  explicit Layouts(Context& context) noexcept : context_{context} {}

  /// Throws Error{permission_denied}.
  void update(Participant& caller, const UpdateLayout& request);
  void listen();

 private:
  struct Chosen {
    Layout layout;
    std::string by;  ///< participant's id
  };
  /// Somebody to be told what holds.
  struct Newcomer {
    std::string tenant;
    std::string room_id;
    std::string participant_id;
  };

  void tell_soon(Participant& participant);
  void tell_newcomers();

  Context& context_;
  std::map<const Room*, Chosen> rooms_;             // of living rooms
  std::unordered_map<std::string, Layout> selves_;  // by participant id
  std::vector<Newcomer> newcomers_;
  Timer telling_;
};

}  // namespace sluice::engagement
