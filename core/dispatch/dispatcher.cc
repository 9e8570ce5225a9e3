#include "core/dispatch/dispatcher.h"

#include <algorithm>
#include <stdexcept>

#include "core/control/client_error.h"
#include "core/dispatch/alias_answer.h"
#include "core/dispatch/older_broadcast.h"

namespace sluice {

namespace {

// Delivers one answer to the connection that asked, by its ack id, or an error event where there is none.
class ConnectionReply final : public Reply::Sink {
 public:
  /// How long the answer took, and under which name that is counted.
  struct Measure {
    EventMeter& meter;
    const Clock& clock;
    std::string event;
    Instant received;
  };

  ConnectionReply(std::weak_ptr<ClientSession> client, std::string event, std::optional<AckId> ack,
                  std::shared_ptr<AliasAnswer> older, Measure measure, Log& log)
      : client_{std::move(client)},
        event_{std::move(event)},
        ack_{std::move(ack)},
        older_{std::move(older)},
        measure_{std::move(measure)},
        log_{log} {}

  void ok(json::value data) override {
    answered_ = true;
    measure_.meter.succeeded(measure_.event, measure_.clock.now() - measure_.received);
    const auto client = client_.lock();
    if (client == nullptr) return;
    if (older_ != nullptr) return older_->ok(*client, data);
    if (ack_) client->connection().send_ack(*ack_, data);
  }

  void fail(const Error& error) override {
    if (std::exchange(answered_, true)) return;
    measure_.meter.failed(measure_.event, error.code(), measure_.clock.now() - measure_.received);
    const auto client = client_.lock();
    if (client == nullptr) return;
    if (older_ != nullptr) return older_->fail(*client, error);
    if (ack_) return client->connection().send_ack(*ack_, error);
    client->connection().send_error_event(event_, error);
  }

  void abandoned() override {
    if (handler_runs_) return;  // it may be on its way out with an exception, which is the better answer
    log_.error("a handler gave no answer", {{"event", event_}, {"client", client_id()}});
    fail(Error{ErrorCode::internal, "the handler gave no answer"});
  }

  void completed_twice() override {
    log_.error("a handler answered twice", {{"event", event_}, {"client", client_id()}});
  }

  void handler_returned(const std::shared_ptr<Sink>& self) {
    handler_runs_ = false;
    // Only this dispatch is left: the handler dropped its Reply.
    if (!answered_ && self.use_count() == 1) abandoned();
  }

 private:
  // 0: it is gone.
  [[nodiscard]] std::uint64_t client_id() const {
    const auto client = client_.lock();
    return client == nullptr ? 0 : client->id().value();
  }

