// Taps on a worker's producers, from what clients send to what a reader reads.

#include "core/media/worker/worker_taps.h"
#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kMicrophone{0x2222};
constexpr Ssrc kToBob{0xaaaa};
constexpr ConsumerKey kVideoTap{901};
constexpr ConsumerKey kAudioTap{902};

struct Read {
  std::vector<std::uint8_t> bytes;
  Instant arrival;
  std::optional<TappedClock> clock;

  [[nodiscard]] RtpPacketView rtp() const { return RtpPacketView::parse(bytes).value(); }
};

std::vector<Read> read(TapQueue& queue) {
  std::vector<Read> out;
  while (const auto packet = queue.next()) {
    out.push_back({{packet->rtp.begin(), packet->rtp.end()}, packet->arrival, packet->clock});
  }
  return out;
}

void check_unbroken(const std::vector<Read>& packets) {
  for (std::size_t i = 1; i < packets.size(); ++i) {
    CAPTURE(i);
    CHECK(distance(packets[i - 1].rtp().sequence(), packets[i].rtp().sequence()) == 1);
  }
}

// Client 1 sends; taps are in the router's numbering, as the engine makes them.
struct TappedCall : Call {
  std::shared_ptr<TapQueue> tap(ConsumerKey key, ProducerKey producer, MediaKind kind, bool paused = false) {
    RtpConsumer::Spec spec{.key = key,
                           .kind = kind,
                           .mapping = {},
                           .clock_rate = kind == MediaKind::video ? 90'000U : 48'000U,
                           .cname = "alice",
                           .first = kFirst,
                           .paused = paused,
                           .insists = true};
    const std::uint8_t type = kind == MediaKind::video ? simulation::kRouterVp8 : simulation::kRouterOpus;
    spec.mapping.codecs[type] = {.payload_type = type};
    spec.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = Ssrc{static_cast<std::uint32_t>(key.value())}});
    auto queue = std::make_shared<TapQueue>(std::size_t{1} << 18);
    worker.core.tap(producer, std::move(spec), queue, network.now());
    return queue;
  }

  SimulatedPeer& alice = join(1);
};

struct CameraCall : TappedCall {
  ProducerKey camera = publish_video(1, kCamera);
  MediaSource video = video_source(kCamera);
};

struct ThreeEncodings : TappedCall {
  ThreeEncodings() { publish_simulcast(1, ProducerKey{1}); }

  void ticks(int count) {
    for (int i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < 3; ++k) tick(k);
      network.run_for(33ms);
    }
  }
  void tick(std::size_t k) {
    if (!on[k]) return sources[k].pass(33ms);
    const std::size_t asked = alice.keyframe_requests(sources[k].ssrc()).size();
    sources[k].send_frame(alice.peer, std::exchange(answered[k], asked) < asked ? FrameKind::key : FrameKind::delta);
  }
  // Each encoding has an RTP clock of its own, the sender one wall clock.
  void report(std::size_t k) {
    const std::chrono::duration<double> since = network.now() - Instant{};
    const SenderInfo info{.ntp = NtpTime{static_cast<std::uint64_t>(since.count() * 4'294'967'296.0)},
                          .rtp_timestamp = sources[k].next_timestamp()};
    alice.peer.send_rtcp_of(
        [&](RtcpBuilder& out) { static_cast<void>(out.add_sender_report(sources[k].ssrc(), info)); });
  }

  static MediaSource source(std::uint32_t ssrc, std::string_view name, std::size_t size) {
    return MediaSource{{.kind = MediaKind::video,
                        .ssrc = Ssrc{ssrc},
                        .mid = mid("v"),
                        .rid = rid(name),
                        .first_sequence = RtpSequence{static_cast<std::uint16_t>(ssrc * 7919)},
                        .first_timestamp = RtpTimestamp{ssrc * 100'000'003},
                        .payload_size = size}};
  }
  std::array<MediaSource, 3> sources{source(31, "l", 100), source(32, "m", 200), source(33, "h", 300)};
  std::array<bool, 3> on{true, true, true};
  std::array<std::size_t, 3> answered{};
};

}  // namespace

TEST_CASE_FIXTURE(CameraCall, "audio and video arrive whole, in order, and in the router's numbering") {
  const ProducerKey microphone = publish_audio(1, kMicrophone);
  MediaSource audio = audio_source(kMicrophone);
  const auto video_queue = tap(kVideoTap, camera, MediaKind::video);
  const auto audio_queue = tap(kAudioTap, microphone, MediaKind::audio);
  CHECK(worker.core.taps().size() == 2);
  for (int i = 0; i < 50; ++i) {
    video.send_frame(alice.peer, i == 0 ? FrameKind::key : FrameKind::delta, 3);
    audio.send_audio(alice.peer);
    network.run_for(33ms);
  }
  network.run_for(100ms);
  const auto pictures = read(*video_queue);
  const auto sound = read(*audio_queue);
  REQUIRE(pictures.size() == 150);
  REQUIRE(sound.size() == 50);
  check_unbroken(pictures);
  check_unbroken(sound);
  CHECK(pictures.front().rtp().payload_type() == PayloadType{simulation::kRouterVp8});
  CHECK(sound.front().rtp().payload_type() == PayloadType{simulation::kRouterOpus});
  CHECK(distance(sound.front().rtp().timestamp(), sound.back().rtp().timestamp()) == 49 * 960);
  for (std::size_t i = 1; i < 50; ++i) CHECK(sound[i].arrival - sound[i - 1].arrival == 33ms);
  CHECK(pictures[2].rtp().marker());
  CHECK(worker.core.taps().dropped() == 0);
}

