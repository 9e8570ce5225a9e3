#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <stdexcept>
#include <utility>

#include "tests/load/doors/door.h"
#include "tests/load/doors/ortc_parameters.h"
#include "tests/load/doors/web_socket_client.h"

// The gateway's plain WebSocket, docs/protocol.md.
namespace sluice::load {
namespace {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(const DoorServices& services, Participant participant)
      : services_{services},
        participant_{std::move(participant)},
        socket_{services.executor},
        timer_{services.executor} {}

  asio::awaitable<void> run() {
    try {
      co_await enter();
      services_.joined();
      if (services_.restart_interval > Duration::zero()) spawn(restart_ice());
      for (;;) {
        co_await consume_pending();
        take_message(co_await socket_.receive());
      }
    } catch (const std::exception& error) {
      if (!stopping_) services_.failed(participant_, error.what());
    }
  }

  void stop() {
    stopping_ = true;
    timer_.cancel();
    socket_.close();
  }

 private:
  asio::awaitable<void> enter() {
    started_ = std::chrono::steady_clock::now();
    co_await socket_.connect(services_.server, "");
    json::object join{{"roomId", participant_.room}, {"name", "load " + std::to_string(participant_.number)}};
    const json::value stay = co_await request("room:join", std::move(join));
    if (!participant_.tracks.empty()) co_await publish();
    if (!participant_.subscribes) co_return;
    co_await open_receiving_transport(stay);
    for (const json::value& producer : stay.at("producers").as_array()) note_producer(producer);
    co_await consume_pending();
  }

  asio::awaitable<void> publish() {
    const json::value transport = co_await create_transport("send");
    std::vector<OfferedTrack> offers;
    PeerOrder order = order_for(transport);
    for (std::size_t i = 0; i < participant_.tracks.size(); ++i) {
      offers.push_back(offer_track(participant_.tracks[i], std::to_string(i), services_.identities));
      order.streams.insert(order.streams.end(), offers.back().streams.begin(), offers.back().streams.end());
    }
    // Produced before the media flows, so that no packet meets a transport that does not know its stream.
    co_await connect_transport(transport);
    for (std::size_t i = 0; i < offers.size(); ++i) {
      const bool video = participant_.tracks[i].kind == MediaKind::video;
      json::object produce{{"transportId", transport.at("id")},
                           {"kind", video ? "video" : "audio"},
                           {"source", video ? "webcam" : "mic"},
                           {"rtpParameters", to_json(offers[i].parameters)}};
      co_await request("produce", std::move(produce));
    }
    services_.open_peer(std::move(order));
  }

  asio::awaitable<void> open_receiving_transport(const json::value& stay) {
    capabilities_ =
        to_json(receiving_capabilities(from_json<RtpCapabilities>(stay.at("rtpCapabilities")), services_.extensions));
    const json::value transport = co_await create_transport("recv");
    receiving_ = transport.at("id");
    PeerOrder order = order_for(transport);
    order.subscribes = true;
    services_.open_peer(std::move(order));
    co_await connect_transport(transport);
  }

  asio::awaitable<json::value> create_transport(const char* direction) {
    json::object create{{"direction", direction}};
    co_return co_await request("transport:create", std::move(create));
  }

  asio::awaitable<void> connect_transport(const json::value& transport) {
    const Fingerprint& own = services_.own_fingerprint;
    const DtlsParameters dtls{DtlsRole::client,
                              {DtlsFingerprint{std::string{to_string(own.algorithm())}, own.value()}}};
    json::object connect{{"transportId", transport.at("id")}, {"dtlsParameters", to_json(dtls)}};
    co_await request("transport:connect", std::move(connect));
  }

  PeerOrder order_for(const json::value& transport) {
    PeerOrder order;
    order.remote = remote_end(transport);
    order.local = services_.identities.credentials();
    order.join_started = started_;
    order.seed = services_.identities.number();
    order.number = services_.identities.number();
    transports_.push_back({.id = transport.at("id"), .peer = order.number});
    return order;
  }

  /// From time to time, each transport. The answers come between others: take_message().
  asio::awaitable<void> restart_ice() {
    boost::system::error_code ended;
    for (;;) {
      timer_.expires_after(services_.restart_interval);
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
      if (stopping_) co_return;
      for (const OwnTransport& transport : transports_) {
        restarts_[++last_id_] = transport.peer;
        json::object data{{"transportId", transport.id}};
        post(last_id_, "transport:restart-ice", std::move(data));
      }
    }
  }