  std::weak_ptr<ClientSession> client_;
  std::string event_;
  std::optional<AckId> ack_;
  // Owners: the replies to all canonical events that one event of the client stands for. Null without an alias.
  std::shared_ptr<AliasAnswer> older_;
  Measure measure_;
  Log& log_;
  bool answered_ = false;
  bool handler_runs_ = true;
};

}  // namespace

Dispatcher::Dispatcher(Authenticate authenticate, std::size_t max_clients, const Clock& clock, Log& log,
                       Metrics& metrics, ProfileTable profiles)
    : authenticate_{std::move(authenticate)},
      max_clients_{max_clients},
      clock_{clock},
      log_{log},
      metrics_{metrics},
      meter_{metrics},
      profiles_{std::move(profiles)} {
  for (const DoorKind door : {DoorKind::socket_io, DoorKind::web_socket, DoorKind::plugin}) count_clients(door, 0);
}

Result<Identity, Error> Dispatcher::admit(const ConnectRequest& request) const {
  if (clients_.size() >= max_clients_) {
    return Error{ErrorCode::limit_exceeded, "the gateway holds as many clients as it may", {{"limit", max_clients_}}};
  }
  if (request.identity) return *request.identity;
  return authenticate_(request.token);
}

void Dispatcher::on_connect(std::shared_ptr<Connection> connection, ConnectRequest request) {
  const Result<Identity, Error> identity = admit(request);
  // Who may not come in is not told which profiles there are.
  const Result<const Profile*, Error> profile = identity ? profiles_.choose(request) : identity.error();
  if (!profile) {
    log_.info("client refused", {{"remote", request.remote.to_string()}, {"code", to_string(profile.error().code())}});
    metrics_.counter("connects_total", "Clients that asked to connect.", {{"result", "refused"}}).add();
    return connection->refuse(profile.error());
  }
  const ConnectionId id = connection->id();
  auto client = std::make_shared<ClientSession>(connection, request, *identity, *profile, clock_.wall_time());
  log_.debug("client connected", {{"client", id.value()},
                                  {"door", to_string(request.door)},
                                  {"remote", client->remote_address()},
                                  {"user", client->identity().user_id}});
  metrics_.counter("connects_total", "Clients that asked to connect.", {{"result", "accepted"}}).add();
  clients_.emplace(id, std::move(client));
  count_clients(request.door, 1);
  connection->accept();
}

void Dispatcher::on_event(ConnectionId connection, std::string event, json::value data, std::optional<AckId> ack,
                          Instant received) {
  const auto client = clients_.find(connection);
  if (client == clients_.end()) return;
  if (data.is_null()) data = json::object{};  // `socket.emit("room:leave")` sends none
  if (client->second->profile() != nullptr) {
    return dispatch_older(client->second, std::move(event), std::move(data), std::move(ack), received);
  }
  dispatch(client->second, event, data, std::move(ack), nullptr, received);
}

void Dispatcher::dispatch_older(const std::shared_ptr<ClientSession>& client, std::string event, json::value data,
                                std::optional<AckId> ack, Instant received) {
  const std::shared_ptr<ClientSession> keep = client;
  ProfileSession& session = *keep->profile();
  const Profile::Alias* alias = session.profile().alias(event);
  std::shared_ptr<AliasAnswer> older;
  if (alias != nullptr) older = std::make_shared<AliasAnswer>(*alias, event, std::exchange(ack, {}), data);
  const auto calls = session.translate(alias, std::move(event), std::move(data));
  if (calls.empty()) return older->ok(*keep, json::object{});  // it was an announcement
  if (older != nullptr) older->expect(calls.size());
  for (const ProfileSession::Call& call : calls) dispatch(keep, call.event, call.data, ack, older, received);
}

void Dispatcher::dispatch(const std::shared_ptr<ClientSession>& client, const std::string& event,
                          const json::value& data, std::optional<AckId> ack, std::shared_ptr<AliasAnswer> older,
                          Instant received) {
  const std::shared_ptr<ClientSession> keep = client;
  std::shared_ptr<Reply::Sink> sink;
  const auto found = handlers_.find(event);
  const bool known = found != handlers_.end();
  ConnectionReply::Measure measure{meter_, clock_, known ? event : std::string{EventMeter::kUnknown}, received};
  auto answer =
      std::make_shared<ConnectionReply>(client, event, std::move(ack), std::move(older), std::move(measure), log_);
  ConnectionReply& reply = *answer;
  sink = std::move(answer);
  if (!known) {
    return reply.fail(Error{ErrorCode::unknown_event, "no loaded plugin answers to '" + event.substr(0, 64) + "'"});
  }
  const std::shared_ptr<Handler> handler = found->second;
  const std::string what = "event " + event;
  const std::exception_ptr thrown = handler->scope->run(what, [&] { handler->callback(*keep, data, Reply{sink}); });
  if (thrown) {
    const Error error = client_error(thrown);
    if (error.code() == ErrorCode::internal) handler->scope->log_exception(what, thrown);
    reply.fail(error);
  }
  reply.handler_returned(sink);
}

void Dispatcher::on_disconnected(ConnectionId connection, DisconnectReason reason) {
  const auto found = clients_.find(connection);
  if (found == clients_.end()) return;
  const std::shared_ptr<ClientSession> client = std::move(found->second);
  clients_.erase(found);
  count_clients(client->door(), -1);
  metrics_.counter("disconnects_total", "Clients that are gone, by why.", {{"reason", std::string{to_string(reason)}}})
      .add();
  log_.debug("client disconnected", {{"client", connection.value()}, {"reason", to_string(reason)}});
  const auto handlers = disconnect_handlers_;  // a handler may stop a plugin
  for (const auto& handler : handlers) {
    handler->scope->call("disconnect", [&] { handler->callback(*client, to_string(reason)); });
  }
}

void Dispatcher::add(std::shared_ptr<CallbackScope> scope, std::string_view event, Events::RawHandler handler) {
  if (const auto found = handlers_.find(event); found != handlers_.end()) {
    throw std::logic_error{"plugin '" + found->second->scope->name() + "' answers to the event '" + std::string{event} +
                           "' already"};
  }
  handlers_.emplace(event, std::make_shared<Handler>(Handler{std::move(scope), std::move(handler)}));
}

void Dispatcher::add_disconnect(std::shared_ptr<CallbackScope> scope, Events::DisconnectHandler handler) {
  disconnect_handlers_.push_back(
      std::make_shared<DisconnectHandler>(DisconnectHandler{std::move(scope), std::move(handler)}));
}

void Dispatcher::remove_all(const CallbackScope& scope) {
  std::erase_if(handlers_, [&](const auto& entry) { return entry.second->scope.get() == &scope; });
  std::erase_if(disconnect_handlers_, [&](const auto& handler) { return handler->scope.get() == &scope; });
}

void Dispatcher::broadcast(std::span<Client* const> clients, std::string_view event, json::value data) {
  const auto shared = std::make_shared<const OutboundEvent>(std::string{event}, std::move(data));
  OlderBroadcast older{shared};
  for (Client* client : clients) {
    // Every Client is a ClientSession: there is no other way to come by one.
    auto& session = static_cast<ClientSession&>(*client);
    session.profile() == nullptr ? session.connection().send_event(shared) : older.send(session);
  }
}

std::vector<Client*> Dispatcher::find_clients(Function<bool(const Identity&)> which) const {
  std::vector<Client*> out;
  for (const auto& [id, client] : clients_) {
    if (which(client->identity())) out.push_back(client.get());
  }
  return out;
}

std::vector<const ClientSession*> Dispatcher::clients() const {
  std::vector<const ClientSession*> out;
  out.reserve(clients_.size());
  for (const auto& [id, client] : clients_) out.push_back(client.get());
  std::ranges::sort(out, {}, [](const ClientSession* client) { return client->id(); });
  return out;
}

ClientSession* Dispatcher::find(ClientId id) noexcept {
  const auto found = clients_.find(ConnectionId{id.value()});
  return found == clients_.end() ? nullptr : found->second.get();
}

std::string_view Dispatcher::profile_of(const ClientSession& client) const noexcept {
  if (client.profile() == nullptr) return {};
  for (const auto& [name, profile] : profiles_.profiles()) {
    if (&profile == &client.profile()->profile()) return name;
  }
  return {};
}

void Dispatcher::log_unanswered_aliases() const {
  for (const auto& [name, profile] : profiles_.profiles()) {
    std::string events;
    for (const std::string& target : profile.targets()) {
      if (!handlers_.contains(target)) events += (events.empty() ? "" : ", ") + target;
    }
    if (events.empty()) continue;
    log_.info("a profile has aliases of events that nobody answers to", {{"profile", name}, {"events", events}});
  }
}

std::vector<std::string> Dispatcher::events_of(const CallbackScope& scope) const {
  std::vector<std::string> names;
  for (const auto& [name, handler] : handlers_) {
    if (handler->scope.get() == &scope) names.push_back(name);
  }
  return names;
}

void Dispatcher::close_all(std::string_view reason) {
  for (const auto& [id, client] : clients_) client->connection().close(CloseCode::going_away, std::string{reason});
}

void Dispatcher::count_clients(DoorKind door, double change) {
  metrics_.gauge("clients", "Clients that are connected now.", {{"door", std::string{to_string(door)}}}).add(change);
}

}  // namespace sluice
