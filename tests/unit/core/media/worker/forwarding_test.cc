// What a consumer gets of a producer: two clients, a worker between them, a simulated network.

#include <set>

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kMicrophone{0x2222};
constexpr Ssrc kSentVideo{0xaaaa};
constexpr Ssrc kSentAudio{0xbbbb};

}  // namespace

TEST_CASE("a client connects, by either DTLS role") {
  for (const DtlsRole role : {DtlsRole::client, DtlsRole::server}) {
    Call call;
    SimulatedPeer& peer = call.open(1, role);
    call.tell_fingerprints(1, role == DtlsRole::client ? DtlsRole::server : DtlsRole::client);
    CHECK(call.worker.state_of(transport_of(1)) == TransportState::created);
    peer.start();
    REQUIRE(call.network.run_while_not([&] { return peer.peer.can_send(); }, 5s));
    call.network.run_for(1s);
    CHECK(call.worker.state_of(transport_of(1)) == TransportState::connected);
    CHECK(peer.peer.mapped_address() == simulation::to_socket_address(Address{1}));
    REQUIRE(call.worker.changes.size() == 2);
    CHECK(call.worker.changes[0].state == TransportState::connecting);
    const auto stats = call.worker.core.transport_stats(transport_of(1));
    REQUIRE(stats.has_value());
    CHECK(stats->srtp_profile == "SRTP_AEAD_AES_128_GCM");
    CHECK(stats->remote_address == "10.0.0.1:5000");
  }
}

TEST_CASE("our ClientHello waits for the path instead of for a retransmission") {
  Call call;
  SimulatedPeer& peer = call.open(1, DtlsRole::server);
  call.tell_fingerprints(1, DtlsRole::client);
  call.network.run_for(12s);  // the client takes its time; each lost flight would have doubled the wait
  peer.start();
  CHECK(call.network.run_while_not([&] { return peer.peer.can_send(); }, 300ms));
}

TEST_CASE("a consumer gets video under its own numbers") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  const ProducerKey camera = call.publish_video(1, kCamera);
  call.view_video(2, camera, kSentVideo);
  MediaSource source = Call::video_source(kCamera);
  const RtpTimestamp first_timestamp = source.next_timestamp();
  call.run_frames(source, alice, 10, FrameKind::key);
  call.network.run_for(100ms);

  const auto packets = bob.rtp_of(kSentVideo);
  REQUIRE(packets.size() == 20);
  CHECK(bob.rtp.size() == 20);  // and nothing under another SSRC
  check_gapless(packets);
  std::uint16_t transport_sequence = 0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    CAPTURE(i);
    const RtpPacketView packet = packets[i].view();
    CHECK(packet.payload_type().value() == simulation::kConsumerVp8);
    CHECK(packet.marker() == (i % 2 == 1));
    CHECK(distance(Call::kFirst.sequence, packet.sequence()) == static_cast<int>(i));
    CHECK(distance(Call::kFirst.timestamp, packet.timestamp()) == static_cast<int>(i / 2 * 2970));
    CHECK(packet.payload().size() == 200);
    CHECK(packet.payload()[3] == i / 2);  // the picture id: payloads are not touched

    CHECK(read_mid(packet.extension(simulation::kConsumerIds.mid).value()) == Call::mid("5"));
    CHECK(read_video_orientation(packet.extension(simulation::kConsumerIds.orientation).value()).has_value());
    const auto sent_at = read_abs_send_time(packet.extension(simulation::kConsumerIds.abs_send_time).value());
    CHECK(elapsed(*sent_at, to_abs_send_time(packets[i].at)) >= 19ms);
    CHECK(elapsed(*sent_at, to_abs_send_time(packets[i].at)) <= 21ms);
    const auto number = read_transport_sequence(packet.extension(simulation::kConsumerIds.transport_sequence).value());
    if (i > 0) CHECK(number->value() == static_cast<std::uint16_t>(transport_sequence + 1));
    transport_sequence = number->value();
    std::size_t extensions = 0;
    for ([[maybe_unused]] const ExtensionElement& element : packet.extensions()) ++extensions;
    CHECK(extensions == 4);  // the producer's own mid and clocks are not among them
  }
  CHECK(source.next_timestamp().value() - first_timestamp.value() == 10 * 2970);
}

TEST_CASE("a consumer gets audio from the first packet on") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  const ProducerKey microphone = call.publish_audio(1, kMicrophone);
  MediaSource source = Call::audio_source(kMicrophone);
  call.run_audio(source, alice, 5);
  call.hear_audio(2, microphone, kSentAudio);
  call.run_audio(source, alice, 10);
  call.network.run_for(100ms);

  const auto packets = bob.rtp_of(kSentAudio);
  CHECK(packets.size() == 10);
  check_gapless(packets);
  CHECK(packets.front().sequence() == Call::kFirst.sequence);
  CHECK(packets.front().view().payload_type().value() == simulation::kConsumerOpus);
  CHECK(packets.front().view().extension(simulation::kConsumerIds.audio_level).has_value());
  CHECK(alice.keyframe_requests(kMicrophone).empty());
}

