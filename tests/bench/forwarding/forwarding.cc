// What a worker does for one forwarded packet, without its sockets: unprotect, fan out, rewrite, protect. One
// publisher, any number of consumers, one thread; what is sent is dropped. For timing and for profilers:
//
//   build/release/bin/forwarding [consumers=300] [frames=1000] [packets of a frame=4] [payload octets=1060] [nack=1]
//   valgrind --tool=callgrind --toggle-collect='*forward_frames*' build/release/bin/forwarding 50 40
//
// A payload of 80 octets or less is sent as Opus, else as VP8. With nack=0 nobody may ask for packets again, and none
// are kept.

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/media/worker/worker_core.h"
#include "tests/simulation/media_source.h"
#include "tests/simulation/rtc_peer.h"

namespace sluice::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxFramePackets = 16;

class Silence final : public WorkerObserver, public RemoteWorkers {
 public:
  void on_transport_state(TransportKey, TransportState, std::string_view) override {}
  void on_producer_ended(ProducerKey) override {}
  void send_packet(WorkerIndex, ProducerKey, const RoutedPacket&) noexcept override {}
  void request_keyframe(WorkerIndex, ProducerKey, std::uint8_t) noexcept override {}
};

// Rotates through a slab of the size of the real one; hands datagrams on only while clients connect.
class Output final : public PacketOutput {
 public:
  MutableBytes acquire() noexcept override {
    return {slab_.data() + next_ * PacketPath::kMaxDatagram, PacketPath::kMaxDatagram};
  }
  void commit(std::size_t size, std::uint8_t, const SocketAddress& to) noexcept override {
    if (size == 0) return;
    ++packets;
    if (deliver) deliver(to, acquire().first(size));
    next_ = (next_ + 1) % kSlots;
  }
  std::uint64_t packets = 0;
  std::function<void(const SocketAddress&, Bytes)> deliver;

 private:
  static constexpr std::size_t kSlots = 512;
  std::vector<std::uint8_t> slab_ = std::vector<std::uint8_t>(kSlots * PacketPath::kMaxDatagram);
  std::size_t next_ = 0;
};

class Peer final : public RtcPeerPort {
 public:
  Peer(const DtlsContext& context, const RtcPeer::Config& config) : peer{context, config, *this} {}
  void send_datagram(Bytes datagram) override { sent.emplace_back(datagram.begin(), datagram.end()); }

  std::vector<std::vector<std::uint8_t>> sent;
  RtcPeer peer;
};

IceCredentials credentials(const char* who, std::size_t client) {
  return {.ufrag = who + std::to_string(client), .pwd = "apassword0123456789012345" + std::to_string(client)};
}

SocketAddress address_of(std::size_t client) {
  return *SocketAddress::parse("10.0." + std::to_string(client / 250) + "." + std::to_string(client % 250 + 1), 5000);
}

class Room {
 public:
  Room(std::size_t consumers, MediaKind kind, std::size_t payload, bool nack)
      : kind_{kind},
        nack_{nack},
        source_{{.kind = kind, .ssrc = Ssrc{0x1111}, .mid = *Mid::from("v"), .payload_size = payload}} {
    for (std::size_t client = 0; client <= consumers; ++client) add(client);
    connect();
    core_.produce(TransportKey{1}, {.key = ProducerKey{1},
                                    .kind = kind,
                                    .mapping = kind == MediaKind::video ? video_producer(*Mid::from("v"), Ssrc{0x1111})
                                                                        : audio_producer(*Mid::from("v"), Ssrc{0x1111}),
                                    .keyframes = {},
                                    .paused = false});
    for (std::size_t client = 1; client <= consumers; ++client) consume(client);
    output_.packets = 0;
  }

  // What the publisher sends, protected before the clock runs.
  void prepare_frame(std::size_t packets, FrameKind frame) {
    peers_[0]->sent.clear();
    if (kind_ == MediaKind::video) {
      source_.send_frame(peers_[0]->peer, frame, static_cast<int>(packets));
    } else {
      for (std::size_t i = 0; i < packets; ++i) source_.send_audio(peers_[0]->peer);
    }
  }
  void forward_frame() {
    const auto batch = core_.begin_batch(now_);
    for (auto& datagram : peers_[0]->sent) core_.handle_datagram(datagram, {address_of(0), 0}, now_);
    now_ += 33ms;
  }
  [[nodiscard]] std::uint64_t forwarded() const { return output_.packets; }

