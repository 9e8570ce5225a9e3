#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "context.h"
#include "responder.h"
#include "sluice/events.h"
#include "sluice/http.h"
#include "sluice/timers.h"

namespace sluice::whip {

class SessionTable;

/// One publisher or player: a client of the gateway that this plugin brings in, and whose events it speaks in place of
/// somebody who knows HTTP alone.
///
/// opening: `room:join`, which a waiting room may hold, then `sdp:offer`; the POST is answered at the end of it, well
/// or badly. Then open, until the client deletes it, is removed, or loses its media path for too long.
class Session {
 public:
  /// Brings the client in and starts to open. Throws what the gateway refuses it with; after that `reply` is the
  /// session's.
  Session(Context& context, SessionTable& table, std::string id, Door door, const HttpRequest& request,
          Responder& reply);

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] Door door() const noexcept { return door_; }
  [[nodiscard]] const std::string& room() const noexcept { return room_; }
  [[nodiscard]] const std::string& participant_id() const noexcept { return participant_id_; }
  /// Without the port.
  [[nodiscard]] const std::string& address() const noexcept { return address_; }

  /// The session's URL is what lets somebody in; one made with a token wants its user, too. Throws
  /// Error{permission_denied}, and Error{not_found} in another tenant.
  void check_caller(const Identity& caller) const;
  /// A fragment, RFC 9725 section 4.3: trickled candidates or an ICE restart. Throws Refusal.
  void patch(const HttpRequest& request, Responder& reply);
  /// Tells the room that the client leaves by its own will. The session must be ended after that.
  void leave();

  /// For the admin API; no id, which would let its reader in.
  [[nodiscard]] json::object report() const;

 private:
  enum class State : std::uint8_t { joining, held, negotiating, connecting, connected, disconnected };

  /// The callback, or nothing once the session is gone.
  template <class F>
  [[nodiscard]] auto guard(F callback) const {
    return [watch = std::weak_ptr<const char>{alive_}, callback = std::move(callback)](auto&&... args) mutable {
      if (!watch.expired()) callback(std::forward<decltype(args)>(args)...);
    };
  }
  void join(const HttpRequest& request);
  void joined(const json::value& data);
  void answered(const json::value& data);
  void created(std::string_view sdp);
  void patched(const json::value& data, Responder& reply);
  void handle(std::string_view event, const json::value& data);
  void unmute(const json::value& data);
  void handle_transport(std::string_view event);
  void end_after(Duration wait, std::string_view reason);
  /// Ends the session; while it opens, the POST is answered with the error.
  void end(std::string_view reason, const Error& error);

  Context& context_;
  SessionTable& table_;
  const std::string id_;
  const Door door_;
  const std::string room_;
  const Identity identity_;
  const std::string address_;
  const Instant since_;
  State state_ = State::joining;
  std::string offer_;           // while it opens
  std::string play_only_;       // a participant's id; empty: everybody
  std::string participant_id_;  // ours
  std::string entity_tag_;
  std::optional<Responder> opening_;
  Timer deadline_;
  // One owner; callbacks watch it: the client outlives the session while it takes its leave.
  std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
  std::unique_ptr<LocalClient> client_;
};

}  // namespace sluice::whip