TEST_CASE("a producer of many consumers is asked once for a key frame, and all start with it") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  const ProducerKey camera = call.publish_video(1, kCamera);
  MediaSource source = Call::video_source(kCamera);
  call.run_frames(source, alice, 3, FrameKind::key);

  std::vector<SimulatedPeer*> viewers;
  for (ClientNumber client = 2; client < 6; ++client) viewers.push_back(&call.join(client));
  alice.forget_received();
  for (ClientNumber client = 2; client < 6; ++client) call.view_video(client, camera, Ssrc{0xa000 + client});
  call.run_frames(source, alice, 10);
  for (ClientNumber client = 2; client < 6; ++client) CHECK(viewers[client - 2]->rtp.empty());
  CHECK(alice.keyframe_requests(kCamera).size() == 1);

  call.run_frames(source, alice, 5, FrameKind::key);
  call.network.run_for(100ms);
  CHECK(alice.keyframe_requests(kCamera).size() == 1);
  for (ClientNumber client = 2; client < 6; ++client) {
    const auto packets = viewers[client - 2]->rtp_of(Ssrc{0xa000 + client});
    REQUIRE(packets.size() == 10);
    CHECK(packets.front().starts_keyframe());
    CHECK(packets.front().sequence() == Call::kFirst.sequence);
  }
}

TEST_CASE("a key frame is asked for again, until somebody gets one") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  call.join(2);
  const ProducerKey camera = call.publish_video(1, kCamera);
  MediaSource source = Call::video_source(kCamera);
  call.view_video(2, camera, kSentVideo);
  call.run_frames(source, alice, 30 * 12);  // 12 s: longer than the attempts of one request
  const auto asked = alice.keyframe_requests(kCamera);
  CHECK(asked.size() >= 9);
  CHECK(asked.size() <= 13);
  for (std::size_t i = 1; i < asked.size(); ++i) CHECK(asked[i] - asked[i - 1] >= 500ms);
  alice.forget_received();
  call.run_frames(source, alice, 30 * 3, FrameKind::key);
  CHECK(alice.keyframe_requests(kCamera).size() <= 1);  // one may have crossed the key frame
}

TEST_CASE("PLI and FIR of consumers reach the producer, no more often than its interval allows") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  const ProducerKey camera = call.publish_video(1, kCamera);
  MediaSource source = Call::video_source(kCamera);
  const ConsumerKey consumer = call.view_video(2, camera, kSentVideo);
  call.run_frames(source, alice, 60, FrameKind::key);
  alice.forget_received();

  bob.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, kSentVideo)); });
  call.network.run_for(100ms);
  REQUIRE(alice.keyframe_requests(kCamera).size() == 1);
  call.run_frames(source, alice, 1, FrameKind::key);

  bob.peer.send_rtcp_of(
      [](RtcpBuilder& out) { static_cast<void>(out.add_fir(Ssrc{1}, {.ssrc = kSentVideo, .sequence = 7})); });
  call.network.run_for(100ms);
  CHECK(alice.keyframe_requests(kCamera).size() == 1);
  call.network.run_for(500ms);
  const auto asked = alice.keyframe_requests(kCamera);
  REQUIRE(asked.size() == 2);
  CHECK(asked[1] - asked[0] == 500ms);
  CHECK(call.worker.core.consumer_stats(transport_of(2), consumer)->key_frame_requests == 2);

  SUBCASE("of an SSRC that is not the client's own consumer nobody is asked") {
    call.run_frames(source, alice, 30, FrameKind::key);
    alice.forget_received();
    bob.peer.send_rtcp_of([](RtcpBuilder& out) {
      static_cast<void>(out.add_pli(Ssrc{1}, kCamera));
      static_cast<void>(out.add_pli(Ssrc{1}, Ssrc{0}));
    });
    call.network.run_for(2s);
    CHECK(alice.keyframe_requests(kCamera).empty());
  }
}

TEST_CASE("a producer without PLI is asked by FIR, and one without either is not asked") {
  for (const bool fir : {true, false}) {
    Call call;
    SimulatedPeer& alice = call.join(1);
    call.join(2);
    auto mapping = simulation::video_producer(Call::mid("v"), kCamera);
    mapping.feedback = {.fir = fir};
    call.publish(1, ProducerKey{1}, MediaKind::video, mapping);
    MediaSource source = Call::video_source(kCamera);
    call.view_video(2, ProducerKey{1}, kSentVideo);
    call.run_frames(source, alice, 10);
    CHECK(alice.keyframe_requests(kCamera).size() == (fir ? 1U : 0U));
  }
}

