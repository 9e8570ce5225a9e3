// Calls through a running gateway whose clients come by TCP.

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/media/rtp/sequence_number.h"
#include "tests/integration/media/tcp_client.h"
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
                      .first_sequence = RtpSequence{65'000},
                      .first_timestamp = RtpTimestamp{4'294'960'000}}};
}

template <class Client>
struct Participant {
  explicit Participant(EngineFixture& fixture)
      : transport{fixture.create_transport()}, client{*transport, fixture.clock} {
    transport->on_state([this](TransportState next, std::string_view) { state = next; });
  }
  [[nodiscard]] bool connected() const { return client.peer().can_send() && state == TransportState::connected; }

  std::unique_ptr<Transport> transport;
  Client client;
  TransportState state = TransportState::created;
};

// Alice publishes by TCP on one worker; Bob (TCP) watches on the other one, Carol (UDP) on Alice's.
struct TcpCall : EngineFixture {
  TcpCall() : EngineFixture{on_loopback(2)} {
    REQUIRE(wait_for([&] { return alice.connected() && bob.connected() && carol.connected(); }));
    producer = produce_video(*alice.transport, kCamera);
    to_bob = consume(*bob.transport, *producer);
    to_carol = consume(*carol.transport, *producer);
    REQUIRE(wait_until([&] { return alice.client.feedback(FeedbackKind::pli) > 0; },
                       [&] {
                         pump();
                         source.send_frame(alice.client.peer(), FrameKind::delta, 1);
                       }));
  }
  void pump() {
    alice.client.pump();
    bob.client.pump();
    carol.client.pump();
  }
  template <class Condition>
  bool wait_for(Condition condition) {
    return wait_until(condition, [this] { pump(); });
  }
  void send_frames(int count, FrameKind first = FrameKind::delta) {
    int sent = 0;
    REQUIRE(wait_until([&] { return sent == count; },
                       [&] {
                         pump();
                         if (sent == count) return;
                         source.send_frame(alice.client.peer(), sent == 0 ? first : FrameKind::delta, kPacketsPerFrame);
                         ++sent;
                       }));
  }
  [[nodiscard]] std::size_t bob_got() const { return bob.client.count_of(ssrc_of(*to_bob)); }
  [[nodiscard]] std::size_t carol_got() const { return carol.client.count_of(ssrc_of(*to_carol)); }
  static Ssrc ssrc_of(const Consumer& consumer) { return consumer.rtp_parameters().encodings.front().ssrc.value(); }

  Participant<TcpClient> alice{*this};  // worker 0
  Participant<TcpClient> bob{*this};    // worker 1
  Participant<UdpClient> carol{*this};  // worker 0
  MediaSource source = camera();
  std::unique_ptr<Producer> producer;
  std::unique_ptr<Consumer> to_bob;
  std::unique_ptr<Consumer> to_carol;
};

void check_gapless(const std::vector<simulation::ReceivedRtp>& packets) {
  for (std::size_t i = 1; i < packets.size(); ++i) {
    CAPTURE(i);
    CHECK(distance(packets[i - 1].sequence(), packets[i].sequence()) == 1);
  }
}

}  // namespace

TEST_CASE_FIXTURE(TcpCall, "a call by TCP both ways: ICE, DTLS, media, feedback and stats") {
  constexpr int kFrames = 200;
  send_frames(kFrames, FrameKind::key);
  constexpr std::size_t kAll = kFrames * kPacketsPerFrame;
  CHECK(wait_for([&] { return bob_got() == kAll && carol_got() == kAll; }));
  const auto packets = bob.client.rtp_of(ssrc_of(*to_bob));
  CHECK(packets.front().starts_keyframe());
  check_gapless(packets);
  CHECK(bob.client.peer().counters().rejected == 0);
  CHECK(bob.client.peer().counters().malformed == 0);

  std::optional<TransportStats> stats;
  bob.transport->stats([&](const TransportStats& got) { stats = got; });
  REQUIRE(wait_for([&] { return stats.has_value(); }));
  CHECK(stats->remote_address == bob.client.address().to_string());

  alice.client.forget_received();
  to_bob->request_key_frame();
  CHECK(wait_for([&] { return alice.client.feedback(FeedbackKind::pli) > 0; }));
}