  void take_message(const std::string& text) {
    if (restarts_.empty() || text.find("\"ok\"") == std::string::npos) return take_event(text);
    const json::value message = json::parse(text);
    const json::object& fields = message.as_object();
    if (!fields.contains("id") || !take_restarted(fields)) take_event(text);
  }

  /// @return whether it is the answer to a restart.
  bool take_restarted(const json::object& answer) {
    const auto asked = restarts_.extract(answer.at("id").to_number<std::uint64_t>());
    if (asked.empty()) return false;
    if (!answer.at("ok").as_bool()) {
      services_.failed(participant_, "transport:restart-ice: " + json::serialize(answer.at("error")));
      return true;
    }
    const auto told = from_json<IceParameters>(answer.at("data").at("iceParameters"));
    services_.restart_ice({.peer = asked.mapped(),
                           .local = services_.identities.credentials(),
                           .remote = {told.username_fragment, told.password}});
    return true;
  }

  asio::awaitable<void> consume_pending() {
    while (!pending_.empty()) {
      json::object consume{
          {"transportId", receiving_}, {"producerId", std::move(pending_.front())}, {"rtpCapabilities", capabilities_}};
      pending_.pop_front();
      co_await request("consume", std::move(consume));
    }
  }

  void note_producer(const json::value& producer) { pending_.push_back(producer.at("producerId")); }

  // Presence of thousands is not worth parsing.
  void take_event(const std::string& text) {
    if (!participant_.subscribes || text.find("\"producer:new\"") == std::string::npos) return;
    const json::value message = json::parse(text);
    if (message.at("event") == "producer:new") note_producer(message.at("data"));
  }

  /// The answer's data. What comes before the answer is taken as an event.
  asio::awaitable<json::value> request(std::string event, json::object data) {
    const std::uint64_t id = ++last_id_;
    post(id, event, std::move(data));
    for (;;) {
      const std::string text = co_await socket_.receive();
      if (text.find("\"ok\"") == std::string::npos) {
        take_event(text);
        continue;
      }
      json::value answer = json::parse(text);
      const json::object& fields = answer.as_object();
      if (!fields.contains("id") || take_restarted(fields)) continue;
      if (fields.at("id").to_number<std::uint64_t>() != id) continue;
      if (!fields.at("ok").as_bool()) throw std::runtime_error{event + ": " + json::serialize(fields.at("error"))};
      co_return std::move(answer.at("data"));
    }
  }

  /// One message at a time is written, in their order: two coroutines have some.
  void post(std::uint64_t id, const std::string& event, json::object data) {
    const json::object message{{"id", id}, {"event", event}, {"data", std::move(data)}};
    outbox_.push_back(json::serialize(message));
    if (!std::exchange(sending_, true)) spawn(send_outbox());
  }

  asio::awaitable<void> send_outbox() {
    while (!outbox_.empty()) {
      const std::string text = std::move(outbox_.front());
      outbox_.pop_front();
      co_await socket_.send(text);
    }
    sending_ = false;
  }

  /// What ends it ends the session, too: its receiving fails.
  void spawn(asio::awaitable<void> work) {
    asio::co_spawn(services_.executor, std::move(work), [self = shared_from_this()](const std::exception_ptr& error) {
      if (error) self->socket_.close();
    });
  }

  struct OwnTransport {
    json::value id;
    std::uint64_t peer = 0;
  };

  const DoorServices& services_;
  Participant participant_;
  WebSocketClient socket_;
  asio::steady_timer timer_;
  std::vector<OwnTransport> transports_;
  std::map<std::uint64_t, std::uint64_t> restarts_;  // the peers, by the requests that wait
  std::deque<std::string> outbox_;
  bool sending_ = false;
  Instant started_{};
  json::value receiving_;
  json::value capabilities_;
  std::deque<json::value> pending_;
  std::uint64_t last_id_ = 0;
  bool stopping_ = false;
};

class WebSocketDoor final : public Door {
 public:
  explicit WebSocketDoor(const DoorServices& services) : services_{services} {}

  void enter(Participant participant) override {
    // Owned by the door, which stops it, and by its coroutine, which may end later.
    auto session = std::make_shared<Session>(services_, std::move(participant));
    sessions_.push_back(session);
    asio::co_spawn(
        services_.executor, [session]() -> asio::awaitable<void> { co_await session->run(); }, asio::detached);
  }

  void stop() override {
    for (const auto& session : sessions_) session->stop();
  }

 private:
  DoorServices services_;
  std::vector<std::shared_ptr<Session>> sessions_;
};

}  // namespace

std::unique_ptr<Door> make_web_socket_door(const DoorServices& services) {
  return std::make_unique<WebSocketDoor>(services);
}

}  // namespace sluice::load
