// Producers that are held back, and consumers that insist.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kMicrophone{0x2222};
constexpr Ssrc kToBob{0xaaaa};
constexpr Ssrc kToCarol{0xbbbb};
constexpr Ssrc kAudioToBob{0xcccc};
constexpr Ssrc kToDave{0xdddd};

// Client 1 sends audio and video; 2 and 3 are on its worker, 4 on another.
struct HeldCall : Call {
  HeldCall() {
    SimulatedWorker::link(worker, second);
    worker.core.add_remote(camera, second.index());
    second.core.add_mirror({.key = camera,
                            .kind = MediaKind::video,
                            .home = worker.index(),
                            .mapping = simulation::video_producer(mid("v"), kCamera),
                            .paused = false});
    to_dave = view_video(4, camera, kToDave, &second);
    frames(10, FrameKind::key);
    network.run_for(100ms);
    forget();
  }

  void frames(int count, FrameKind first = FrameKind::delta) {
    for (int i = 0; i < count; ++i) {
      video.send_frame(alice.peer, i == 0 ? first : FrameKind::delta);
      audio.send_audio(alice.peer);
      network.run_for(33ms);
    }
    network.run_for(50ms);
  }
  void forget() {
    for (SimulatedPeer* peer : {&alice, &bob, &carol, &dave}) peer->forget_received();
  }
  void hold_back(ProducerKey producer, bool held) {
    worker.core.hold_back_producer(producer, held, network.now());
    second.core.hold_back_producer(producer, held, network.now());
  }

  SimulatedWorker second{network, kSecondGateway, WorkerIndex{1}, gateway_context()};
  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  SimulatedPeer& carol = join(3);
  SimulatedPeer& dave = join(4, &second);
  ProducerKey camera = publish_video(1, kCamera);
  ProducerKey microphone = publish_audio(1, kMicrophone);
  ConsumerKey to_bob = view_video(2, camera, kToBob);
  ConsumerKey to_carol = view_video(3, camera, kToCarol);
  ConsumerKey audio_to_bob = hear_audio(2, microphone, kAudioToBob);
  ConsumerKey to_dave;
  MediaSource video = video_source(kCamera);
  MediaSource audio = audio_source(kMicrophone);
};

}  // namespace

TEST_CASE_FIXTURE(HeldCall, "video that is held back reaches nobody, and returns with a key frame and without a gap") {
  frames(3);
  CHECK(bob.rtp_of(kToBob).size() == 6);
  hold_back(camera, true);
  frames(20, FrameKind::key);
  CHECK(bob.rtp_of(kToBob).size() == 6);
  CHECK(dave.rtp_of(kToDave).size() == 6);
  CHECK(bob.rtp_of(kAudioToBob).size() == 23);

  alice.forget_received();
  hold_back(camera, false);
  frames(5);
  CHECK(bob.rtp_of(kToBob).size() == 6);
  CHECK(alice.keyframe_requests(kCamera).size() >= 1);
  frames(5, FrameKind::key);
  for (const auto& [viewer, ssrc] : {std::pair{&bob, kToBob}, std::pair{&carol, kToCarol}, std::pair{&dave, kToDave}}) {
    const auto packets = viewer->rtp_of(ssrc);
    REQUIRE(packets.size() == 16);
    CHECK(packets[6].starts_keyframe());
    check_gapless(packets);
  }
}

