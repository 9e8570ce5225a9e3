#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/clock.h"
#include "core/control/callback_scope.h"
#include "core/dispatch/client_session.h"
#include "core/dispatch/event_meter.h"
#include "core/dispatch/profile.h"
#include "core/signalling/door.h"
#include "sluice/events.h"
#include "sluice/result.h"

namespace sluice {

/// Verifies what a client shows: its identity, or why it may not come in.
using Authenticate = std::function<Result<Identity, Error>(const std::optional<std::string>& token)>;

class AliasAnswer;

/// Where client events meet the plugins' handlers. Knows every client and every event that somebody answers to.
/// Handlers see canonical names only: a client's profile is applied here, both ways.
/// @note Control thread only.
class Dispatcher final : public SignallingHandler {
 public:
  /// @param max_clients  One more is refused with LIMIT_EXCEEDED.
  Dispatcher(Authenticate authenticate, std::size_t max_clients, const Clock& clock, Log& log, Metrics& metrics,
             ProfileTable profiles = {});

  // SignallingHandler
  void on_connect(std::shared_ptr<Connection> connection, ConnectRequest request) override;
  void on_event(ConnectionId connection, std::string event, json::value data, std::optional<AckId> ack,
                Instant received) override;
  void on_disconnected(ConnectionId connection, DisconnectReason reason) override;

  /// Lets `scope`'s handler answer to `event`. Throws std::logic_error that names who answers to it already.
  void add(std::shared_ptr<CallbackScope> scope, std::string_view event, Events::RawHandler handler);
  void add_disconnect(std::shared_ptr<CallbackScope> scope, Events::DisconnectHandler handler);
  /// Destroys every handler of the scope.
  void remove_all(const CallbackScope& scope);
  void broadcast(std::span<Client* const> clients, std::string_view event, json::value data);
  /// See Events::find_clients.
  [[nodiscard]] std::vector<Client*> find_clients(Function<bool(const Identity&)> which) const;

  [[nodiscard]] std::size_t client_count() const noexcept { return clients_.size(); }
  /// All clients, in the order of their ids, which for those of one door is the order in which they came.
  [[nodiscard]] std::vector<const ClientSession*> clients() const;
  /// Null if there is none of that id.
  [[nodiscard]] ClientSession* find(ClientId id) noexcept;
  /// The name of the profile that the client chose; empty: the canonical names.
  [[nodiscard]] std::string_view profile_of(const ClientSession& client) const noexcept;
  /// The events that `scope` answers to, sorted.
  [[nodiscard]] std::vector<std::string> events_of(const CallbackScope& scope) const;
  /// Writes to the log which events of profiles nobody answers to: a mistyped name, or a plugin that is not loaded.
  void log_unanswered_aliases() const;
  /// Ends every connection: the gateway stops.
  void close_all(std::string_view reason);

 private:
  struct Handler {
    std::shared_ptr<CallbackScope> scope;
    Events::RawHandler callback;
  };
  struct DisconnectHandler {
    std::shared_ptr<CallbackScope> scope;
    Events::DisconnectHandler callback;
  };

  /// @param ack    What the client waits for; unused where `older` answers it.
  /// @param older  Answers an event that came by an older name, or nullptr.
  void dispatch(const std::shared_ptr<ClientSession>& client, const std::string& event, const json::value& data,
                std::optional<AckId> ack, std::shared_ptr<AliasAnswer> older, Instant received);
  void dispatch_older(const std::shared_ptr<ClientSession>& client, std::string event, json::value data,
                      std::optional<AckId> ack, Instant received);
  [[nodiscard]] Result<Identity, Error> admit(const ConnectRequest& request) const;
  void count_clients(DoorKind door, double change);

  Authenticate authenticate_;
  std::size_t max_clients_;
  const Clock& clock_;
  Log& log_;
  Metrics& metrics_;
  EventMeter meter_;
  ProfileTable profiles_;
  // Owners: this table, and each Reply on its way, which must be able to find the client gone.
  std::unordered_map<ConnectionId, std::shared_ptr<ClientSession>> clients_;
  // Owners: this table, and the dispatch that runs while a handler removes itself.
  std::map<std::string, std::shared_ptr<Handler>, std::less<>> handlers_;
  std::vector<std::shared_ptr<DisconnectHandler>> disconnect_handlers_;
};

}  // namespace sluice
