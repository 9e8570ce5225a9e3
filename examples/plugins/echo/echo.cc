// Sends a client's own media back: a complete plugin in one file. README.md says how a client talks to it.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/events.h"
#include "sluice/media.h"
#include "sluice/plugin.h"

namespace {

using namespace sluice;

struct ConnectRequest {
  Text<128> transport_id;
  DtlsParameters dtls_parameters;
};
BOOST_DESCRIBE_STRUCT(ConnectRequest, (), (transport_id, dtls_parameters))

struct ProduceRequest {
  Text<128> send_transport_id;
  Text<128> recv_transport_id;
  MediaKind kind = MediaKind::audio;
  RtpParameters rtp_parameters;
  RtpCapabilities rtp_capabilities;
};
BOOST_DESCRIBE_STRUCT(ProduceRequest, (),
                      (send_transport_id, recv_transport_id, kind, rtp_parameters, rtp_capabilities))

struct EchoOptions {
  int max_clients = 100;

  static Schema<EchoOptions> schema() {
    return Schema<EchoOptions>{"Sends a client's own media back."}.option(
        "max_clients", &EchoOptions::max_clients, "Most clients that hear themselves at a time.", range(1, 10'000));
  }
};

class Echo final : public Plugin {
 public:
  void start(Host& host, const Config& config) override {
    options_ = config.as<EchoOptions>();
    router_ = host.media().create_router();
    Events& events = host.events();

    events.on("echo:join", [this](Client& client, const Nothing&) {
      if (sessions_.size() >= static_cast<std::size_t>(options_.max_clients)) throw too_many(options_.max_clients);
      sessions_.try_emplace(client.id());
      return json::object{{"rtpCapabilities", to_json(router_->rtp_capabilities())}};
    });
    events.on("echo:transport", [this](Client& client, const Nothing&, Reply reply) {
      if (session_of(client).transports.size() >= kMaxTransports) throw too_many(kMaxTransports);
      router_->create_transport([this, id = client.id(), reply = std::move(reply)](auto transport) mutable {
        const auto session = sessions_.find(id);
        if (session == sessions_.end()) return reply.fail(ErrorCode::conflict, "you have left meanwhile");
        if (session->second.transports.size() >= kMaxTransports) return reply.fail(too_many(kMaxTransports));
        reply.ok(json::object{{"id", transport->id()},
                              {"iceParameters", to_json(transport->ice_parameters())},
                              {"iceCandidates", to_json(transport->ice_candidates())},
                              {"dtlsParameters", to_json(transport->dtls_parameters())}});
        session->second.transports.push_back(std::move(transport));
      });
    });
    events.on<ConnectRequest>("echo:connect", [this](Client& client, const ConnectRequest& request) {
      session_of(client).transport(request.transport_id).connect({request.dtls_parameters, {}, {}});
    });
    events.on<ProduceRequest>("echo:produce", [this](Client& client, const ProduceRequest& request) {
      return echo(session_of(client), request);
    });
    events.on("echo:leave", [this](Client& client, const Nothing&) { sessions_.erase(client.id()); });
    events.on_disconnect([this](Client& client, std::string_view) { sessions_.erase(client.id()); });
  }

 private:
  static constexpr int kMaxTransports = 2;  // one to send, one to receive
  static constexpr int kMaxTracks = 8;

  // Dropping a session closes what it holds.
  struct Session {
    std::vector<std::unique_ptr<Transport>> transports;
    std::vector<std::pair<std::unique_ptr<Producer>, std::unique_ptr<Consumer>>> tracks;

    Transport& transport(const std::string& id) {
      for (const auto& transport : transports) {
        if (transport->id() == id) return *transport;
      }
      throw Error{ErrorCode::not_found, "no such transport"};
    }
  };

  static json::object echo(Session& session, const ProduceRequest& request) {
    if (session.tracks.size() >= kMaxTracks) throw too_many(kMaxTracks);
    Transport& send = session.transport(request.send_transport_id);
    Transport& recv = session.transport(request.recv_transport_id);
    auto producer = send.produce({request.kind, request.rtp_parameters, /*paused=*/false});
    auto consumer = recv.consume({producer->id(), request.rtp_capabilities, /*paused=*/false});
    json::object answer{{"producerId", producer->id()},
                        {"id", consumer->id()},
                        {"kind", to_string(consumer->kind())},
                        {"rtpParameters", to_json(consumer->rtp_parameters())}};
    session.tracks.emplace_back(std::move(producer), std::move(consumer));
    return answer;
  }

  Session& session_of(Client& client) {
    const auto found = sessions_.find(client.id());
    if (found == sessions_.end()) throw Error{ErrorCode::conflict, "send echo:join first"};
    return found->second;
  }

  static Error too_many(int limit) { return {ErrorCode::limit_exceeded, "too many", {{"limit", limit}}}; }

  EchoOptions options_;
  std::unique_ptr<Router> router_;
  std::map<ClientId, Session> sessions_;
};

}  // namespace

SLUICE_PLUGIN(Echo, "echo", "0.1.0", sluice::options<EchoOptions>())
