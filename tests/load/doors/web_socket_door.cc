#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <stdexcept>
#include <utility>

#include "tests/load/doors/door.h"
#include "tests/load/doors/ortc_parameters.h"
#include "tests/load/doors/web_socket_client.h"

// The gateway's plain WebSocket, docs/protocol.md.
namespace sluice::load {
namespace {

class Session {
 public:
  Session(const DoorServices& services, Participant participant)
      : services_{services}, participant_{std::move(participant)}, socket_{services.executor} {}

  asio::awaitable<void> run() {
    try {
      co_await enter();
      services_.joined();
      for (;;) {
        co_await consume_pending();
        take_event(co_await socket_.receive());
      }
    } catch (const std::exception& error) {
      if (!stopping_) services_.failed(participant_, error.what());
    }
  }

  void stop() {
    stopping_ = true;
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
    return order;
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
    const json::object message{{"id", id}, {"event", event}, {"data", std::move(data)}};
    co_await socket_.send(json::serialize(message));
    for (;;) {
      const std::string text = co_await socket_.receive();
      if (text.find("\"ok\"") == std::string::npos) {
        take_event(text);
        continue;
      }
      json::value answer = json::parse(text);
      const json::object& fields = answer.as_object();
      if (!fields.contains("id") || fields.at("id").to_number<std::uint64_t>() != id) continue;
      if (!fields.at("ok").as_bool()) throw std::runtime_error{event + ": " + json::serialize(fields.at("error"))};
      co_return std::move(answer.at("data"));
    }
  }

  const DoorServices& services_;
  Participant participant_;
  WebSocketClient socket_;
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