TEST_CASE_FIXTURE(CameraCall, "what was lost on the way to the gateway and comes again fills its gap") {
  const auto queue = tap(kVideoTap, camera, MediaKind::video);
  video.send_frame(alice.peer, FrameKind::key);
  MediaSource late = video;
  video.skip(1);
  run_frames(video, alice, 3);
  late.send_frame(alice.peer, FrameKind::delta, 1);
  network.run_for(100ms);
  const auto packets = read(*queue);
  REQUIRE(packets.size() == 9);
  CHECK(distance(packets[1].rtp().sequence(), packets[2].rtp().sequence()) == 2);
  CHECK(distance(packets[1].rtp().sequence(), packets[8].rtp().sequence()) == 1);
}

TEST_CASE_FIXTURE(ThreeEncodings, "changes of the encoding leave no gap, and the sender's clock stays true") {
  const auto queue = tap(kVideoTap, ProducerKey{1}, MediaKind::video);
  for (int round = 0; round < 4; ++round) {
    on[2] = round % 2 == 0;
    for (std::size_t k = 0; k < 3; ++k) report(k);
    ticks(90);
  }
  const auto packets = read(*queue);
  REQUIRE(packets.size() > 500);
  check_unbroken(packets);
  std::optional<double> offset;  // of the tap's clock from the sender's, in ticks
  std::size_t turns = 0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const RtpPacketView rtp = packets[i].rtp();
    if (i > 0) CHECK(distance(packets[i - 1].rtp().timestamp(), rtp.timestamp()) >= 0);
    if (i > 0 && packets[i - 1].rtp().payload().size() != rtp.payload().size()) ++turns;
    if (!packets[i].clock) continue;
    const double seconds = static_cast<double>(packets[i].clock->ntp) / 4'294'967'296.0;
    const double lag =
        distance(kFirst.timestamp, packets[i].clock->rtp) - (seconds - 3600.0) * 90'000;  // the network begins so
    if (!offset) offset = lag;
    CHECK(lag == doctest::Approx(*offset).epsilon(0.02));
    CHECK(std::abs(lag - *offset) < 90);  // one millisecond
  }
  CHECK(turns >= 3);
  CHECK(offset.has_value());
}

TEST_CASE_FIXTURE(CameraCall, "a tap that pauses gets nothing, and goes on with a key frame that is asked for") {
  const auto queue = tap(kVideoTap, camera, MediaKind::video);
  run_frames(video, alice, 5, FrameKind::key);
  network.run_for(100ms);
  worker.core.taps().set_paused(kVideoTap, true, network.now());
  CHECK(read(*queue).size() == 10);
  alice.forget_received();
  run_frames(video, alice, 5, FrameKind::key);
  CHECK(queue->next() == std::nullopt);
  worker.core.taps().set_paused(kVideoTap, false, network.now());
  run_frames(video, alice, 5);
  CHECK(queue->next() == std::nullopt);
  CHECK(alice.keyframe_requests(kCamera).size() >= 1);
  run_frames(video, alice, 5, FrameKind::key);
  network.run_for(100ms);
  CHECK(read(*queue).size() == 10);
}

TEST_CASE_FIXTURE(CameraCall, "of a producer that is paused nothing comes, and after it a key frame") {
  const auto queue = tap(kVideoTap, camera, MediaKind::video);
  run_frames(video, alice, 5, FrameKind::key);
  network.run_for(100ms);
  worker.core.set_producer_paused(camera, true, network.now());
  const auto before = read(*queue);
  run_frames(video, alice, 5, FrameKind::key);
  CHECK(queue->next() == std::nullopt);
  alice.forget_received();
  worker.core.set_producer_paused(camera, false, network.now());
  run_frames(video, alice, 5);
  CHECK(alice.keyframe_requests(kCamera).size() >= 1);
  CHECK(queue->next() == std::nullopt);
  run_frames(video, alice, 5, FrameKind::key);
  network.run_for(100ms);
  const auto after = read(*queue);
  REQUIRE(after.size() == 10);
  CHECK(distance(before.back().rtp().sequence(), after.front().rtp().sequence()) == 1);
  CHECK(distance(before.back().rtp().timestamp(), after.front().rtp().timestamp()) == 11 * 2970);
}