TEST_CASE("media gets through a network that loses, reorders and doubles") {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    CAPTURE(seed);
    Call call{seed, {.delay = 30ms, .jitter = 10ms, .loss = 0.05, .duplication = 0.02, .reordering = 0.05}};
    SimulatedPeer& alice = call.join(1);
    SimulatedPeer& bob = call.join(2);
    const ProducerKey camera = call.publish_video(1, kCamera);
    const ProducerKey microphone = call.publish_audio(1, kMicrophone);
    MediaSource video = Call::video_source(kCamera);
    MediaSource audio = Call::audio_source(kMicrophone);
    call.view_video(2, camera, kSentVideo);
    call.hear_audio(2, microphone, kSentAudio);
    bool key_wanted = true;
    for (int i = 0; i < 600; ++i) {
      video.send_frame(alice.peer, key_wanted ? FrameKind::key : FrameKind::delta);
      audio.send_audio(alice.peer);
      call.network.run_for(33ms);
      key_wanted = !alice.keyframe_requests(kCamera).empty();
      if (key_wanted) alice.forget_received();
    }
    call.network.run_for(1s);

    std::set<std::uint16_t> video_numbers;
    for (const ReceivedRtp& packet : bob.rtp_of(kSentVideo)) {
      CHECK(video_numbers.insert(packet.sequence().value()).second);  // SRTP lets nothing through twice
    }
    CHECK(video_numbers.size() > 1000);
    CHECK(video_numbers.size() < 1140);  // 1200 sent, twice 5 % lost
    CHECK(bob.rtp_of(kSentAudio).size() > 500);
    CHECK(bob.peer.counters().malformed == 0);
    CHECK(call.worker.state_of(transport_of(1)) == TransportState::connected);
    CHECK(call.worker.state_of(transport_of(2)) == TransportState::connected);
  }
}

TEST_CASE("a sender that begins a new numbering or another SSRC is followed without a gap") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  call.publish(1, ProducerKey{1}, MediaKind::video, simulation::video_producer(Call::mid("v"), {}));
  call.view_video(2, ProducerKey{1}, kSentVideo);
  MediaSource before = Call::video_source(kCamera, 40'000);
  call.run_frames(before, alice, 10, FrameKind::key);

  bool same_ssrc = false;
  SUBCASE("the same SSRC") { same_ssrc = true; }
  SUBCASE("another SSRC") { same_ssrc = false; }
  // Of one SSRC only forward: SRTP takes what lies behind for a replay.
  MediaSource after = Call::video_source(same_ssrc ? kCamera : Ssrc{0x3333}, same_ssrc ? 50'000 : 20'000);
  call.run_frames(after, alice, 10, FrameKind::key);
  call.run_frames(after, alice, 10, FrameKind::key);
  call.network.run_for(100ms);

  const auto packets = bob.rtp_of(kSentVideo);
  REQUIRE(packets.size() == (same_ssrc ? 40 : 60));  // a single packet after a jump is not believed
  check_gapless(packets);
  for (std::size_t i = 1; i < packets.size(); ++i) {
    const auto step = distance(packets[i - 1].timestamp(), packets[i].timestamp());
    CAPTURE(i);
    CHECK(step >= 0);
    CHECK(step <= 2 * 2970 * 11);
  }
  CHECK(packets[20].starts_keyframe());
}

TEST_CASE("audio that knows no rid does not make video forget it") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  call.publish_simulcast(1, ProducerKey{1});
  call.publish_audio(1, kMicrophone);
  call.view_video(2, ProducerKey{1}, kSentVideo);
  MediaSource source = Call::simulcast_source(Ssrc{31}, "h");
  call.run_frames(source, alice, 5, FrameKind::key);
  call.network.run_for(100ms);
  CHECK(bob.rtp_of(kSentVideo).size() == 10);
}

TEST_CASE("a closed producer's consumers fall silent, and a closed consumer gets nothing more") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  const ProducerKey camera = call.publish_video(1, kCamera);
  const ConsumerKey consumer = call.view_video(2, camera, kSentVideo);
  MediaSource source = Call::video_source(kCamera);
  call.run_frames(source, alice, 5, FrameKind::key);
  call.network.run_for(100ms);
  REQUIRE(bob.rtp.size() == 10);
  bob.forget_received();

  SUBCASE("producer") {
    call.worker.core.close_producer(transport_of(1), camera);
    call.run_frames(source, alice, 5, FrameKind::key);
    call.worker.core.request_consumer_keyframe(transport_of(2), consumer, call.network.now());
    CHECK(call.counters(1).dropped_unknown_stream > 0);
  }
  SUBCASE("the producer's transport") {
    call.worker.core.close(transport_of(1), call.network.now());
    CHECK(call.worker.core.transport_count() == 1);
    call.run_frames(source, alice, 5, FrameKind::key);
    call.worker.core.set_consumer_paused(transport_of(2), consumer, true, call.network.now());
    call.worker.core.set_consumer_paused(transport_of(2), consumer, false, call.network.now());
  }
  SUBCASE("consumer") {
    call.worker.core.close_consumer(transport_of(2), consumer);
    call.run_frames(source, alice, 5, FrameKind::key);
    CHECK_FALSE(call.worker.core.consumer_stats(transport_of(2), consumer).has_value());
  }
  SUBCASE("the consumer's transport") {
    call.worker.core.close(transport_of(2), call.network.now());
    call.run_frames(source, alice, 5, FrameKind::key);
  }
  call.network.run_for(1s);
  CHECK(bob.rtp.empty());
}

}  // namespace sluice::test
