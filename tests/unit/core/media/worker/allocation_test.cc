// The packet path allocates nothing in steady state.

#include <memory>

#include "core/base/byte_writer.h"
#include "core/media/ice/packet_kind.h"
#include "tests/unit/core/media/worker/worker_call.h"
#include "tests/unit/counted_allocations.h"

namespace sluice::test {
namespace {

class SilentObserver final : public WorkerObserver {
 public:
  void on_transport_state(TransportKey /*transport*/, TransportState /*state*/, std::string_view /*reason*/) override {}
  void on_producer_ended(ProducerKey /*producer*/) override {}
};

class SilentRemotes final : public RemoteWorkers {
 public:
  void send_packet(WorkerIndex /*worker*/, ProducerKey producer, const RoutedPacket& packet) noexcept override {
    ring.push(PacketRing::label_of(producer, packet), packet.rtp.bytes());
    ring.drain([](const PacketRing::Label&, Bytes) {});
  }
  void request_keyframe(WorkerIndex /*worker*/, ProducerKey /*producer*/, std::uint8_t /*encoding*/) noexcept override {
  }
  PacketRing ring;
};

// Hands what the worker sends to the client it is for; counts media.
class DirectOutput final : public PacketOutput {
 public:
  MutableBytes acquire() noexcept override { return buffer_; }
  void commit(std::size_t size, std::uint8_t /*socket*/, const SocketAddress& to) noexcept override {
    if (size == 0) return;
    const Bytes datagram = Bytes{buffer_}.first(size);
    if (classify(datagram) == PacketKind::rtp) ++rtp_packets;
    if (classify(datagram) == PacketKind::rtcp) ++rtcp_packets;
    if (deliver) deliver(to, datagram);
  }
  std::size_t rtp_packets = 0;
  std::size_t rtcp_packets = 0;
  std::function<void(const SocketAddress&, Bytes)> deliver;

