#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/byte_writer.h"
#include "core/media/rtp/sequence_number.h"
#include "tests/simulation/media_source.h"
#include "tests/simulation/simulated_peer.h"
#include "tests/simulation/simulated_worker.h"

// Two workers and two clients that are connected to the first of them, one of which watches the other. The input says
// what happens then: datagrams from anywhere, packets protected with the right keys but with any content, commands of
// the control thread in any order, and time. Whatever happens, timers move on, a stranger gets no more bytes than it
// sent, and what comes out is well-formed.
namespace {

using namespace sluice;
using namespace sluice::simulation;

constexpr Address kGateway{1000};
constexpr Address kSecondGateway{1001};
constexpr Address kStranger{666};

void require(bool holds) {
  if (!holds) std::abort();
}

const DtlsContext& context(std::size_t which) {
  constexpr WallTime kToday{std::chrono::hours{24 * 365 * 56}};
  static const std::array<DtlsContext, 2> contexts{DtlsContext{DtlsCertificate::generate(kToday)},
                                                   DtlsContext{DtlsCertificate::generate(kToday)}};
  return contexts[which];
}

std::vector<Fingerprint> fingerprints(std::size_t which) { return {context(which).certificate().fingerprint()}; }

IceCredentials credentials(std::string_view side, std::uint64_t transport, int generation = 0) {
  const std::string name = std::string{side} + std::to_string(transport) + "g" + std::to_string(generation);
  return {.ufrag = name, .pwd = "apasswordofenoughletters" + name};
}

class World {
 public:
  World() {
    SimulatedWorker::link(first_, second_);
    network_.attach(kStranger, {.handle_datagram = [this](Address, Bytes datagram,
                                                          Instant) { bytes_to_stranger_ += datagram.size(); },
                                .next_timeout = {},
                                .handle_timeout = {}});
    for (std::uint64_t client = 1; client <= 2; ++client) join(client);
    network_.run_for(std::chrono::seconds{1});
    for (const auto& peer : peers_) require(peer->peer.can_send());
    produce(TransportKey{1}, MediaKind::video, 1);
    consume(first_, TransportKey{2}, MediaKind::video, ProducerKey{producers_}, false);
  }

  void step(FuzzedDataProvider& in) {
    switch (in.ConsumeIntegralInRange<int>(0, 4)) {
      case 0:
        return datagram(in);
      case 1:
        return media(in);
      case 2:
        return network_.run_for(std::chrono::milliseconds{in.ConsumeIntegralInRange<int>(0, 40'000) >>
                                                          in.ConsumeIntegralInRange<int>(0, 10)});
      case 3:
        return command_about_media(in);
      default:
        return command_about_transports(in);
    }
  }

  void finish() {
    network_.run_for(std::chrono::seconds{2});
    require(bytes_to_stranger_ <= bytes_from_stranger_);
    for (const auto& peer : peers_) require(peer->peer.counters().malformed == 0);
  }

 private:
  void join(std::uint64_t client) {
    const TransportKey key = open(first_);
    require(key.value() == client);
    first_.core.connect(key, DtlsRole::server, fingerprints(1), network_.now());
    peers_.push_back(std::make_unique<SimulatedPeer>(network_, Address{static_cast<std::uint32_t>(client)}, kGateway,
                                                     context(1),
                                                     RtcPeer::Config{.local = credentials("user", client),
                                                                     .remote = credentials("gate", client),
                                                                     .role = DtlsRole::client,
                                                                     .remote_fingerprints = fingerprints(0),
                                                                     .seed = client}));
    peers_.back()->start();
  }

  TransportKey open(SimulatedWorker& worker) {
    const TransportKey key{++transports_};
    worker.core.open({.key = key, .rtcp_ssrc = Ssrc{0x9000}}, credentials("gate", key.value()), network_.now());
    return key;
  }

  void produce(TransportKey transport, MediaKind kind, std::size_t encodings) {
    static const std::array kRids{Rid::from("l").value(), Rid::from("m").value(), Rid::from("h").value()};
    const Ssrc ssrc{0x1111};
    const Mid mid = Mid::from(kind == MediaKind::video ? "v" : "a").value();
    auto mapping = kind == MediaKind::audio ? audio_producer(mid, ssrc)
                   : encodings == 1         ? video_producer(mid, ssrc)
                                            : video_producer(mid, {}, {kRids.begin(), kRids.begin() + 3});
    if (kind == MediaKind::video) add_rtx(mapping);
    const ProducerKey key{++producers_};
    second_.core.add_mirror({.key = key, .kind = kind, .home = first_.index(), .mapping = mapping, .paused = false});
    first_.core.produce(transport,
                        {.key = key, .kind = kind, .mapping = std::move(mapping), .keyframes = {}, .paused = false});
    first_.core.add_remote(key, second_.index());
  }

  void consume(SimulatedWorker& worker, TransportKey transport, MediaKind kind, ProducerKey producer, bool paused) {
    const ConsumerKey key{++consumers_};
    const Ssrc ssrc{0xa000 + static_cast<std::uint32_t>(key.value() % 4)};
    const Mid mid = Mid::from("1").value();
    worker.core.consume(transport,
                        {.key = key,
                         .kind = kind,
                         .mapping = kind == MediaKind::video ? video_consumer(mid, ssrc) : audio_consumer(mid, ssrc),
                         .clock_rate = kind == MediaKind::video ? kVideoClock : kAudioClock,
                         .cname = "fuzz",
                         .first = {},
                         .paused = paused},
                        producer, network_.now());
  }

  void datagram(FuzzedDataProvider& in) {
    const auto bytes = in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(0, 1700));
    const auto from = in.ConsumeIntegralInRange<std::size_t>(0, peers_.size());
    if (from < peers_.size()) return peers_[from]->send_raw(bytes);
    bytes_from_stranger_ += bytes.size();
    network_.send(kStranger, kGateway, bytes);
  }