TEST_CASE_FIXTURE(TcpCall, "a connection that ends is noticed at once, and the call goes on by the next one") {
  send_frames(10, FrameKind::key);
  REQUIRE(wait_for([&] { return bob_got() == 10 * kPacketsPerFrame; }));
  bob.client.disconnect();
  REQUIRE(wait_for([&] { return bob.state == TransportState::disconnected; }));
  CHECK(alice.state == TransportState::connected);

  bob.client.reconnect();
  REQUIRE(wait_for([&] { return bob.state == TransportState::connected; }));
  bob.client.forget_received();
  REQUIRE(wait_until([&] { return alice.client.feedback(FeedbackKind::pli) > 1; },
                     [&] {
                       pump();
                       source.send_frame(alice.client.peer(), FrameKind::delta, 1);
                     }));
  send_frames(10, FrameKind::key);
  CHECK(wait_for([&] { return bob_got() >= 10 * kPacketsPerFrame; }));
  check_gapless(bob.client.rtp_of(ssrc_of(*to_bob)));
}

TEST_CASE_FIXTURE(TcpCall, "garbage in the stream ends that connection alone, and is counted") {
  bob.client.send_raw(std::array<std::uint8_t, 5>{0xff, 0xff, 1, 2, 3});
  REQUIRE(wait_for([&] { return bob.client.ended(); }));
  REQUIRE(wait_for([&] { return bob.state == TransportState::disconnected; }));
  CHECK(wait_for([&] {
    return metrics.expose().find("sluice_media_tcp_closed_total{reason=\"garbage\"} 1\n") != std::string::npos;
  }));
  CHECK(metrics.expose().find("sluice_media_tcp_connections_total{result=\"accepted\"} 2\n") != std::string::npos);
  send_frames(10, FrameKind::key);
  CHECK(wait_for([&] { return carol_got() == 10 * kPacketsPerFrame; }));
}

TEST_CASE_FIXTURE(TcpCall, "an ICE restart by TCP keeps media flowing") {
  send_frames(10, FrameKind::key);
  const IceParameters fresh = bob.transport->restart_ice();
  send_frames(10);
  bob.client.peer().restart_ice({.ufrag = "restarted", .pwd = "clientpassword9876543210"},
                                {.ufrag = fresh.username_fragment, .pwd = fresh.password}, clock.now());
  send_frames(10);
  CHECK(wait_for([&] { return bob_got() == 30 * kPacketsPerFrame; }));
  check_gapless(bob.client.rtp_of(ssrc_of(*to_bob)));
  CHECK(bob.state == TransportState::connected);
  CHECK(bob.client.peer().counters().check_errors == 0);
}

TEST_CASE_FIXTURE(TcpCall, "a transport that closes ends its connection") {
  bob.transport.reset();
  CHECK(wait_for([&] { return bob.client.ended(); }));
}

TEST_CASE_FIXTURE(TcpCall, "a client that reads nothing costs the others nothing") {
  // Bob is not pumped: what is for him waits, then is dropped.
  int sent = 0;
  constexpr int kFrames = 400;
  REQUIRE(wait_until([&] { return sent == kFrames; },
                     [&] {
                       alice.client.pump();
                       carol.client.pump();
                       if (sent == kFrames) return;
                       source.send_frame(alice.client.peer(), sent == 0 ? FrameKind::key : FrameKind::delta, 10);
                       ++sent;
                     }));
  CHECK(wait_for([&] { return carol_got() == kFrames * 10; }));
  CHECK(bob.state == TransportState::connected);
}

}  // namespace sluice::test
