// A consumer that goes from producer to producer: its client sees one stream that goes on.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kFirstCamera{0x1111};
constexpr Ssrc kSecondCamera{0x2222};
constexpr Ssrc kMicrophone{0x3333};
constexpr Ssrc kSent{0xaaaa};

// Clients 1 and 2 send, 3 watches.
struct Slots : Call {
  void switch_to(std::optional<ProducerKey> producer) {
    worker.core.switch_consumer(transport_of(3), slot, producer, network.now());
  }
  [[nodiscard]] std::vector<ReceivedRtp> seen() {
    network.run_for(100ms);
    return viewer.rtp_of(kSent);
  }

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  SimulatedPeer& viewer = join(3);
  ProducerKey first = publish_video(1, kFirstCamera);
  ProducerKey second = publish_video(2, kSecondCamera);
  MediaSource first_source = video_source(kFirstCamera, 40'000);
  MediaSource second_source = video_source(kSecondCamera, 100);
  ConsumerKey slot = view_video(3, ProducerKey{}, kSent);
};

void check_timestamps_go_on(const std::vector<ReceivedRtp>& packets) {
  for (std::size_t i = 1; i < packets.size(); ++i) {
    CAPTURE(i);
    const auto step = distance(packets[i - 1].timestamp(), packets[i].timestamp());
    CHECK(step >= 0);
    CHECK(step <= 90'000);
  }
}

}  // namespace

TEST_CASE_FIXTURE(Slots, "an empty slot sends nothing, and one that is filled starts on a key frame") {
  run_frames(first_source, alice, 5, FrameKind::key);
  CHECK(seen().empty());
  alice.forget_received();

  switch_to(first);
  run_frames(first_source, alice, 5);
  CHECK(seen().empty());
  CHECK(alice.keyframe_requests(kFirstCamera).size() == 1);
  run_frames(first_source, alice, 5, FrameKind::key);
  const auto packets = seen();
  REQUIRE(packets.size() == 10);
  CHECK(packets.front().starts_keyframe());
  CHECK(packets.front().sequence() == Call::kFirst.sequence);
}

TEST_CASE_FIXTURE(Slots, "a slot that changes its producer goes on without a gap, from a key frame of the new one") {
  switch_to(first);
  run_frames(first_source, alice, 10, FrameKind::key);
  REQUIRE(seen().size() == 20);
  bob.forget_received();

  switch_to(second);
  run_frames(second_source, bob, 5);
  run_frames(first_source, alice, 5, FrameKind::key);
  CHECK(seen().size() == 20);
  CHECK(bob.keyframe_requests(kSecondCamera).size() == 1);

  run_frames(second_source, bob, 10, FrameKind::key);
  const auto packets = seen();
  REQUIRE(packets.size() == 40);
  CHECK(packets[20].starts_keyframe());
  check_gapless(packets);
  check_timestamps_go_on(packets);
}

TEST_CASE_FIXTURE(Slots, "a slot whose producer has gone is filled again") {
  switch_to(first);
  run_frames(first_source, alice, 10, FrameKind::key);
  SUBCASE("closed") { worker.core.close_producer(transport_of(1), first); }
  SUBCASE("its client has left") { worker.core.close(transport_of(1), network.now()); }
  SUBCASE("the slot was emptied") { switch_to(std::nullopt); }
  run_frames(second_source, bob, 5, FrameKind::key);
  CHECK(seen().size() == 20);

  switch_to(second);
  run_frames(second_source, bob, 10, FrameKind::key);
  const auto packets = seen();
  REQUIRE(packets.size() == 40);
  CHECK(packets[20].starts_keyframe());
  check_gapless(packets);
  check_timestamps_go_on(packets);
}

TEST_CASE_FIXTURE(Slots, "a slot that is empty lets nothing through of the producer that it had") {
  switch_to(first);
  run_frames(first_source, alice, 3, FrameKind::key);
  switch_to(std::nullopt);
  run_frames(first_source, alice, 5, FrameKind::key);
  CHECK(seen().size() == 6);
  worker.core.request_consumer_keyframe(transport_of(3), slot, network.now());
}

TEST_CASE_FIXTURE(Slots, "from a single stream to a simulcast and back") {
  SimulatedPeer& dave = join(4);
  const ProducerKey layers = publish_simulcast(4, ProducerKey{77});
  MediaSource high = simulcast_source(Ssrc{31}, "h");
  switch_to(layers);
  run_frames(high, dave, 5, FrameKind::key);
  switch_to(first);
  run_frames(first_source, alice, 5, FrameKind::key);
  switch_to(layers);
  run_frames(high, dave, 5, FrameKind::key);
  const auto packets = seen();
  CHECK(packets.size() == 30);
  check_gapless(packets);
}

TEST_CASE_FIXTURE(Slots, "a slot that was paused meanwhile shows the new producer when it is resumed") {
  switch_to(first);
  run_frames(first_source, alice, 5, FrameKind::key);
  worker.core.set_consumer_paused(transport_of(3), slot, true, network.now());
  bob.forget_received();
  switch_to(second);
  run_frames(second_source, bob, 5, FrameKind::key);
  CHECK(seen().size() == 10);
  CHECK(bob.keyframe_requests(kSecondCamera).empty());
  worker.core.set_consumer_paused(transport_of(3), slot, false, network.now());
  run_frames(second_source, bob, 5, FrameKind::key);
  const auto packets = seen();
  CHECK(packets.size() == 20);
  check_gapless(packets);
}

TEST_CASE_FIXTURE(Slots, "audio goes on at once") {
  const ProducerKey microphone = publish_audio(1, kMicrophone);
  const ProducerKey other = publish_audio(2, Ssrc{0x4444});
  const ConsumerKey heard = hear_audio(3, microphone, Ssrc{0xbbbb});
  MediaSource one = audio_source(kMicrophone);
  MediaSource two = audio_source(Ssrc{0x4444});
  run_audio(one, alice, 5);
  worker.core.switch_consumer(transport_of(3), heard, other, network.now());
  run_audio(two, bob, 5);
  network.run_for(100ms);
  const auto packets = viewer.rtp_of(Ssrc{0xbbbb});
  CHECK(packets.size() == 10);
  check_gapless(packets);
}

TEST_CASE("the producers of a slot may live on other workers") {
  Call call;
  SimulatedWorker second{call.network, kSecondGateway, WorkerIndex{1}, gateway_context()};
  SimulatedWorker::link(call.worker, second);
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& carol = call.join(3, &second);
  const auto mapping = simulation::video_producer(Call::mid("v"), {});
  const ProducerKey camera = call.publish(1, ProducerKey{7}, MediaKind::video, mapping);
  const ConsumerKey slot = call.view_video(3, ProducerKey{}, kSent, &second);
  MediaSource source = Call::video_source(kFirstCamera);
  const auto mirror = [&] {
    second.core.add_mirror(
        {.key = camera, .kind = MediaKind::video, .home = call.worker.index(), .mapping = mapping, .paused = false});
    call.worker.core.add_remote(camera, second.index());
  };

  mirror();
  second.core.switch_consumer(transport_of(3), slot, camera, call.network.now());
  call.run_frames(source, alice, 5, FrameKind::key);
  call.network.run_for(100ms);
  REQUIRE(carol.rtp_of(kSent).size() == 10);

  // The last consumer leaves: the mirror goes, and comes again.
  second.core.switch_consumer(transport_of(3), slot, std::nullopt, call.network.now());
  call.worker.core.remove_remote(camera, second.index());
  second.core.remove_mirror(camera);
  call.run_frames(source, alice, 5, FrameKind::key);
  mirror();
  second.core.switch_consumer(transport_of(3), slot, camera, call.network.now());
  call.run_frames(source, alice, 5, FrameKind::key);
  call.network.run_for(100ms);
  const auto packets = carol.rtp_of(kSent);
  CHECK(packets.size() == 20);
  check_gapless(packets);
}

TEST_CASE_FIXTURE(Slots, "switching something that has closed does nothing") {
  worker.core.close_consumer(transport_of(3), slot);
  switch_to(first);
  worker.core.close(transport_of(3), network.now());
  switch_to(first);
  run_frames(first_source, alice, 3, FrameKind::key);
  CHECK(seen().empty());
}

}  // namespace sluice::test
