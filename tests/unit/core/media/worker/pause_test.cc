// Pausing and resuming, of consumers and of producers.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kMicrophone{0x2222};
constexpr Ssrc kSentVideo{0xaaaa};
constexpr Ssrc kSentAudio{0xbbbb};

// Both kinds of media from client 1 to client 2, under way.
struct PauseCall : Call {
  PauseCall() {
    frames(10, FrameKind::key);
    network.run_for(100ms);
    video.pass(100ms);
  }
  void frames(int count, FrameKind first = FrameKind::delta) {
    for (int i = 0; i < count; ++i) {
      video.send_frame(alice.peer, i == 0 ? first : FrameKind::delta);
      audio.send_audio(alice.peer);
      network.run_for(33ms);
    }
  }

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  ProducerKey camera = publish_video(1, kCamera);
  ProducerKey microphone = publish_audio(1, kMicrophone);
  ConsumerKey seen = view_video(2, camera, kSentVideo);
  ConsumerKey heard = hear_audio(2, microphone, kSentAudio);
  MediaSource video = video_source(kCamera);
  MediaSource audio = audio_source(kMicrophone);
};

// The receiver sees no gap in the numbers, and as much time as has passed in the timestamps.
void check_continuous(const std::vector<ReceivedRtp>& packets, std::uint32_t clock_rate) {
  check_gapless(packets);
  for (std::size_t i = 1; i < packets.size(); ++i) {
    const std::chrono::duration<double> passed = packets[i].at - packets[i - 1].at;
    const double ticks = distance(packets[i - 1].timestamp(), packets[i].timestamp());
    CAPTURE(i);
    CHECK(ticks >= passed.count() * clock_rate - clock_rate * 0.05);
    CHECK(ticks <= passed.count() * clock_rate + clock_rate * 0.05);
  }
}

}  // namespace

TEST_CASE_FIXTURE(PauseCall, "a paused consumer gets nothing; resumed, it goes on without a gap and on a key frame") {
  worker.core.set_consumer_paused(transport_of(2), seen, true, network.now());
  frames(30);
  network.run_for(100ms);
  video.pass(100ms);
  CHECK(bob.rtp_of(kSentVideo).size() == 20);
  CHECK(bob.rtp_of(kSentAudio).size() == 40);
  alice.forget_received();

  worker.core.set_consumer_paused(transport_of(2), seen, false, network.now());
  frames(5);
  CHECK(bob.rtp_of(kSentVideo).size() == 20);  // delta frames are of no use
  CHECK(alice.keyframe_requests(kCamera).size() == 1);
  frames(5, FrameKind::key);
  network.run_for(100ms);
  const auto packets = bob.rtp_of(kSentVideo);
  REQUIRE(packets.size() == 30);
  CHECK(packets[20].starts_keyframe());
  check_continuous(packets, simulation::kVideoClock);
}

TEST_CASE_FIXTURE(PauseCall, "a sender that begins anew during a pause leaves no mark on numbers and clock") {
  MediaSource other = video_source(Ssrc{0x3333}, 20'000);
  worker.core.set_consumer_paused(transport_of(2), seen, true, network.now());
  run_frames(other, alice, 30, FrameKind::key);
  worker.core.set_consumer_paused(transport_of(2), seen, false, network.now());
  run_frames(other, alice, 10, FrameKind::key);
  network.run_for(100ms);
  REQUIRE(bob.rtp_of(kSentVideo).size() == 40);
  check_continuous(bob.rtp_of(kSentVideo), simulation::kVideoClock);
}

TEST_CASE_FIXTURE(PauseCall, "a client that asks for key frames of what it has paused gets none for it") {
  worker.core.set_consumer_paused(transport_of(2), seen, true, network.now());
  frames(60);
  alice.forget_received();
  for (int i = 0; i < 5; ++i) {
    bob.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kSentVideo)); });
    frames(10);
  }
  CHECK(alice.keyframe_requests(kCamera).empty());
}

TEST_CASE_FIXTURE(PauseCall, "a paused audio consumer goes on at once") {
  worker.core.set_consumer_paused(transport_of(2), heard, true, network.now());
  for (int i = 0; i < 50; ++i) {
    audio.send_audio(alice.peer);
    network.run_for(20ms);
  }
  worker.core.set_consumer_paused(transport_of(2), heard, false, network.now());
  worker.core.set_consumer_paused(transport_of(2), heard, false, network.now());
  for (int i = 0; i < 50; ++i) {
    audio.send_audio(alice.peer);
    network.run_for(20ms);
  }
  network.run_for(100ms);
  const auto packets = bob.rtp_of(kSentAudio);
  CHECK(packets.size() == 60);
  check_gapless(packets);
}

TEST_CASE_FIXTURE(PauseCall, "a paused producer stops at once, whatever its client does") {
  const std::size_t before = bob.rtp.size();
  video.send_frame(alice.peer, FrameKind::key);
  audio.send_audio(alice.peer);
  network.run_for(19ms);  // they arrive in a moment
  worker.core.set_producer_paused(camera, true, network.now());
  worker.core.set_producer_paused(microphone, true, network.now());
  frames(30);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == before);

  SUBCASE("the client is not asked for key frames meanwhile") {
    alice.forget_received();
    bob.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kSentVideo)); });
    worker.core.request_consumer_keyframe(transport_of(2), seen, network.now());
    network.run_for(3s);
    CHECK(alice.keyframe_requests(kCamera).empty());
  }
  SUBCASE("it is still received and reported on") {
    CHECK(worker.core.producer_stats(transport_of(1), camera).at(0).packets == 82);
    CHECK_FALSE(alice.reports().empty());
    CHECK(alice.reports().back().fraction_lost == 0);
  }
  SUBCASE("resumed, it is asked for a key frame, and all goes on without a gap") {
    alice.forget_received();
    worker.core.set_producer_paused(camera, false, network.now());
    worker.core.set_producer_paused(microphone, false, network.now());
    frames(3);
    CHECK(alice.keyframe_requests(kCamera).size() == 1);
    frames(5, FrameKind::key);
    network.run_for(100ms);
    const auto packets = bob.rtp_of(kSentVideo);
    REQUIRE(packets.size() == 30);
    CHECK(packets[20].starts_keyframe());
    check_gapless(packets);
    CHECK(bob.rtp_of(kSentAudio).size() == 18);
    check_gapless(bob.rtp_of(kSentAudio));
  }
}

TEST_CASE("a consumer may begin paused, and of a paused producer") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  const ProducerKey camera = call.publish_video(1, kCamera);
  call.worker.core.set_producer_paused(camera, true, call.network.now());
  const ConsumerKey seen = call.view_video(2, camera, kSentVideo);
  call.worker.core.set_consumer_paused(transport_of(2), seen, true, call.network.now());
  MediaSource video = Call::video_source(kCamera);
  call.run_frames(video, alice, 10, FrameKind::key);
  call.worker.core.set_producer_paused(camera, false, call.network.now());
  call.run_frames(video, alice, 10, FrameKind::key);
  CHECK(bob.rtp.empty());
  call.worker.core.set_consumer_paused(transport_of(2), seen, false, call.network.now());
  call.run_frames(video, alice, 10, FrameKind::key);
  call.network.run_for(100ms);
  CHECK(bob.rtp.size() == 20);
  CHECK(bob.rtp.front().sequence() == Call::kFirst.sequence);
}

}  // namespace sluice::test
