#pragma once

#include <string_view>

#include "requests.h"
#include "sluice/events.h"

namespace sluice::videoroom {

struct Context;
class Member;
class RoomTable;

/// Participants whose connection is lost, and their way back.
///
/// They stay for the time of grace (option `reconnect_grace_ms`), away but with all that is theirs. A new client of the
/// same user takes the seat by the reconnect token, `<participant id>.<secret>`, which is good for one time. It takes
/// it from a client, too, of which the gateway has not noticed yet that it is gone.
class Reconnect {
 public:
  Reconnect(Context& context, RoomTable& table) noexcept : context_{context}, table_{table} {}

  /// The client is gone: its participant is away where the connection broke, and leaves where somebody ended it.
  /// @param reason  As Events::on_disconnect tells it.
  void disconnected(Client& client, std::string_view reason);
  /// The event `reconnect:attempt`, of a client that is in no room. Throws NOT_FOUND where the token does not name a
  /// seat of this user, whatever the cause, and ADMISSION_DENIED where the user was banned meanwhile.
  void attempt(Client& client, const ReconnectAttempt& request, Reply reply);
  /// Who comes back from now on is told that the gateway is about to stop.
  void drain() noexcept { draining_ = true; }

 private:
  void wait_for(Member& member);
  [[nodiscard]] Member& find(const Client& client, std::string_view token) const;
  void take_from_other(Member& member);
  void welcome(Member& member);
  void count(std::string_view result);

  Context& context_;
  RoomTable& table_;
  bool draining_ = false;
};

/// What a client shows to come back; null where nobody waits for those who lose their connection.
[[nodiscard]] json::value reconnect_token(const Context& context, const Member& member);

}  // namespace sluice::videoroom
