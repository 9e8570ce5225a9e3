// What a transport holds back for congestion control, and whom it belongs to.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kSent{0xaaaa};
constexpr Ssrc kRtx{0xbbbb};
constexpr ClientNumber kAlice = 1;
constexpr ClientNumber kBob = 2;

// Alice publishes; Bob's client tells what arrives, and his video is paced.
struct PacedCall : Call {
  PacedCall() : Call{1, {.delay = 20ms}} {}

  ConsumerKey view(ProducerKey producer) {
    RtpConsumer::Spec spec{.key = ConsumerKey{kSent.value()},
                           .kind = MediaKind::video,
                           .mapping = simulation::video_consumer(mid("5"), kSent),
                           .clock_rate = simulation::kVideoClock,
                           .cname = "sluice",
                           .first = kFirst};
    simulation::add_rtx(spec.mapping, kRtx);
    simulation::add_transport_cc(spec.mapping.feedback);
    const ConsumerKey key = spec.key;
    worker.core.consume(transport_of(kBob), std::move(spec), producer, network.now());
    return key;
  }
  [[nodiscard]] TransportStats bobs() const { return worker.core.transport_stats(transport_of(kBob)).value(); }
  void ask_for(std::vector<RtpSequence> lost) {
    bob.peer.send_rtcp_of([&](RtcpBuilder& out) { static_cast<void>(out.add_nack(Ssrc{9}, kSent, lost)); });
  }

  SimulatedPeer& alice = join(kAlice);
  SimulatedPeer& bob = join(kBob);
  MediaSource video{{.kind = MediaKind::video, .ssrc = kCamera, .mid = mid("v"), .payload_size = 1000}};
};

}  // namespace

TEST_CASE_FIXTURE(PacedCall, "what waits for a consumer that is closed does not leave after it") {
  const ConsumerKey seen = view(publish_video(kAlice, kCamera));
  video.send_frame(alice.peer, FrameKind::key, 60);
  network.run_for(60ms);
  REQUIRE(bobs().pacer_queue_packets > 20);
  worker.core.close_consumer(transport_of(kBob), seen);
  network.run_for(30ms);  // what was under way
  const std::size_t before = bob.rtp.size();
  network.run_for(2s);
  CHECK(bob.rtp.size() == before);
  CHECK(bobs().pacer_queue_packets == 0);
}

TEST_CASE_FIXTURE(PacedCall, "the numbers of RTX begin at random, as those of the media do") {
  view(publish_video(kAlice, kCamera));
  video.send_frame(alice.peer, FrameKind::key, 8);
  network.run_for(500ms);
  REQUIRE(bob.rtp_of(kSent).size() == 8);
  ask_for({Call::kFirst.sequence});
  network.run_for(200ms);
  REQUIRE(!bob.rtp_of(kRtx).empty());
  CHECK(bob.rtp_of(kRtx).front().sequence() == Call::kFirst.sequence);
}

TEST_CASE_FIXTURE(PacedCall,
                  "a datagram that asks for everything is answered within bounds, and the next one is heard") {
  view(publish_video(kAlice, kCamera));
  for (int i = 0; i < 60; ++i) {
    video.send_frame(alice.peer, i == 0 ? FrameKind::key : FrameKind::delta, 1);
    network.run_for(33ms);
  }
  network.run_for(100ms);
  const std::size_t before = bob.rtp.size();
  std::vector<RtpSequence> all;
  for (int i = 0; i < 4000; ++i) all.push_back(advance(Call::kFirst.sequence, i - 3950));
  ask_for(all);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == before);
  ask_for({bob.rtp_of(kSent).back().sequence()});
  network.run_for(100ms);
  CHECK(bob.rtp.size() == before + 1);
}

TEST_CASE_FIXTURE(PacedCall, "a client may change its SSRC as often as it likes") {
  view_video(kBob, publish_video(kAlice, kCamera), kSent);
  for (std::uint32_t i = 0; i < 2 * kMaxReceivedSsrcs; ++i) {
    MediaSource other{{.kind = MediaKind::video, .ssrc = Ssrc{0x7000 + i}, .mid = mid("v")}};
    bob.forget_received();
    other.send_frame(alice.peer, FrameKind::key, 1);
    network.run_for(50ms);
    CAPTURE(i);
    REQUIRE(bob.rtp_of(kSent).size() == 1);
  }
}

}  // namespace sluice::test