 private:
  std::array<std::uint8_t, PacketPath::kMaxDatagram> buffer_;
};

// A client without a network: what it sends waits in a list, or, for media, in one buffer.
class DirectPeer final : public simulation::RtcPeerPort {
 public:
  explicit DirectPeer(ClientNumber client)
      : address{simulation::to_socket_address(Address{client})},
        peer{client_context(),
             {.local = client_credentials(client),
              .remote = gateway_credentials(client),
              .role = DtlsRole::client,
              .remote_fingerprints = fingerprints(gateway_context()),
              .seed = client},
             *this} {}
  void send_datagram(Bytes datagram) override {
    if (to_worker) to_worker(datagram);
  }
  SocketAddress address;
  simulation::RtcPeer peer;
  std::function<void(Bytes)> to_worker;
};

}  // namespace

TEST_CASE("forwarding to ten consumers allocates nothing once it is under way") {
  constexpr ClientNumber kConsumers = 10;
  constexpr Ssrc kCamera{0x1111};
  constexpr Ssrc kMicrophone{0x2222};
  Instant now = Instant{} + 1h;
  DirectOutput output;
  SilentRemotes remotes;
  SilentObserver observer;
  WorkerCore core{{}, gateway_context(), output, remotes, observer};

  std::vector<std::pair<SocketAddress, std::vector<std::uint8_t>>> waiting;
  std::vector<std::unique_ptr<DirectPeer>> peers;
  for (ClientNumber client = 1; client <= kConsumers + 1; ++client) {
    core.open({.key = transport_of(client), .rtcp_ssrc = gateway_ssrc(client)}, gateway_credentials(client), now);
    core.connect(transport_of(client), DtlsRole::server, fingerprints(client_context()), now);
    peers.push_back(std::make_unique<DirectPeer>(client));
  }
  output.deliver = [&](const SocketAddress& to, Bytes datagram) {
    waiting.emplace_back(to, std::vector<std::uint8_t>(datagram.begin(), datagram.end()));
  };
  std::array<std::uint8_t, ReceiveBatch::kMaxDatagram> received;
  for (const auto& peer : peers) {
    peer->to_worker = [&core, &received, &now, address = peer->address](Bytes datagram) {
      std::ranges::copy(datagram, received.begin());
      core.handle_datagram(MutableBytes{received}.first(datagram.size()), {address, 0}, now);
    };
    peer->peer.start(now);
  }
  for (int round = 0; round < 20; ++round) {
    for (const auto& [to, datagram] : std::exchange(waiting, {})) {
      for (const auto& peer : peers) {
        if (peer->address == to) peer->peer.handle_datagram(datagram, now);
      }
    }
  }
  for (const auto& peer : peers) REQUIRE(peer->peer.can_send());
  output.deliver = nullptr;

  auto mapping = simulation::video_producer(Call::mid("v"), kCamera);
  simulation::add_rtx(mapping);
  core.produce(transport_of(1), {.key = ProducerKey{1},
                                 .kind = MediaKind::video,
                                 .mapping = std::move(mapping),
                                 .keyframes = {},
                                 .paused = false});
  core.produce(transport_of(1), {.key = ProducerKey{2},
                                 .kind = MediaKind::audio,
                                 .mapping = simulation::audio_producer(Call::mid("a"), kMicrophone),
                                 .keyframes = {},
                                 .paused = false});
  core.add_remote(ProducerKey{1}, WorkerIndex{1});
  for (ClientNumber client = 2; client <= kConsumers + 1; ++client) {
    for (const bool video : {true, false}) {
      const Ssrc ssrc{client * 2 + (video ? 1U : 0U)};
      core.consume(transport_of(client),
                   {.key = ConsumerKey{ssrc.value()},
                    .kind = video ? MediaKind::video : MediaKind::audio,
                    .mapping = video ? simulation::video_consumer(Call::mid("5"), ssrc)
                                     : simulation::audio_consumer(Call::mid("6"), ssrc),
                    .clock_rate = video ? simulation::kVideoClock : simulation::kAudioClock,
                    .cname = "sluice",
                    .first = Call::kFirst,
                    .paused = false},
                   ProducerKey{video ? 1U : 2U}, now);
    }
  }

  // One tap whose reader keeps up, and one that nobody reads.
  const auto read = std::make_shared<TapQueue>(0);
  const auto unread = std::make_shared<TapQueue>(0);
  for (const auto& queue : {read, unread}) {
    RtpConsumer::Spec tap{.key = ConsumerKey{queue == read ? 9001U : 9002U},
                          .kind = MediaKind::video,
                          .mapping = {},
                          .clock_rate = simulation::kVideoClock,
                          .cname = "sluice",
                          .first = Call::kFirst,
                          .insists = true};
    tap.mapping.codecs[simulation::kRouterVp8] = {.payload_type = simulation::kRouterVp8};
    tap.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = Ssrc{9000}});
    core.tap(ProducerKey{1}, std::move(tap), queue, now);
  }
  std::size_t tapped = 0;

  MediaSource video = Call::video_source(kCamera);
  MediaSource audio = Call::audio_source(kMicrophone);
  std::array<std::uint8_t, 200> repeated{};
  RtpSequence next_repeated{};
  const auto run = [&](int frames) {
    for (int i = 0; i < frames; ++i) {
      const bool loses = i % 20 == 5;
      if (loses) {
        ByteWriter{repeated}.u16(video.next_sequence().value());
        video.skip(1);
      }
      video.send_frame(peers[0]->peer, i % 50 == 0 ? FrameKind::key : FrameKind::delta, 3);
      audio.send_audio(peers[0]->peer);
      while (read->next()) ++tapped;
      // Now and then a packet is missing, asked for, and comes by RTX.
      if (loses) {
        core.handle_timeout(now + 6ms, WallTime{std::chrono::hours{24}});
        next_repeated = advance(next_repeated, 1);
        peers[0]->peer.send_rtp({.payload_type = PayloadType{simulation::kProducerRtx},
                                 .sequence = next_repeated,
                                 .ssrc = simulation::rtx_of(kCamera)},
                                {}, repeated);
      }
      now += 33ms;
      core.handle_timeout(now, WallTime{std::chrono::hours{24}});
      // A consumer asks and reports now and then.
      if (i % 20 == 0) {
        peers[1]->peer.send_rtcp_of([](RtcpBuilder& out) {
          static_cast<void>(out.add_receiver_report(Ssrc{9}));
          static_cast<void>(out.add_pli(Ssrc{9}, Ssrc{5}));
        });
      }
    }
  };
  run(60);
  output.rtp_packets = 0;
  output.rtcp_packets = 0;
  const std::size_t before = allocations;
  run(250);
  const std::size_t made = allocations - before;
  CHECK(before > 0);  // they are counted
  CHECK(made == 0);
  CHECK(output.rtp_packets == (250 * 4 + 13) * kConsumers);  // 1000 packets and 13 that came again, to ten each
  CHECK(output.rtcp_packets > 50);                           // reports and requests are on that path too
  CHECK(tapped > 800);
  CHECK(unread->dropped() > 500);
}

}  // namespace sluice::test
