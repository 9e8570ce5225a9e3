// Calls over UDP on loopback through a gateway of two workers: a producer on the first, consumers on both.

#include <algorithm>
#include <random>

#include "core/media/rtp/sequence_number.h"
#include "tests/integration/media/udp_client.h"
#include "tests/simulation/media_source.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

using simulation::FrameKind;
using simulation::MediaSource;

constexpr Ssrc kCamera{0xca3e'0000};
constexpr int kPacketsPerFrame = 3;

MediaSource camera() {
  return MediaSource{{.kind = MediaKind::video,
                      .ssrc = kCamera,
                      .mid = Mid::from("v").value(),
                      .first_sequence = RtpSequence{1'000},
                      .first_timestamp = RtpTimestamp{4'294'960'000}}};
}

Ssrc ssrc_of(const Consumer& consumer) { return consumer.rtp_parameters().encodings.front().ssrc.value(); }

// A participant: its transport, and the client at the other end.
struct Participant {
  explicit Participant(EngineFixture& fixture)
      : transport{fixture.create_transport()}, client{*transport, fixture.clock} {
    transport->on_state([this](TransportState next, std::string_view) { state = next; });
  }
  [[nodiscard]] bool connected() const { return client.peer().can_send() && state == TransportState::connected; }

  std::unique_ptr<Transport> transport;
  UdpClient client;
  TransportState state = TransportState::created;
};

struct Call : EngineFixture {
  Call() : EngineFixture{on_loopback(2)} {
    REQUIRE(wait_for([&] { return alice.connected() && bob.connected() && carol.connected(); }));
    REQUIRE(alice.transport->ice_candidates().front().port == carol.transport->ice_candidates().front().port);
    REQUIRE(alice.transport->ice_candidates().front().port != bob.transport->ice_candidates().front().port);
  }

  template <class Condition>
  bool wait_for(Condition condition) {
    return wait_until(condition, [this] { pump(); });
  }
  void pump() {
    for (Participant* one : {&alice, &bob, &carol}) one->client.pump();
  }
  /// A frame each millisecond.
  void send_frames(int count, FrameKind first = FrameKind::delta) {
    int sent = 0;
    REQUIRE(wait_until([&] { return sent == count; },
                       [&] {
                         pump();
                         if (sent == count) return;
                         REQUIRE(source.send_frame(alice.client.peer(), sent == 0 ? first : FrameKind::delta,
                                                   kPacketsPerFrame));
                         ++sent;
                       }));
  }
  /// Delta frames until the producer has been asked for a key frame.
  void send_until_asked() {
    const auto asked = [&] { return alice.client.feedback(FeedbackKind::pli) > 0; };
    REQUIRE(wait_until(asked, [&] {
      pump();
      source.send_frame(alice.client.peer(), FrameKind::delta, 1);
    }));
  }

  Participant alice{*this};  // worker 0
  Participant bob{*this};    // worker 1
  Participant carol{*this};  // worker 0
  MediaSource source = camera();
  std::unique_ptr<Producer> producer = produce_video(*alice.transport, kCamera);
};

struct Watched : Call {
  Watched() {
    send_until_asked();
    send_frames(1, FrameKind::key);
    REQUIRE(wait_for([&] { return count(bob, *to_bob) == 3 && count(carol, *to_carol) == 3; }));
  }
  static std::size_t count(const Participant& one, const Consumer& consumer) {
    return one.client.count_of(ssrc_of(consumer));
  }
  void forget_received() {
    for (Participant* one : {&alice, &bob, &carol}) one->client.forget_received();
  }

  std::unique_ptr<Consumer> to_bob = consume(*bob.transport, *producer);
  std::unique_ptr<Consumer> to_carol = consume(*carol.transport, *producer);
};

void check_gapless(const std::vector<simulation::ReceivedRtp>& packets) {
  for (std::size_t i = 1; i < packets.size(); ++i) {
    CAPTURE(i);
    CHECK(distance(packets[i - 1].sequence(), packets[i].sequence()) == 1);
  }
}

}  // namespace

TEST_CASE_FIXTURE(Watched, "consumers on both workers get every packet from the key frame on") {
  constexpr int kFrames = 200;
  send_frames(kFrames);
  constexpr std::size_t kAll = (kFrames + 1) * kPacketsPerFrame;
  CHECK(wait_for([&] { return count(bob, *to_bob) == kAll && count(carol, *to_carol) == kAll; }));
  for (const auto& [who, consumer] : {std::pair{&bob, to_bob.get()}, std::pair{&carol, to_carol.get()}}) {
    const auto packets = who->client.rtp_of(ssrc_of(*consumer));
    REQUIRE(packets.size() == kAll);
    CHECK(packets.front().starts_keyframe());
    check_gapless(packets);
  }
}

TEST_CASE_FIXTURE(Watched, "a paused consumer gets nothing, and resumes with a key frame") {
  to_bob->pause();
  settle_and([&] { pump(); });
  forget_received();
  send_frames(20);
  REQUIRE(wait_for([&] { return count(carol, *to_carol) == 20 * kPacketsPerFrame; }));
  CHECK(count(bob, *to_bob) == 0);

  to_bob->resume();
  REQUIRE(wait_for([&] { return alice.client.feedback(FeedbackKind::pli) > 0; }));
  send_frames(5, FrameKind::key);
  CHECK(wait_for([&] { return count(bob, *to_bob) == 5 * kPacketsPerFrame; }));
  CHECK(bob.client.rtp_of(ssrc_of(*to_bob)).front().starts_keyframe());
}

TEST_CASE_FIXTURE(Watched, "a paused producer is heard on no worker, and resumes with a key frame") {
  producer->pause();
  settle_and([&] { pump(); });
  forget_received();
  send_frames(20, FrameKind::key);
  settle_and([&] { pump(); });
  CHECK(count(bob, *to_bob) == 0);
  CHECK(count(carol, *to_carol) == 0);

  producer->resume();
  REQUIRE(wait_for([&] { return alice.client.feedback(FeedbackKind::pli) > 0; }));
  send_frames(5, FrameKind::key);
  constexpr std::size_t kAll = 5 * kPacketsPerFrame;
  CHECK(wait_for([&] { return count(bob, *to_bob) == kAll && count(carol, *to_carol) == kAll; }));
}

TEST_CASE_FIXTURE(Watched, "a key frame that a client of the other worker asks for is asked of the producer") {
  forget_received();
  bob.client.peer().send_rtcp_of([&](RtcpBuilder& out) { static_cast<void>(out.add_pli(Ssrc{1}, ssrc_of(*to_bob))); });
  CHECK(wait_for([&] { return alice.client.feedback(FeedbackKind::pli) > 0; }));
  std::optional<RtpStreamStats> stats;
  to_bob->stats([&](const RtpStreamStats& got) { stats = got; });
  REQUIRE(wait_for([&] { return stats.has_value(); }));
  CHECK(stats->key_frame_requests >= 1);
}

TEST_CASE_FIXTURE(Watched, "a key frame that the application asks for is asked of the producer") {
  forget_received();
  to_bob->request_key_frame();
  CHECK(wait_for([&] { return alice.client.feedback(FeedbackKind::pli) > 0; }));
}

TEST_CASE_FIXTURE(Watched, "a producer that is closed ends its consumers; the next one of the same SSRC is forwarded") {
  send_frames(10);
  producer.reset();
  CHECK(to_bob->closed());
  CHECK(to_carol->closed());
  alice.client.forget_received();
  producer = produce_video(*alice.transport, kCamera);
  const auto again = consume(*bob.transport, *producer);
  send_until_asked();
  send_frames(3, FrameKind::key);
  CHECK(wait_for([&] { return count(bob, *again) >= 3 * kPacketsPerFrame; }));
}

TEST_CASE_FIXTURE(Watched, "a producer that negotiated transport-cc is told when its packets arrived") {
  forget_received();
  send_frames(5);
  CHECK(wait_for([&] { return alice.client.feedback(FeedbackKind::transport_cc) > 0; }));
}

TEST_CASE_FIXTURE(Watched, "stats tell path, profile and traffic") {
  send_frames(10);
  std::optional<TransportStats> transport;
  std::optional<std::vector<RtpStreamStats>> received;
  REQUIRE(wait_for([&] { return count(bob, *to_bob) == 11 * kPacketsPerFrame; }));
  alice.transport->stats([&](const TransportStats& stats) { transport = stats; });
  producer->stats([&](const std::vector<RtpStreamStats>& stats) { received = stats; });
  REQUIRE(wait_for([&] { return transport && received; }));
  CHECK(transport->state == TransportState::connected);
  CHECK(transport->remote_address == alice.client.address().to_string());
  CHECK(transport->srtp_profile == "SRTP_AEAD_AES_128_GCM");
  CHECK(transport->packets_received >= 11 * kPacketsPerFrame);
  REQUIRE(received->size() == 1);
  CHECK(received->front().ssrc == kCamera);
  CHECK(received->front().mime_type == "video/VP8");
  CHECK(received->front().packets_lost == 0);
}

TEST_CASE_FIXTURE(Watched, "a producer whose client says BYE closes, and its consumers with it") {
  int ended = 0;
  std::optional<ConsumerEnd> why;
  producer->on_closed([&] { ++ended; });
  to_bob->on_closed([&](ConsumerEnd end) { why = end; });
  alice.client.peer().send_rtcp_of([](RtcpBuilder& out) {
    static_cast<void>(out.add_receiver_report(kCamera, {}));
    static_cast<void>(out.add_bye(std::array{kCamera}));
  });
  CHECK(wait_for([&] { return ended == 1 && why == ConsumerEnd::producer_closed; }));
  CHECK(producer->closed());
}

TEST_CASE_FIXTURE(Watched, "a client that closes DTLS is reported, and the callback may destroy the transport") {
  bool destroyed = false;
  alice.transport->on_state([&](TransportState state, std::string_view) {
    if (state != TransportState::closed) return;
    alice.transport.reset();
    destroyed = true;
  });
  alice.client.peer().close();
  CHECK(wait_for([&] { return destroyed; }));
  CHECK(producer->closed());
  CHECK(wait_for([&] { return to_bob->closed(); }));
}

TEST_CASE_FIXTURE(Watched, "handles close and open while packets flow between the workers") {
  std::mt19937 dice{11};
  std::vector<std::unique_ptr<Consumer>> consumers;
  int round = 0;
  const auto change_something = [&] {
    pump();
    source.send_frame(alice.client.peer(), round % 10 == 0 ? FrameKind::key : FrameKind::delta, kPacketsPerFrame);
    Transport& target = dice() % 2 == 0 ? *bob.transport : *carol.transport;
    switch (dice() % 6) {
      case 0:
      case 1:
        if (!producer->closed() && consumers.size() < 20) consumers.push_back(consume(target, *producer));
        break;
      case 2:
        if (!consumers.empty()) consumers.erase(consumers.begin());
        break;
      case 3:
        producer->paused() ? producer->resume() : producer->pause();
        break;
      case 4:
        if (!consumers.empty()) consumers.back()->paused() ? consumers.back()->resume() : consumers.back()->pause();
        break;
      default:
        if (round % 40 != 0) break;
        producer.reset();
        producer = produce_video(*alice.transport, kCamera);
    }
    ++round;
  };
  CHECK(wait_until([&] { return round >= 500; }, change_something));
  consumers.clear();

  if (producer->paused()) producer->resume();
  forget_received();
  const auto last = consume(*bob.transport, *producer);
  send_until_asked();
  send_frames(2, FrameKind::key);
  CHECK(wait_for([&] { return count(bob, *last) >= 2 * kPacketsPerFrame; }));
}

TEST_CASE_FIXTURE(Watched, "transports close while packets flow to them") {
  int round = 0;
  std::vector<std::unique_ptr<Participant>> guests;
  const auto change_something = [&] {
    pump();
    for (const auto& guest : guests) guest->client.pump();
    source.send_frame(alice.client.peer(), round % 10 == 0 ? FrameKind::key : FrameKind::delta, kPacketsPerFrame);
    if (round % 8 == 0) guests.push_back(std::make_unique<Participant>(*this));
    if (guests.size() > 6) guests.erase(guests.begin());
    ++round;
  };
  std::vector<std::unique_ptr<Consumer>> consumers;
  CHECK(wait_until([&] { return round >= 300; },
                   [&] {
                     change_something();
                     if (round % 5 == 0) consumers.push_back(consume(*guests.back()->transport, *producer));
                   }));
  settle();
}

TEST_CASE_FIXTURE(Watched, "the engine stops while packets flow") {
  int round = 0;
  REQUIRE(wait_until([&] { return round == 50; },
                     [&] {
                       pump();
                       source.send_frame(alice.client.peer(), FrameKind::key, kPacketsPerFrame);
                       ++round;
                     }));
  engine->stop();
  source.send_frame(alice.client.peer(), FrameKind::key, kPacketsPerFrame);
  engine.reset();
  loop.run_ready();
}

}  // namespace sluice::test
