// What is lost between a publisher and the gateway comes again.

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kSent{0xaaaa};
constexpr ClientNumber kAlice = 1;
constexpr ClientNumber kBob = 2;

enum class Repair { rtx, plain, none };

// Alice publishes video to Bob; her path is 50 ms there and back.
struct RepairedCall : Call {
  static constexpr Duration kOneWay = 25ms;

  explicit RepairedCall(Repair repair, std::uint64_t seed = 1) : Call{seed, {.delay = kOneWay}} {
    ortc::ProducerMapping mapping = simulation::video_producer(mid("v"), kCamera);
    if (repair == Repair::rtx) simulation::add_rtx(mapping);
    camera = publish(kAlice, ProducerKey{7}, MediaKind::video, mapping);
    view_video(kBob, camera, kSent);
    if (repair == Repair::none) return;
    Retransmitter::StreamSpec stream{.ssrc = kCamera, .mid = mid("v")};
    if (repair == Repair::rtx) {
      stream.rtx_ssrc = simulation::rtx_of(kCamera);
      stream.rtx_payload_type = PayloadType{simulation::kProducerRtx};
    }
    alice.answer_nacks(stream);
  }
  using Retransmitter = simulation::Retransmitter;

  void set_loss(double loss) {
    network.set_link(Address{kAlice}, kGateway, {.delay = kOneWay, .loss = loss});
    network.set_link(kGateway, Address{kAlice}, {.delay = kOneWay, .loss = loss});
  }
  // Of what the source sends now; once, what is sent again comes through.
  void lose_next(int packets) {
    network.set_interceptor([left = packets, address = Address{kAlice}](Address from, Address, auto& datagram) mutable {
      const bool is_media =
          from == address && datagram.size() > 12 && (datagram[0] & 0xc0) == 0x80 && !is_rtcp(datagram);
      return !is_media || left-- <= 0;
    });
  }
  // Frames of four packets, each noted when it was sent by its number in Bob's numbering.
  void run(int frames) {
    for (int i = 0; i < frames; ++i) {
      for (int packet = 0; packet < 4; ++packet) sent_at.push_back(network.now());
      source.send_frame(alice.peer, frames_sent++ % 300 == 0 ? FrameKind::key : FrameKind::delta, 4);
      network.run_for(33ms);
    }
  }
  // What is under way arrives, and what was lost at the end is repaired.
  void settle() { network.run_for(300ms); }
  [[nodiscard]] std::vector<int> received_offsets() const {
    std::vector<int> offsets;
    const auto packets = bob.rtp_of(kSent);
    for (const ReceivedRtp& packet : packets)
      offsets.push_back(distance(packets.front().sequence(), packet.sequence()));
    return offsets;
  }
  [[nodiscard]] double share_within(Duration limit) const {
    const auto packets = bob.rtp_of(kSent);
    std::set<int> in_time;
    for (const ReceivedRtp& packet : packets) {
      const int offset = distance(packets.front().sequence(), packet.sequence());
      if (packet.at - sent_at.at(static_cast<std::size_t>(offset)) <= limit) in_time.insert(offset);
    }
    return static_cast<double>(in_time.size()) / static_cast<double>(sent_at.size());
  }
  [[nodiscard]] std::size_t asked(RtpSequence sequence) const {
    return static_cast<std::size_t>(
        std::ranges::count(alice.asked_again(), sequence, &SimulatedPeer::AskedAgain::sequence));
  }

  SimulatedPeer& alice = join(kAlice);
  SimulatedPeer& bob = join(kBob);
  ProducerKey camera;
  MediaSource source = video_source(kCamera);
  std::vector<Instant> sent_at;
  int frames_sent = 0;
};

void check_no_duplicates(const std::vector<int>& offsets) {
  CHECK(std::set<int>(offsets.begin(), offsets.end()).size() == offsets.size());
}

}  // namespace

TEST_CASE("with 10 % loss both ways and a round trip of 50 ms, 99.5 % of the packets are there within 300 ms") {
  for (const Repair repair : {Repair::rtx, Repair::plain}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      CAPTURE(static_cast<int>(repair));
      CAPTURE(seed);
      RepairedCall call{repair, seed};
      call.run(2);
      call.set_loss(0.1);
      call.run(1000);
      call.set_loss(0);
      call.network.run_for(1s);

      CHECK(call.share_within(300ms) >= 0.995);
      CHECK(call.alice.retransmitter().retransmitted() > 300);
      check_no_duplicates(call.received_offsets());
      // Repaired or not, her path lost a tenth: reports must say so, or she would send more.
      REQUIRE(!call.alice.reports().empty());
      if (repair == Repair::rtx) CHECK(call.alice.reports().back().cumulative_lost > 300);
    }
  }
}

