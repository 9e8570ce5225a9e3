// A call that spans two workers: the producer's, and its mirror on the consumer's.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kSentHere{0xaaaa};
constexpr Ssrc kSentThere{0xbbbb};
constexpr Ssrc kSentThereToo{0xcccc};

// Client 1 sends and client 2 watches on the first worker; clients 3 and 4 watch on the second.
struct TwoWorkers : Call {
  TwoWorkers() {
    SimulatedWorker::link(worker, second);
    worker.core.add_remote(camera, second.index());
    second.core.add_mirror(
        {.key = camera, .kind = MediaKind::video, .home = worker.index(), .mapping = mapping, .paused = false});
    view_video(2, camera, kSentHere);
    view_video(3, camera, kSentThere, &second);
    view_video(4, camera, kSentThereToo, &second);
  }

  SimulatedWorker second{network, kSecondGateway, WorkerIndex{1}, gateway_context()};
  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  SimulatedPeer& carol = join(3, &second);
  SimulatedPeer& dave = join(4, &second);
  ortc::ProducerMapping mapping = simulation::video_producer(mid("v"), {});
  ProducerKey camera = publish(1, ProducerKey{7}, MediaKind::video, mapping);
  MediaSource source = video_source(kCamera);
};

}  // namespace

TEST_CASE_FIXTURE(TwoWorkers, "consumers of both workers get the same media; one packet crosses for all of them") {
  run_frames(source, alice, 20, FrameKind::key);
  network.run_for(100ms);
  CHECK(worker.packets_to_other_workers == 40);
  for (const auto& [viewer, ssrc] :
       {std::pair{&bob, kSentHere}, std::pair{&carol, kSentThere}, std::pair{&dave, kSentThereToo}}) {
    const auto packets = viewer->rtp_of(ssrc);
    REQUIRE(packets.size() == 40);
    CHECK(packets.front().starts_keyframe());
    check_gapless(packets);
    const RtpPacketView packet = packets.front().view();
    CHECK(packet.payload_type().value() == simulation::kConsumerVp8);
    CHECK(read_mid(packet.extension(simulation::kConsumerIds.mid).value()) == mid("5"));
    CHECK(packet.extension(simulation::kConsumerIds.orientation).has_value());
    CHECK(packet.extension(simulation::kConsumerIds.transport_sequence).has_value());
  }
}

TEST_CASE_FIXTURE(TwoWorkers, "requests for key frames come over, merged") {
  run_frames(source, alice, 60, FrameKind::key);
  alice.forget_received();
  const std::size_t before = second.keyframe_requests_to_other_workers;
  for (int i = 0; i < 5; ++i) {
    carol.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kSentThere)); });
    dave.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kSentThereToo)); });
  }
  network.run_for(200ms);
  CHECK(second.keyframe_requests_to_other_workers == before + 1);
  CHECK(alice.keyframe_requests(kCamera).size() == 1);
}

TEST_CASE_FIXTURE(TwoWorkers, "a pause holds on both workers, also for packets between them") {
  run_frames(source, alice, 10, FrameKind::key);
  network.run_for(100ms);
  const std::size_t before = carol.rtp.size();
  second.core.set_producer_paused(camera, true, network.now());  // the second worker hears of it first
  run_frames(source, alice, 5);
  CHECK(carol.rtp.size() == before);
  worker.core.set_producer_paused(camera, true, network.now());
  run_frames(source, alice, 5, FrameKind::key);

  worker.core.set_producer_paused(camera, false, network.now());
  second.core.set_producer_paused(camera, false, network.now());
  run_frames(source, alice, 5);
  CHECK(carol.rtp.size() == before);
  run_frames(source, alice, 5, FrameKind::key);
  network.run_for(100ms);
  CHECK(carol.rtp.size() == before + 10);
  check_gapless(carol.rtp_of(kSentThere));
  CHECK(bob.rtp_of(kSentHere).size() == 20 + 10 + 10);
}

TEST_CASE_FIXTURE(TwoWorkers, "another SSRC of the sender is followed on both workers") {
  run_frames(source, alice, 10, FrameKind::key);
  MediaSource other = video_source(Ssrc{0x3333}, 20'000);
  run_frames(other, alice, 10, FrameKind::key);
  network.run_for(100ms);
  CHECK(bob.rtp_of(kSentHere).size() == 40);
  check_gapless(bob.rtp_of(kSentHere));
  CHECK(carol.rtp_of(kSentThere).size() == 40);
  check_gapless(carol.rtp_of(kSentThere));
}

TEST_CASE_FIXTURE(TwoWorkers, "without the mirror, or without the remote, nothing comes over and nothing breaks") {
  run_frames(source, alice, 5, FrameKind::key);
  network.run_for(100ms);
  SUBCASE("the mirror is gone") { second.core.remove_mirror(camera); }
  SUBCASE("the remote is gone") { worker.core.remove_remote(camera, second.index()); }
  SUBCASE("the producer is gone") { worker.core.close_producer(transport_of(1), camera); }
  run_frames(source, alice, 5, FrameKind::key);
  carol.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kSentThere)); });
  network.run_for(100ms);
  CHECK(carol.rtp.size() == 10);
}

TEST_CASE_FIXTURE(TwoWorkers, "a packet for a mirror that is malformed or unknown is dropped") {
  std::array<std::uint8_t, 3> bytes{0x80, 0x60, 0x01};
  second.core.handle_remote_packet({.producer = camera}, bytes, network.now());
  second.core.handle_remote_packet({.producer = ProducerKey{4711}}, bytes, network.now());
  network.run_for(100ms);
  CHECK(carol.rtp.empty());
}

}  // namespace sluice::test
