#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/control/callback_scope.h"
#include "core/control/control_loop.h"
#include "core/signalling/door.h"
#include "sluice/events.h"

namespace sluice {

/// Calls of one local client that wait for their answers; one more is answered RATE_LIMITED at once.
inline constexpr std::size_t kMaxLocalCalls = 256;

/// The connection of a client that a plugin brings in: there is no wire, the plugin is the client.
///
/// Both ways go through the control loop's queue, in order, so that neither the plugin nor who answers it is ever
/// called back from inside its own call. What is the plugin's (its callbacks, its waiting answers) is destroyed as soon
/// as the connection ends or the plugin lets go of it, and never later; one that runs just then lives until it returns.
///
/// @note Control thread only. Held by shared_ptr: the owners are the plugin's LocalClient, the dispatcher, and what
/// waits in the queue.
class LocalConnection final : public Connection, public std::enable_shared_from_this<LocalConnection> {
 public:
  LocalConnection(ConnectionId id, std::shared_ptr<CallbackScope> scope, LocalClientOptions options,
                  SignallingHandler& handler, ControlLoop& loop);

  // Connection
  [[nodiscard]] ConnectionId id() const noexcept override { return id_; }
  void accept() override {}
  void refuse(const Error& error) override { refusal_ = error; }
  void send_event(std::shared_ptr<const OutboundEvent> event) override;
  void send_ack(const AckId& ack, const json::value& data) override;
  void send_ack(const AckId& ack, const Error& error) override;
  void send_error_event(std::string_view event, const Error& error) override;
  void close(CloseCode code, std::string reason) override;
  void disconnect(ErrorCode code, std::string_view reason) override;

  /// Why the dispatcher did not take it.
  [[nodiscard]] const std::optional<Error>& refusal() const noexcept { return refusal_; }
  [[nodiscard]] const CallbackScope& scope() const noexcept { return *scope_; }
  void call(std::string_view event, json::value data, LocalClient::Answer answer);
  /// The plugin ends the connection, or is gone itself: it hears nothing any more.
  void leave();

 private:
  struct Callbacks;

  void run_answer(std::int64_t number, json::value data, const Error* error);
  void closed(ErrorCode code, const std::string& reason);

  const ConnectionId id_;
  // Owners: the plugin's host, and whatever waits to call back into the plugin.
  const std::shared_ptr<CallbackScope> scope_;
  SignallingHandler& handler_;
  ControlLoop& loop_;
  // Owners: this connection while it is open, and the callback that runs now.
  std::shared_ptr<Callbacks> callbacks_;
  std::map<std::int64_t, LocalClient::Answer> answers_;
  std::int64_t last_call_ = 0;
  std::optional<Error> refusal_;
};

}  // namespace sluice