TEST_CASE("without NACK in the description nothing is asked for") {
  RepairedCall call{Repair::none};
  auto mapping = simulation::video_producer(Call::mid("w"), Ssrc{0x2222});
  mapping.feedback.nack = false;
  const ProducerKey silent = call.publish(kAlice, ProducerKey{8}, MediaKind::video, mapping);
  call.view_video(kBob, silent, Ssrc{0xbbbb});
  MediaSource other = Call::video_source(Ssrc{0x2222});
  call.run_frames(other, call.alice, 3, FrameKind::key);
  other.skip(2);
  call.run_frames(other, call.alice, 20);
  CHECK(call.alice.asked_again().empty());
}

TEST_CASE("what nobody watches is not repaired") {
  RepairedCall call{Repair::rtx};
  call.run(5);
  call.worker.core.close_consumer(transport_of(kBob), ConsumerKey{kSent.value()});
  call.source.skip(3);
  call.run(20);
  CHECK(call.alice.asked_again().empty());
}

TEST_CASE("a packet is asked for once in a round trip, measured by XR") {
  RepairedCall call{Repair::none};
  call.run(100);  // reports have gone and were answered
  call.alice.forget_received();
  const RtpSequence lost = call.source.next_sequence();
  call.source.skip(1);
  call.run(20);
  std::vector<Instant> at;
  for (const auto& asked : call.alice.asked_again()) {
    CHECK(asked.sequence == lost);
    at.push_back(asked.at);
  }
  REQUIRE(at.size() == NackGeneratorConfig{}.max_attempts);
  for (std::size_t i = 1; i < at.size(); ++i) {
    CHECK(at[i] - at[i - 1] >= 50ms);
    CHECK(at[i] - at[i - 1] <= 65ms);
  }
}

TEST_CASE("what is given up costs one request for a key frame, however much it was") {
  RepairedCall call{Repair::none};
  call.run(30);
  call.alice.forget_received();
  call.source.skip(40);
  call.run(60);  // two seconds without a key frame
  CHECK(call.asked(advance(call.source.next_sequence(), -60 * 4 - 1)) == NackGeneratorConfig{}.max_attempts);
  const auto requests = call.alice.keyframe_requests(kCamera);
  REQUIRE(!requests.empty());
  CHECK(requests.size() <= 2);  // one, and its repetition after a second
  CHECK(requests.front() - call.alice.asked_again().front().at >= 300ms);
}

TEST_CASE("more missing than can be asked for: a key frame is asked for at once") {
  RepairedCall call{Repair::rtx};
  call.run(30);
  call.alice.forget_received();
  call.source.skip(static_cast<int>(NackGenerator::kMaxMissing) + 1);
  call.run(2);
  CHECK(call.alice.asked_again().empty());
  CHECK(call.alice.keyframe_requests(kCamera).size() == 1);
}