TEST_CASE_FIXTURE(HeldCall, "a sender that begins anew while it is held back goes on by the clock of before") {
  frames(3);
  hold_back(camera, true);
  MediaSource other = video_source(Ssrc{0x3333}, 20'000);
  run_frames(other, alice, 60, FrameKind::key);
  hold_back(camera, false);
  run_frames(other, alice, 5, FrameKind::key);
  network.run_for(100ms);
  for (const auto& [viewer, ssrc] : {std::pair{&bob, kToBob}, std::pair{&dave, kToDave}}) {
    const auto packets = viewer->rtp_of(ssrc);
    REQUIRE(packets.size() == 16);
    check_gapless(packets);
    const std::chrono::duration<double> passed = packets[6].at - packets[5].at;
    const double ticks = distance(packets[5].timestamp(), packets[6].timestamp());
    CHECK(ticks == doctest::Approx(passed.count() * simulation::kVideoClock).epsilon(0.1));
  }
}

TEST_CASE_FIXTURE(HeldCall, "audio that is held back is heard at once when it returns, without a gap") {
  frames(3);
  hold_back(microphone, true);
  frames(30);
  CHECK(bob.rtp_of(kAudioToBob).size() == 3);
  hold_back(microphone, false);
  frames(3);
  CHECK(bob.rtp_of(kAudioToBob).size() == 6);
  check_gapless(bob.rtp_of(kAudioToBob));
}

TEST_CASE_FIXTURE(HeldCall, "who insists goes on as if nothing were, on both workers") {
  worker.core.set_consumer_insists(transport_of(3), to_carol, true, network.now());
  second.core.set_consumer_insists(transport_of(4), to_dave, true, network.now());
  frames(3);
  hold_back(camera, true);
  frames(10);
  CHECK(bob.rtp_of(kToBob).size() == 6);
  CHECK(carol.rtp_of(kToCarol).size() == 26);
  CHECK(dave.rtp_of(kToDave).size() == 26);
  CHECK(alice.keyframe_requests(kCamera).empty());
  hold_back(camera, false);
  frames(5, FrameKind::key);
  CHECK(carol.rtp_of(kToCarol).size() == 36);
  check_gapless(carol.rtp_of(kToCarol));
  CHECK(bob.rtp_of(kToBob).size() == 16);
  check_gapless(bob.rtp_of(kToBob));
}

TEST_CASE_FIXTURE(HeldCall, "who begins to insist gets a key frame that is asked for; who ceases gets nothing more") {
  hold_back(camera, true);
  frames(3);
  worker.core.set_consumer_insists(transport_of(2), to_bob, true, network.now());
  frames(3);
  CHECK(alice.keyframe_requests(kCamera).size() >= 1);
  CHECK(bob.rtp_of(kToBob).empty());
  frames(3, FrameKind::key);
  CHECK(bob.rtp_of(kToBob).size() == 6);
  CHECK(carol.rtp_of(kToCarol).empty());
  worker.core.set_consumer_insists(transport_of(2), to_bob, false, network.now());
  frames(3, FrameKind::key);
  CHECK(bob.rtp_of(kToBob).size() == 6);
}

TEST_CASE_FIXTURE(HeldCall, "a sender is asked for no key frame that nobody would get") {
  hold_back(camera, true);
  worker.core.remove_remote(camera, second.index());
  frames(60);  // far beyond the interval between requests
  alice.forget_received();
  for (int i = 0; i < 5; ++i) {
    bob.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kToBob)); });
    dave.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kToDave)); });
    frames(10);
  }
  CHECK(alice.keyframe_requests(kCamera).empty());
}

TEST_CASE_FIXTURE(HeldCall, "consumers come and go while their producer is held back") {
  hold_back(camera, true);
  const ConsumerKey late = view_video(2, camera, Ssrc{0xeeee});
  worker.core.close_consumer(transport_of(3), to_carol);
  worker.core.set_consumer_insists(transport_of(2), late, true, network.now());
  frames(3, FrameKind::key);
  CHECK(bob.rtp_of(Ssrc{0xeeee}).size() == 6);
  CHECK(bob.rtp_of(kToBob).empty());
  worker.core.close_consumer(transport_of(2), late);
  frames(3, FrameKind::key);
  CHECK(bob.rtp_of(kToBob).empty());
  hold_back(camera, false);
  frames(3, FrameKind::key);
  CHECK(bob.rtp_of(kToBob).size() == 6);
}

TEST_CASE_FIXTURE(HeldCall, "a pause during that time is a pause afterwards, too") {
  hold_back(camera, true);
  worker.core.set_producer_paused(camera, true, network.now());
  hold_back(camera, false);
  frames(5, FrameKind::key);
  CHECK(bob.rtp_of(kToBob).empty());
  worker.core.set_producer_paused(camera, false, network.now());
  frames(5, FrameKind::key);
  CHECK(bob.rtp_of(kToBob).size() == 10);
}

}  // namespace sluice::test