TEST_CASE_FIXTURE(CameraCall, "a producer that is held back from everybody reaches a tap") {
  SimulatedPeer& bob = join(2);
  view_video(2, camera, kToBob);
  run_frames(video, alice, 1, FrameKind::key);
  worker.core.hold_back_producer(camera, true, network.now());
  network.run_for(100ms);
  const std::size_t seen = bob.rtp_of(kToBob).size();
  alice.forget_received();
  const auto queue = tap(kVideoTap, camera, MediaKind::video);
  network.run_for(1s);
  CHECK(alice.keyframe_requests(kCamera).size() >= 1);
  run_frames(video, alice, 10, FrameKind::key);
  network.run_for(100ms);
  CHECK(read(*queue).size() == 20);
  CHECK(bob.rtp_of(kToBob).size() == seen);
}

TEST_CASE_FIXTURE(CameraCall, "a reader that is too slow costs packets that are counted, and nobody else anything") {
  SimulatedPeer& bob = join(2);
  view_video(2, camera, kToBob);
  const auto queue = tap(kVideoTap, camera, MediaKind::video);
  run_frames(video, alice, 1, FrameKind::key);
  network.run_for(100ms);
  alice.forget_received();
  run_frames(video, alice, 800);
  network.run_for(100ms);
  CHECK(queue->dropped() > 100);
  CHECK(worker.core.taps().dropped() == queue->dropped());
  CHECK(alice.keyframe_requests(kCamera).empty());
  CHECK(bob.rtp_of(kToBob).size() == 1602);
  check_gapless(bob.rtp_of(kToBob));

  const auto before = read(*queue);
  run_frames(video, alice, 2);
  CHECK(alice.keyframe_requests(kCamera).size() == 1);
  run_frames(video, alice, 2, FrameKind::key);
  network.run_for(100ms);
  const auto after = read(*queue);
  REQUIRE(after.size() == 4);
  CHECK(distance(before.back().rtp().sequence(), after.front().rtp().sequence()) == 2);
  worker.core.taps().close(kVideoTap);
  CHECK(worker.core.taps().dropped() == queue->dropped());  // of taps that have closed, too
}

TEST_CASE_FIXTURE(CameraCall, "taps, producer and transport end in any order") {
  const auto first = tap(kVideoTap, camera, MediaKind::video);
  const auto second = tap(kAudioTap, camera, MediaKind::video);
  run_frames(video, alice, 2, FrameKind::key);
  SUBCASE("the tap first") { worker.core.taps().close(kVideoTap); }
  SUBCASE("the producer first") { worker.core.close_producer(transport_of(1), camera); }
  SUBCASE("the transport first") { worker.core.close(transport_of(1), network.now()); }
  run_frames(video, alice, 2);
  network.run_for(100ms);
  worker.core.taps().set_paused(kVideoTap, true, network.now());
  worker.core.taps().request_keyframe(kVideoTap, network.now());
  worker.core.taps().close(kVideoTap);
  worker.core.taps().close(kAudioTap);
  CHECK(worker.core.taps().size() == 0);
  CHECK(read(*first).size() >= 2);
  CHECK(read(*second).size() >= 2);
}

TEST_CASE_FIXTURE(CameraCall, "a tap of a producer that has gone, or that is another worker's, never opens") {
  static_cast<void>(tap(kVideoTap, ProducerKey{4711}, MediaKind::video));
  CHECK(worker.core.taps().size() == 0);
}

TEST_CASE_FIXTURE(TappedCall, "redundancy is taken off") {
  constexpr std::uint8_t kProducerRed = 63;
  constexpr std::uint8_t kRouterRed = 103;
  auto mapping = simulation::audio_producer(mid("a"), kMicrophone);
  mapping.codecs[kProducerRed] = {
      .payload_type = kRouterRed, .block_payload_type = simulation::kProducerOpus, .clock_rate = 48'000};
  const ProducerKey microphone = publish(1, ProducerKey{1}, MediaKind::audio, std::move(mapping));
  RtpConsumer::Spec spec{.key = kAudioTap,
                         .kind = MediaKind::audio,
                         .mapping = {},
                         .clock_rate = 48'000,
                         .cname = "alice",
                         .first = kFirst,
                         .insists = true};
  spec.mapping.codecs[simulation::kRouterOpus] = {.payload_type = simulation::kRouterOpus};
  spec.mapping.codecs[kRouterRed] = {.payload_type = simulation::kRouterOpus};
  spec.mapping.red = {.router_payload_type = kRouterRed};
  spec.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = Ssrc{7}});
  const auto queue = std::make_shared<TapQueue>(0);
  worker.core.tap(microphone, std::move(spec), queue, network.now());

  const std::uint8_t opus = simulation::kProducerOpus;
  const std::vector<std::uint8_t> with_earlier{
      static_cast<std::uint8_t>(0x80 | opus), 0x0f, 0x00, 2, opus, 0xee, 1, 0xff, 2};
  REQUIRE(alice.peer.send_rtp({.payload_type = PayloadType{kProducerRed}, .ssrc = kMicrophone}, {}, with_earlier));
  network.run_for(100ms);
  const auto packets = read(*queue);
  REQUIRE(packets.size() == 1);
  CHECK(packets[0].rtp().payload_type() == PayloadType{simulation::kRouterOpus});
  const Bytes payload = packets[0].rtp().payload();
  CHECK(std::vector<std::uint8_t>{payload.begin(), payload.end()} == std::vector<std::uint8_t>{0xff, 2});
}

}  // namespace sluice::test
