#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/sequence_number.h"
#include "tests/simulation/media_source.h"
#include "tests/simulation/simulated_peer.h"
#include "tests/simulation/simulated_worker.h"

/// Clients and workers of a call, in one thread and simulated time.
namespace sluice::test {

using namespace std::chrono_literals;
using simulation::Address;
using simulation::FrameKind;
using simulation::MediaSource;
using simulation::ReceivedRtp;
using simulation::SimulatedPeer;
using simulation::SimulatedWorker;

inline const DtlsContext& gateway_context() {
  static const DtlsContext context{DtlsCertificate::generate(WallTime{std::chrono::hours{24 * 365 * 56}})};
  return context;
}
inline const DtlsContext& client_context() {
  static const DtlsContext context{DtlsCertificate::generate(WallTime{std::chrono::hours{24 * 365 * 56}})};
  return context;
}
inline std::vector<Fingerprint> fingerprints(const DtlsContext& context) {
  return {context.certificate().fingerprint()};
}

/// What a client is called by in these tests: address and transport are numbered alike.
using ClientNumber = std::uint32_t;

inline constexpr Address kGateway{1000};
inline constexpr Address kSecondGateway{1001};

inline IceCredentials gateway_credentials(ClientNumber client, int generation = 0) {
  return {.ufrag = "gate" + std::to_string(client) + "g" + std::to_string(generation),
          .pwd = "gatewaypassword0123456789" + std::to_string(client) + std::to_string(generation)};
}
inline IceCredentials client_credentials(ClientNumber client, int generation = 0) {
  return {.ufrag = "user" + std::to_string(client) + "g" + std::to_string(generation),
          .pwd = "clientpassword0123456789" + std::to_string(client)};
}
constexpr TransportKey transport_of(ClientNumber client) { return TransportKey{client}; }
constexpr Ssrc gateway_ssrc(ClientNumber client) { return Ssrc{0x9a7e'0000 + client}; }

class Call {
 public:
  explicit Call(std::uint64_t seed = 1, simulation::Link link = {.delay = 20ms}, const WorkerCore::Config& config = {})
      : network{seed, Instant{} + 1h}, worker{network, kGateway, WorkerIndex{0}, gateway_context(), config} {
    network.set_default_link(link);
  }

  /// Opens a transport and makes the client for it; nothing has been sent yet.
  SimulatedPeer& open(ClientNumber client, DtlsRole client_role = DtlsRole::client, SimulatedWorker* at = nullptr) {
    SimulatedWorker& home = at == nullptr ? worker : *at;
    home.core.open({.key = transport_of(client), .rtcp_ssrc = gateway_ssrc(client)}, gateway_credentials(client),
                   network.now());
    auto peer = std::make_unique<SimulatedPeer>(
        network, Address{client}, home.address(), client_context(),
        simulation::RtcPeer::Config{.local = client_credentials(client),
                                    .remote = gateway_credentials(client),
                                    .role = client_role,
                                    .remote_fingerprints = fingerprints(gateway_context()),
                                    .seed = client});
    return *(peers_[client] = std::move(peer));
  }
  void tell_fingerprints(ClientNumber client, DtlsRole gateway_role = DtlsRole::server,
                         const std::vector<Fingerprint>& of_client = fingerprints(client_context()),
                         SimulatedWorker* at = nullptr) {
    (at == nullptr ? worker : *at).core.connect(transport_of(client), gateway_role, of_client, network.now());
  }
  /// A client whose transport is connected.
  SimulatedPeer& join(ClientNumber client, SimulatedWorker* at = nullptr) {
    SimulatedPeer& peer = open(client, DtlsRole::client, at);
    tell_fingerprints(client, DtlsRole::server, fingerprints(client_context()), at);
    peer.start();
    SimulatedWorker& home = at == nullptr ? worker : *at;
    REQUIRE(network.run_while_not(
        [&] { return peer.peer.can_send() && home.state_of(transport_of(client)) == TransportState::connected; }, 20s));
    return peer;
  }

  ProducerKey publish(ClientNumber client, ProducerKey key, MediaKind kind, ortc::ProducerMapping mapping) {
    worker.core.produce(transport_of(client),
                        {.key = key, .kind = kind, .mapping = std::move(mapping), .keyframes = {}, .paused = false});
    return key;
  }
  ProducerKey publish_video(ClientNumber client, Ssrc ssrc) {
    return publish(client, ProducerKey{ssrc.value()}, MediaKind::video, simulation::video_producer(mid("v"), ssrc));
  }
  ProducerKey publish_audio(ClientNumber client, Ssrc ssrc) {
    return publish(client, ProducerKey{ssrc.value()}, MediaKind::audio, simulation::audio_producer(mid("a"), ssrc));
  }
  ProducerKey publish_simulcast(ClientNumber client, ProducerKey key) {
    return publish(client, key, MediaKind::video,
                   simulation::video_producer(mid("v"), {}, {rid("l"), rid("m"), rid("h")}));
  }

  ConsumerKey view_video(ClientNumber client, ProducerKey producer, Ssrc ssrc, SimulatedWorker* at = nullptr) {
    return consume(client, producer, ssrc, MediaKind::video, simulation::video_consumer(mid("5"), ssrc), at);
  }
  ConsumerKey hear_audio(ClientNumber client, ProducerKey producer, Ssrc ssrc, SimulatedWorker* at = nullptr) {
    return consume(client, producer, ssrc, MediaKind::audio, simulation::audio_consumer(mid("6"), ssrc), at);
  }

  /// A frame of `source` every 33 ms.
  void run_frames(MediaSource& source, SimulatedPeer& from, int count, FrameKind first = FrameKind::delta) {
    for (int i = 0; i < count; ++i) {
      source.send_frame(from.peer, i == 0 ? first : FrameKind::delta);
      network.run_for(33ms);
    }
  }
  void run_audio(MediaSource& source, SimulatedPeer& from, int count) {
    for (int i = 0; i < count; ++i) {
      source.send_audio(from.peer);
      network.run_for(20ms);
    }
  }
  [[nodiscard]] TransportCounters counters(ClientNumber client) const {
    return worker.core.transport_counters(transport_of(client)).value();
  }

  static Mid mid(std::string_view text) { return Mid::from(text).value(); }
  static Rid rid(std::string_view text) { return Rid::from(text).value(); }
  static MediaSource video_source(Ssrc ssrc, std::uint16_t first_sequence = 65'530) {
    return MediaSource{{.kind = MediaKind::video,
                        .ssrc = ssrc,
                        .mid = mid("v"),
                        .first_sequence = RtpSequence{first_sequence},
                        .first_timestamp = RtpTimestamp{4'294'960'000}}};
  }
  static MediaSource audio_source(Ssrc ssrc) {
    return MediaSource{{.kind = MediaKind::audio, .ssrc = ssrc, .mid = mid("a"), .first_sequence = RtpSequence{100}}};
  }
  static MediaSource simulcast_source(Ssrc ssrc, std::string_view name) {
    return MediaSource{{.kind = MediaKind::video,
                        .ssrc = ssrc,
                        .mid = mid("v"),
                        .rid = rid(name),
                        .first_sequence = RtpSequence{static_cast<std::uint16_t>(ssrc.value() * 7919)},
                        .first_timestamp = RtpTimestamp{ssrc.value() * 1'000'003}}};
  }

  static constexpr SequenceRewriter::Numbers kFirst{RtpSequence{65'500}, RtpTimestamp{4'000'000'000}};

  simulation::SimulatedNetwork network;
  SimulatedWorker worker;

 private:
  ConsumerKey consume(ClientNumber client, ProducerKey producer, Ssrc ssrc, MediaKind kind,
                      ortc::ConsumerMapping mapping, SimulatedWorker* at) {
    const ConsumerKey key{ssrc.value()};
    (at == nullptr ? worker : *at)
        .core.consume(transport_of(client),
                      {.key = key,
                       .kind = kind,
                       .mapping = std::move(mapping),
                       .clock_rate = kind == MediaKind::video ? simulation::kVideoClock : simulation::kAudioClock,
                       .cname = "sluice",
                       .first = kFirst,
                       .paused = false},
                      producer, network.now());
    return key;
  }

  std::map<ClientNumber, std::unique_ptr<SimulatedPeer>> peers_;
};

/// No number is missing and none comes twice, whatever the order of arrival.
inline void check_gapless(const std::vector<ReceivedRtp>& packets) {
  for (std::size_t i = 1; i < packets.size(); ++i) {
    CAPTURE(i);
    CHECK(distance(packets[i - 1].sequence(), packets[i].sequence()) == 1);
  }
}

}  // namespace sluice::test