  void media(FuzzedDataProvider& in) {
    SimulatedPeer& from = *peers_[in.ConsumeIntegralInRange<std::size_t>(0, peers_.size() - 1)];
    const int frames = in.ConsumeIntegralInRange<int>(0, 3);
    const FrameKind kind = in.ConsumeBool() ? FrameKind::key : FrameKind::delta;
    switch (in.ConsumeIntegralInRange<int>(0, 5)) {
      case 0:
        source_.skip(in.ConsumeIntegralInRange<int>(-3, 5000));
        [[fallthrough]];
      case 1:
        for (int i = 0; i < frames; ++i) source_.send_frame(from.peer, kind, 1 + i);
        return;
      case 2: {
        auto bytes = in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(0, 1500));
        if (bytes.size() >= 12 && in.ConsumeBool())
          std::ranges::copy(std::array<std::uint8_t, 2>{0x11, 0x11}, bytes.begin() + 10);
        from.peer.send_rtp(Bytes{bytes});
        return;
      }
      case 3:
        from.peer.send_rtcp(in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(8, 1400)));
        return;
      case 4:
        return repeat(from, in);
      default:
        from.peer.send_rtcp_of([&](RtcpBuilder& out) {
          const Ssrc ssrc{in.ConsumeBool() ? 0x1111U : 0xa001U};
          const std::array lost{RtpSequence{in.ConsumeIntegral<std::uint16_t>()}, source_.next_sequence()};
          static_cast<void>(out.add_nack(Ssrc{1}, ssrc, lost));
          static_cast<void>(out.add_pli(Ssrc{1}, ssrc));
          if (in.ConsumeBool()) static_cast<void>(out.add_fir(Ssrc{1}, {.ssrc = ssrc, .sequence = 1}));
          if (in.ConsumeBool()) static_cast<void>(out.add_bye(std::span{&ssrc, 1}));
          const ReportBlock block{.ssrc = ssrc, .fraction_lost = in.ConsumeIntegral<std::uint8_t>()};
          static_cast<void>(out.add_receiver_report(ssrc, std::span{&block, 1}));
        });
    }
  }

  // As RTX: what may be missing, or was never sent, or nothing at all.
  void repeat(SimulatedPeer& from, FuzzedDataProvider& in) {
    const RtpSequence original = advance(source_.next_sequence(), -in.ConsumeIntegralInRange<int>(-2, 600));
    auto payload = in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(0, 1300));
    if (payload.size() >= 2) ByteWriter{payload}.u16(original.value());
    repeated_ = advance(repeated_, 1);
    from.peer.send_rtp({.payload_type = PayloadType{in.ConsumeBool() ? kProducerRtx : kProducerVp8},
                        .sequence = repeated_,
                        .ssrc = rtx_of(Ssrc{0x1111})},
                       {}, payload);
  }

  void command_about_media(FuzzedDataProvider& in) {
    WorkerCore& core = (in.ConsumeBool() ? first_ : second_).core;
    const Instant now = network_.now();
    const TransportKey transport{in.ConsumeIntegralInRange<std::uint64_t>(0, transports_ + 1)};
    const ProducerKey producer{in.ConsumeIntegralInRange<std::uint64_t>(0, producers_ + 1)};
    const ConsumerKey consumer{in.ConsumeIntegralInRange<std::uint64_t>(0, consumers_ + 1)};
    const MediaKind kind = in.ConsumeBool() ? MediaKind::video : MediaKind::audio;
    const bool flag = in.ConsumeBool();
    switch (in.ConsumeIntegralInRange<int>(0, 11)) {
      case 0:
        if (producers_ < kMaxObjects) produce(transport, kind, flag ? 1 : 3);
        return;
      case 1:
        if (consumers_ < kMaxObjects)
          consume(&core == &first_.core ? first_ : second_, transport, kind, producer, flag);
        return;
      case 2:
        return core.close_producer(transport, producer);
      case 3:
        return core.close_consumer(transport, consumer);
      case 4:
        return core.set_producer_paused(producer, flag, now);
      case 5:
        return core.set_consumer_paused(transport, consumer, flag, now);
      case 6:
        return core.request_consumer_keyframe(transport, consumer, now);
      case 7:
        return core.request_keyframe(producer, in.ConsumeIntegral<std::uint8_t>(), now);
      case 8:
        return flag ? first_.core.add_remote(producer, second_.index())
                    : first_.core.remove_remote(producer, second_.index());
      case 9:
        return second_.core.remove_mirror(producer);
      case 10:
        static_cast<void>(core.producer_stats(transport, producer));
        static_cast<void>(core.consumer_stats(transport, consumer));
        static_cast<void>(core.transport_stats(transport));
        return;
      default: {
        const auto bytes = in.ConsumeBytes<std::uint8_t>(in.ConsumeIntegralInRange<std::size_t>(0, 100));
        return second_.core.handle_remote_packet({.producer = producer,
                                                  .clock_rate = in.ConsumeIntegral<std::uint32_t>(),
                                                  .encoding = in.ConsumeIntegral<std::uint8_t>(),
                                                  .payload_type = kind == MediaKind::video ? kRouterVp8 : kRouterOpus,
                                                  .layers = {.keyframe = flag},
                                                  .run = in.ConsumeIntegral<std::uint8_t>()},
                                                 bytes, now);
      }
    }
  }

  void command_about_transports(FuzzedDataProvider& in) {
    WorkerCore& core = (in.ConsumeBool() ? first_ : second_).core;
    const Instant now = network_.now();
    const TransportKey transport{in.ConsumeIntegralInRange<std::uint64_t>(0, transports_ + 1)};
    const auto peer = in.ConsumeIntegralInRange<std::size_t>(0, peers_.size() - 1);
    switch (in.ConsumeIntegralInRange<int>(0, 9)) {
      case 0:
        if (transports_ < kMaxObjects) static_cast<void>(open(&core == &first_.core ? first_ : second_));
        return;
      case 1:
        return core.close(transport, now);
      case 2:
        return core.connect(transport, in.ConsumeBool() ? DtlsRole::client : DtlsRole::server,
                            in.ConsumeBool() ? fingerprints(1) : std::vector<Fingerprint>{}, now);
      case 3:
        return core.restart_ice(transport, credentials("gate", transport.value(), ++restarts_), now);
      case 4: {
        const auto generation = in.ConsumeIntegralInRange<int>(0, restarts_);
        const std::uint64_t number = in.ConsumeIntegralInRange<std::uint64_t>(1, transports_);
        return peers_[peer]->peer.restart_ice(credentials("user", number, generation),
                                              credentials("gate", number, generation), now);
      }
      case 5:
        peers_[peer]->move_to(Address{in.ConsumeIntegralInRange<std::uint32_t>(1, 6)});
        return in.ConsumeBool() ? peers_[peer]->peer.check(now) : peers_[peer]->peer.stop_checking();
      case 6:
        return peers_[peer]->peer.close();
      case 7:
        peers_[peer]->use(in.ConsumeBool() ? first_.address() : first_.tcp_address());
        return peers_[peer]->peer.check(now);
      case 8: {
        const Address address{in.ConsumeIntegralInRange<std::uint32_t>(1, 6)};
        const std::uint8_t socket = in.ConsumeBool() ? SimulatedWorker::kTcpSocket : SimulatedWorker::kUdpSocket;
        return core.handle_lost_tuple({.remote = to_socket_address(address), .socket = socket}, now);
      }
      default:
        return core.set_path_state(transport, PathState{in.ConsumeIntegralInRange<std::uint8_t>(0, 3)}, now);
    }
  }

  static constexpr std::uint64_t kMaxObjects = 12;
  static constexpr WorkerCore::Config kSmall{.ice = {}, .max_transports = kMaxObjects};  // quick to make

  SimulatedNetwork network_{1, Instant{} + std::chrono::hours{1}};
  SimulatedWorker first_{network_, kGateway, WorkerIndex{0}, context(0), kSmall};
  SimulatedWorker second_{network_, kSecondGateway, WorkerIndex{1}, context(0), kSmall};
  std::vector<std::unique_ptr<SimulatedPeer>> peers_;
  MediaSource source_{{.ssrc = Ssrc{0x1111}, .mid = Mid::from("v").value()}};
  RtpSequence repeated_;
  std::uint64_t transports_ = 0;
  std::uint64_t producers_ = 0;
  std::uint64_t consumers_ = 0;
  int restarts_ = 0;
  std::size_t bytes_from_stranger_ = 0;
  std::size_t bytes_to_stranger_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kMaxSteps = 60;
  FuzzedDataProvider in{data, size};
  World world;
  for (int i = 0; i < kMaxSteps && in.remaining_bytes() > 0; ++i) world.step(in);
  world.finish();
  return 0;
}
