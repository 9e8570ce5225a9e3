#pragma once

#include <string>

#include "requests.h"
#include "sluice/json.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;

/// Whom a moderator shows to everybody in a room: at most one participant. Its media goes before all other in each
/// receiver's bandwidth, and is forwarded whoever speaks (LastN).
class Spotlight {
 public:
  Spotlight(const Context& context, LiveRoom& room) noexcept : context_{context}, room_{room} {}

  /// Participant id; empty: nobody.
  [[nodiscard]] const std::string& current() const noexcept { return current_; }
  /// The same for a client: null for nobody.
  [[nodiscard]] json::value to_client() const;

  /// The event `participant:spotlight`. Throws PERMISSION_DENIED, NOT_FOUND.
  void handle(Member& caller, const SpotlightParticipant& request);
  /// The member is about to leave the room, whose others are told.
  void left(const Member& member);

 private:
  void set(const std::string& participant_id, json::value by);

  const Context& context_;
  LiveRoom& room_;
  std::string current_;
};

}  // namespace sluice::videoroom