 private:
  void add(std::size_t client) {
    const TransportKey key{client + 1};
    core_.open({.key = key, .rtcp_ssrc = Ssrc{static_cast<std::uint32_t>(0x9000 + client)}},
               credentials("gate", client), now_);
    core_.connect(key, DtlsRole::server, std::array{clients_.certificate().fingerprint()}, now_);
    peers_.push_back(
        std::make_unique<Peer>(clients_, RtcPeer::Config{.local = credentials("user", client),
                                                         .remote = credentials("gate", client),
                                                         .role = DtlsRole::client,
                                                         .remote_fingerprints = {gateway_.certificate().fingerprint()},
                                                         .seed = client + 1}));
  }

  void connect() {
    for (std::size_t client = 0; client < peers_.size(); ++client) {
      Peer& peer = *peers_[client];
      output_.deliver = [&peer, this](const SocketAddress&, Bytes datagram) {
        answers_.emplace_back(datagram.begin(), datagram.end());
      };
      peer.peer.start(now_);
      for (int round = 0; round < 20 && !peer.peer.can_send(); ++round) {
        for (auto& datagram : std::exchange(peer.sent, {})) {
          core_.handle_datagram(datagram, {address_of(client), 0}, now_);
        }
        for (const auto& datagram : std::exchange(answers_, {})) peer.peer.handle_datagram(datagram, now_);
      }
      if (!peer.peer.can_send()) std::abort();
      peer.sent.clear();
    }
    output_.deliver = nullptr;
  }

  void consume(std::size_t client) {
    const Ssrc ssrc{static_cast<std::uint32_t>(0x2000 + client)};
    const bool video = kind_ == MediaKind::video;
    auto mapping = video ? video_consumer(*Mid::from("5"), ssrc) : audio_consumer(*Mid::from("5"), ssrc);
    mapping.feedback.nack = nack_;
    core_.consume(TransportKey{client + 1},
                  {.key = ConsumerKey{client},
                   .kind = kind_,
                   .mapping = std::move(mapping),
                   .clock_rate = video ? kVideoClock : kAudioClock,
                   .cname = "sluice",
                   .first = {RtpSequence{7}, RtpTimestamp{9}},
                   .paused = false},
                  ProducerKey{1}, now_);
  }

  MediaKind kind_;
  bool nack_;
  Instant now_ = Instant{} + 1h;
  DtlsContext gateway_{DtlsCertificate::generate(WallTime{std::chrono::hours{24 * 365 * 56}})};
  DtlsContext clients_{DtlsCertificate::generate(WallTime{std::chrono::hours{24 * 365 * 56}})};
  Silence silence_;
  Output output_;
  WorkerCore core_{{}, gateway_, output_, silence_, silence_};
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::vector<std::uint8_t>> answers_;
  MediaSource source_;
};

double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Only the forwarding is timed: the publisher's own work is done before.
double forward_frames(Room& room, std::size_t frames, std::size_t packets) {
  double seconds = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    room.prepare_frame(packets, i == 0 ? FrameKind::key : FrameKind::delta);
    const double start = thread_seconds();
    room.forward_frame();
    seconds += thread_seconds() - start;
  }
  return seconds;
}

std::size_t argument(int argc, char** argv, int index, std::size_t fallback) {
  return index < argc ? std::strtoul(argv[index], nullptr, 10) : fallback;
}

}  // namespace
}  // namespace sluice::simulation

int main(int argc, char** argv) {
  using namespace sluice::simulation;
  const std::size_t consumers = argument(argc, argv, 1, 300);
  const std::size_t frames = argument(argc, argv, 2, 1000);
  const std::size_t packets = std::min(argument(argc, argv, 3, 4), kMaxFramePackets);
  const std::size_t payload = argument(argc, argv, 4, 1060);

  Room room{consumers, payload > 80 ? sluice::MediaKind::video : sluice::MediaKind::audio, payload,
            argument(argc, argv, 5, 1) != 0};
  forward_frames(room, 10, packets);  // caches and first packets
  const std::uint64_t before = room.forwarded();
  const double seconds = forward_frames(room, frames, packets);
  const auto forwarded = static_cast<double>(room.forwarded() - before);
  std::printf("%.0f packets forwarded, %.3f us each\n", forwarded, seconds * 1e6 / forwarded);
}