TEST_CASE("another SSRC is repaired as the one before; the old one's losses are forgotten") {
  RepairedCall call{Repair::rtx};
  call.run(10);
  call.source.skip(2);
  constexpr Ssrc kOther{0x3333};
  MediaSource other = Call::video_source(kOther, 40'000);
  call.alice.answer_nacks({.ssrc = kOther,
                           .rtx_ssrc = simulation::rtx_of(kOther),
                           .rtx_payload_type = PayloadType{simulation::kProducerRtx},
                           .mid = Call::mid("v")});
  call.run_frames(other, call.alice, 10, FrameKind::key);
  call.alice.forget_received();
  call.lose_next(1);
  call.run_frames(other, call.alice, 20);
  call.network.run_for(500ms);
  REQUIRE(!call.alice.asked_again().empty());
  for (const auto& asked : call.alice.asked_again()) CHECK(asked.ssrc == kOther);
  CHECK(call.bob.rtp_of(kSent).size() == 40 + 60);
}

TEST_CASE("a packet that comes as it was and by RTX, in either order, reaches nobody twice") {
  RepairedCall call{Repair::rtx};
  call.run(10);
  call.settle();
  const std::size_t before = call.bob.rtp.size();
  std::vector<std::uint8_t> held;
  call.network.set_interceptor([&, left = 1](Address from, Address, auto& datagram) mutable {
    const bool is_media = from == Address{kAlice} && (datagram[0] & 0xc0) == 0x80 && !is_rtcp(datagram);
    if (!is_media || left-- <= 0) return true;
    held = datagram;
    return false;
  });
  call.run(5);
  call.settle();
  REQUIRE(!held.empty());
  REQUIRE(call.alice.retransmitter().retransmitted() == 1);
  CHECK(call.bob.rtp.size() == before + 20);
  call.alice.send_raw(held);  // it was only very late
  call.network.run_for(100ms);
  CHECK(call.bob.rtp.size() == before + 20);
  check_no_duplicates(call.received_offsets());
}

TEST_CASE("RTX that repairs nothing goes nowhere") {
  RepairedCall call{Repair::rtx};
  call.run(10);
  call.settle();
  const std::size_t before = call.bob.rtp.size();
  RtpHeader header{.payload_type = PayloadType{simulation::kProducerRtx},
                   .sequence = RtpSequence{900},
                   .ssrc = simulation::rtx_of(kCamera)};
  const auto send = [&](RtpSequence original, std::size_t payload) {
    std::vector<std::uint8_t> bytes(payload + 2, 0x10);
    ByteWriter{bytes}.u16(original.value());
    header.sequence = advance(header.sequence, 1);
    call.alice.peer.send_rtp(header, {}, bytes);
  };
  call.alice.peer.send_rtp(header, {}, {});             // a probe of padding alone
  send(advance(call.source.next_sequence(), -1), 200);  // what is here
  send(advance(call.source.next_sequence(), 5), 200);   // what was never sent
  send(advance(call.source.next_sequence(), -5000), 200);
  send(advance(call.source.next_sequence(), -2), 0);  // a number and nothing else
  header.payload_type = PayloadType{simulation::kProducerVp8};
  send(advance(call.source.next_sequence(), -1), 200);  // of a type that repairs nothing
  call.network.run_for(100ms);
  CHECK(call.bob.rtp.size() == before);
  const auto stats = call.worker.core.producer_stats(transport_of(kAlice), call.camera);
  REQUIRE(stats.size() == 1);
  CHECK(stats[0].packets == 40);
}

TEST_CASE("repaired packets reach the other workers, too") {
  RepairedCall call{Repair::rtx};
  SimulatedWorker second{call.network, kSecondGateway, WorkerIndex{1}, gateway_context()};
  SimulatedWorker::link(call.worker, second);
  call.worker.core.add_remote(call.camera, second.index());
  auto mapping = simulation::video_producer(Call::mid("v"), kCamera);
  simulation::add_rtx(mapping);
  second.core.add_mirror(
      {.key = call.camera, .kind = MediaKind::video, .home = call.worker.index(), .mapping = mapping, .paused = false});
  SimulatedPeer& carol = call.join(3, &second);
  call.view_video(3, call.camera, Ssrc{0xcccc}, &second);
  call.run(10);
  call.lose_next(2);
  call.run(20);
  call.settle();
  CHECK(call.alice.retransmitter().retransmitted() == 2);
  CHECK(carol.rtp_of(Ssrc{0xcccc}).size() == 30 * 4);
}

TEST_CASE("pauses of discontinuous transmission are no loss") {
  Call call;
  SimulatedPeer& alice = call.join(kAlice);
  SimulatedPeer& bob = call.join(kBob);
  auto mapping = simulation::audio_producer(Call::mid("a"), Ssrc{0x5555});
  mapping.feedback.nack = true;
  const ProducerKey microphone = call.publish(kAlice, ProducerKey{9}, MediaKind::audio, mapping);
  call.hear_audio(kBob, microphone, kSent);
  MediaSource source = Call::audio_source(Ssrc{0x5555});
  for (int i = 0; i < 10; ++i) {
    call.run_audio(source, alice, 3);
    source.pass(400ms);  // RFC 7587 section 3.1.3: the timestamp goes on, the number does not
    call.network.run_for(400ms);
  }
  CHECK(alice.asked_again().empty());
  const auto packets = bob.rtp_of(kSent);
  REQUIRE(packets.size() == 30);
  check_gapless(packets);
  CHECK(distance(packets[2].timestamp(), packets[3].timestamp()) == 420 * 48);

  source.skip(1);
  call.run_audio(source, alice, 3);
  CHECK(!alice.asked_again().empty());
}

TEST_CASE("many who ask at once cost one request for each encoding, not one for all") {
  Call call;
  SimulatedPeer& alice = call.join(kAlice);
  const ProducerKey camera = call.publish_simulcast(kAlice, ProducerKey{5});
  MediaSource low = Call::simulcast_source(Ssrc{0x51}, "l");
  MediaSource high = Call::simulcast_source(Ssrc{0x52}, "h");
  const auto send = [&](int frames, FrameKind kind) {
    for (int i = 0; i < frames; ++i) {
      low.send_frame(alice.peer, kind);
      high.send_frame(alice.peer, kind);
      call.network.run_for(33ms);
    }
  };
  send(1, FrameKind::key);
  send(60, FrameKind::delta);
  alice.forget_received();
  const Instant now = call.network.now();
  for (int i = 0; i < 300; ++i) {
    call.worker.core.request_keyframe(camera, 0, now);
    call.worker.core.request_keyframe(camera, 2, now);
  }
  call.network.run_for(100ms);
  CHECK(alice.keyframe_requests(Ssrc{0x51}).size() == 1);
  CHECK(alice.keyframe_requests(Ssrc{0x52}).size() == 1);
  send(1, FrameKind::key);
  for (int i = 0; i < 300; ++i) call.worker.core.request_keyframe(camera, 0, call.network.now());
  call.network.run_for(100ms);
  CHECK(alice.keyframe_requests(Ssrc{0x51}).size() == 1);  // the minimum interval
  call.network.run_for(500ms);
  CHECK(alice.keyframe_requests(Ssrc{0x51}).size() == 2);
  CHECK(alice.keyframe_requests(Ssrc{0x52}).size() == 1);
}

}  // namespace sluice::test
