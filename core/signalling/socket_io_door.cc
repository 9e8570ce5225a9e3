#include "core/signalling/socket_io_door.h"

#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/signalling/engine_io_error.h"

namespace sluice {
namespace {

constexpr std::string_view kPath = "/socket.io";
constexpr std::string_view kEngineIoVersion = "4";
constexpr int kSidBits = 120;

/// The checks of the reference server, in its order. nullopt: the request may go on.
std::optional<EngineIoFailure> check(const net::HttpRequest& request, std::string_view transport) {
  const auto asked = request.query_value("transport");
  if (asked != "polling" && asked != "websocket") return EngineIoFailure::unknown_transport;
  const bool opens = !request.query_value("sid");
  if (opens && request.method != net::HttpMethod::get) return EngineIoFailure::bad_method;
  if (asked != transport) return EngineIoFailure::bad_request;
  if (opens && request.query_value("EIO") != kEngineIoVersion) return EngineIoFailure::unsupported_version;
  return std::nullopt;
}

net::HttpResponse too_many_sessions() {
  return net::HttpResponse::json(503, R"({"code":4,"message":"Too many sessions"})");
}

}  // namespace

/// The sessions by sid. Thread-safe.
class SocketIoDoor::Sessions {
 public:
  explicit Sessions(std::size_t max) : max_{max} {}

  [[nodiscard]] std::shared_ptr<SocketIoClient> find(std::string_view sid) const {
    const std::lock_guard lock{mutex_};
    const auto found = clients_.find(std::string{sid});
    return found != clients_.end() ? found->second : nullptr;
  }

  [[nodiscard]] bool full() const {
    const std::lock_guard lock{mutex_};
    return clients_.size() >= max_;
  }

  /// False: full.
  [[nodiscard]] bool add(const std::string& sid, std::shared_ptr<SocketIoClient> client) {
    const std::lock_guard lock{mutex_};
    if (clients_.size() >= max_) return false;
    clients_.emplace(sid, std::move(client));
    return true;
  }

  void erase(const std::string& sid) {
    std::shared_ptr<SocketIoClient> last;  // dies after the lock is free
    const std::lock_guard lock{mutex_};
    const auto found = clients_.find(sid);
    if (found == clients_.end()) return;
    last = std::move(found->second);
    clients_.erase(found);
  }

  [[nodiscard]] std::vector<std::shared_ptr<SocketIoClient>> due(Instant now) const {
    std::vector<std::shared_ptr<SocketIoClient>> clients;
    const std::lock_guard lock{mutex_};
    for (const auto& [sid, client] : clients_) {
      if (client->due(now)) clients.push_back(client);
    }
    return clients;
  }

  [[nodiscard]] std::vector<std::shared_ptr<SocketIoClient>> all() const { return due(Instant::max()); }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock{mutex_};
    return clients_.size();
  }

 private:
  std::size_t max_;
  mutable std::mutex mutex_;
  // Owners: this table until the session ends, and whoever works on it.
  std::unordered_map<std::string, std::shared_ptr<SocketIoClient>> clients_;
};

SocketIoDoor::SocketIoDoor(const SocketIoDoorOptions& options, ControlBridge& bridge, const Clock& clock,
                           FillRandom random)
    : clock_{clock},
      sessions_{std::make_shared<Sessions>(options.max_sessions)},
      house_{std::make_shared<const SocketIoHouse>(SocketIoHouse{
          .options = options,
          .bridge = bridge,
          .clock = clock,
          .random = std::move(random),
          .sessions = carriers_,
          .forget =
              [weak = std::weak_ptr{sessions_}](const std::string& sid) {
                if (const auto sessions = weak.lock()) sessions->erase(sid);
              },
      })} {}

SocketIoDoor::~SocketIoDoor() = default;

void SocketIoDoor::add_routes(net::HttpRouter& router) {
  router.add(net::HttpMethod::get, kPath, [this](const net::HttpRequest& request, net::HttpResponder responder) {
    handle_get(request, std::move(responder));
  });
  router.add(net::HttpMethod::post, kPath, [this](net::HttpRequest request, const net::HttpResponder& responder) {
    handle_post(std::move(request), responder);
  });
  router.add_web_socket(kPath, [this](const net::HttpRequest& request) { return decide(request); });
}

void SocketIoDoor::handle_get(const net::HttpRequest& request, net::HttpResponder responder) {
  if (const auto failure = check(request, "polling")) {
    responder.send(engine_io_error(*failure));
    return;
  }
  std::shared_ptr<SocketIoClient> client;
  if (const auto sid = request.query_value("sid")) {
    client = sessions_->find(*sid);
    if (!client) {
      responder.send(engine_io_error(EngineIoFailure::unknown_sid));
      return;
    }
  } else {
    const std::string fresh = random_token(house_->random, kSidBits);
    client = std::make_shared<SocketIoClient>(house_, fresh, EngineSession::Opening::polling, read_visitor(request));
    if (!sessions_->add(fresh, client)) {
      responder.send(too_many_sessions());
      return;
    }
  }
  client->handle_get(std::move(responder));
}

void SocketIoDoor::handle_post(net::HttpRequest request, const net::HttpResponder& responder) {
  if (const auto failure = check(request, "polling")) {
    responder.send(engine_io_error(*failure));
    return;
  }
  const auto client = sessions_->find(*request.query_value("sid"));
  if (!client) {
    responder.send(engine_io_error(EngineIoFailure::unknown_sid));
    return;
  }
  client->handle_post(std::move(request.body), responder);
}

net::AcceptDecision SocketIoDoor::decide(const net::HttpRequest& request) {
  if (const auto failure = check(request, "websocket")) return engine_io_error(*failure);
  if (const auto sid = request.query_value("sid")) {
    auto client = sessions_->find(*sid);
    if (!client) return engine_io_error(EngineIoFailure::unknown_sid);
    return net::WebSocketAccept{.on_open = [client](std::shared_ptr<net::WebSocketChannel> channel) {
      return client->open_probe(std::move(channel));
    }};
  }
  if (sessions_->full()) return too_many_sessions();
  return net::WebSocketAccept{
      .on_open = [this, visitor = read_visitor(request)](std::shared_ptr<net::WebSocketChannel> channel) {
        const std::string fresh = random_token(house_->random, kSidBits);
        auto client = std::make_shared<SocketIoClient>(house_, fresh, EngineSession::Opening::web_socket, visitor);
        if (!sessions_->add(fresh, client)) {
          channel->close(net::WebSocketClose::try_again_later, "too many sessions");
          return net::WebSocketHandlers{.on_text = [](const std::string&) {},
                                        .on_closed = [](net::WebSocketClose, const std::string&) {}};
        }
        return client->open_main(std::move(channel));
      }};
}

void SocketIoDoor::tick() {
  const Instant now = clock_.now();
  for (const auto& client : sessions_->due(now)) client->tick(now);
}

void SocketIoDoor::close_all() {
  for (const auto& client : sessions_->all()) client->close(CloseCode::going_away);
}

std::size_t SocketIoDoor::session_count() const { return sessions_->size(); }

}  // namespace sluice
