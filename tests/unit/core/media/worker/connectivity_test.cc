// Paths that come, go and move: consent, ICE restart, another address, the end of a transport.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kSentVideo{0xaaaa};

struct VideoCall : Call {
  void frames(int count, FrameKind first = FrameKind::delta) { run_frames(source, alice, count, first); }

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  ProducerKey camera = publish_video(1, kCamera);
  ConsumerKey seen = view_video(2, camera, kSentVideo);
  MediaSource source = video_source(kCamera);
};

}  // namespace

TEST_CASE_FIXTURE(VideoCall, "consent keeps a silent call alive") {
  network.run_for(5min);
  CHECK(worker.state_of(transport_of(1)) == TransportState::connected);
  frames(5, FrameKind::key);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 10);
}

TEST_CASE_FIXTURE(VideoCall, "without consent nothing is sent; with the next check the call goes on") {
  frames(30, FrameKind::key);
  bob.peer.stop_checking();
  for (int i = 0; i < 27; ++i) frames(30);
  CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
  for (int i = 0; i < 6; ++i) frames(30);
  CHECK(worker.state_of(transport_of(2)) == TransportState::disconnected);
  CHECK(worker.reason_of(transport_of(2)) == "the client's consent checks have stopped");
  CHECK(worker.state_of(transport_of(1)) == TransportState::connected);

  const std::size_t heard = bob.datagrams_received;
  const std::size_t got = bob.rtp.size();
  frames(60);
  CHECK(bob.datagrams_received == heard);
  alice.forget_received();

  bob.peer.check(network.now());
  network.run_for(100ms);
  CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
  frames(3);
  CHECK(alice.keyframe_requests(kCamera).size() == 1);
  frames(10, FrameKind::key);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == got + 20);
  check_gapless(bob.rtp_of(kSentVideo));
  CHECK(bob.rtp[got].starts_keyframe());
}

TEST_CASE_FIXTURE(VideoCall, "a client that moves to another address gets and sends media there") {
  frames(10, FrameKind::key);
  network.run_for(100ms);
  bob.move_to(Address{202});
  bob.peer.check(network.now());
  network.run_for(100ms);
  CHECK(worker.core.transport_stats(transport_of(2))->remote_address == "10.0.0.202:5000");
  frames(10);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 40);
  check_gapless(bob.rtp_of(kSentVideo));

  alice.move_to(Address{201});
  frames(5);  // from an address that ICE does not know yet
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 40);
  CHECK(worker.core.counters().dropped_unvalidated == 10);
  alice.peer.check(network.now());
  frames(5);
  network.run_for(100ms);
  CHECK(bob.rtp.size() >= 48);
}

TEST_CASE_FIXTURE(VideoCall, "an ICE restart keeps media flowing, and retires the old credentials") {
  frames(10, FrameKind::key);
  worker.core.restart_ice(transport_of(2), gateway_credentials(2, 1), network.now());
  frames(10);  // the client has not heard of it yet
  network.run_for(3s);
  CHECK(worker.state_of(transport_of(2)) == TransportState::connected);

  bob.peer.restart_ice(client_credentials(2, 1), gateway_credentials(2, 1), network.now());
  network.run_for(100ms);
  frames(10);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 60);
  check_gapless(bob.rtp_of(kSentVideo));

  const auto unknown = worker.core.counters().dropped_unknown_ufrag;
  bob.peer.restart_ice(client_credentials(2), gateway_credentials(2), network.now());
  network.run_for(100ms);
  CHECK(worker.core.counters().dropped_unknown_ufrag > unknown);
}

TEST_CASE_FIXTURE(VideoCall, "an ICE restart revives a lost path") {
  bob.peer.stop_checking();
  network.run_for(40s);
  REQUIRE(worker.state_of(transport_of(2)) == TransportState::disconnected);
  worker.core.restart_ice(transport_of(2), gateway_credentials(2, 1), network.now());
  bob.move_to(Address{202});
  SUBCASE("in time") {
    bob.peer.restart_ice(client_credentials(2, 1), gateway_credentials(2, 1), network.now());
    network.run_for(200ms);
    CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
    frames(5, FrameKind::key);
    network.run_for(100ms);
    CHECK(bob.rtp.size() == 10);
  }
  SUBCASE("unless the client does not come back: then it is over, for media too") {
    network.run_for(31s);
    CHECK(worker.state_of(transport_of(2)) == TransportState::failed);
    CHECK(worker.reason_of(transport_of(2)) == "ICE found no path in time");
    bob.peer.restart_ice(client_credentials(2, 1), gateway_credentials(2, 1), network.now());
    frames(5, FrameKind::key);
    network.run_for(1s);
    CHECK(worker.state_of(transport_of(2)) == TransportState::failed);
    CHECK(bob.rtp.empty());
  }
}

namespace {

// Bob came by TCP.
struct TcpCall : Call {
  TcpCall() {
    bob.use(worker.tcp_address());
    tell_fingerprints(2);
    bob.start();
    REQUIRE(network.run_while_not([&] { return bob.peer.can_send(); }, 20s));
    seen = view_video(2, camera, kSentVideo);
  }
  void frames(int count, FrameKind first = FrameKind::delta) { run_frames(source, alice, count, first); }
  [[nodiscard]] static IceTuple tuple_of(Address address, std::uint8_t socket) {
    return {.remote = simulation::to_socket_address(address), .socket = socket};
  }
  void lose_connection_of(Address address) {
    worker.core.handle_lost_tuple(tuple_of(address, SimulatedWorker::kTcpSocket), network.now());
  }

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = open(2);
  ProducerKey camera = publish_video(1, kCamera);
  ConsumerKey seen{};
  MediaSource source = video_source(kCamera);
};

}  // namespace

TEST_CASE_FIXTURE(TcpCall, "a tuple of TCP carries a call, and is none of UDP") {
  frames(10, FrameKind::key);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 20);
  CHECK(worker.core.is_valid(tuple_of(Address{2}, SimulatedWorker::kTcpSocket)));
  CHECK_FALSE(worker.core.is_valid(tuple_of(Address{2}, SimulatedWorker::kUdpSocket)));

  // The same address and port by UDP proves nothing.
  bob.use(worker.address());
  bob.send_raw(std::array<std::uint8_t, 20>{0x80, 0x60});
  network.run_for(100ms);
  CHECK(worker.core.counters().dropped_unvalidated == 1);
}

TEST_CASE_FIXTURE(TcpCall, "a client that nominates UDP after TCP is sent to by UDP, and back") {
  frames(10, FrameKind::key);
  network.run_for(100ms);
  std::size_t by_udp = 0;
  std::size_t by_tcp = 0;
  network.set_interceptor([&](Address from, Address to, std::vector<std::uint8_t>&) {
    if (to == Address{2}) ++(from == worker.address() ? by_udp : by_tcp);
    return true;
  });
  bob.use(worker.address());
  bob.peer.check(network.now());
  network.run_for(100ms);
  by_tcp = 0;
  frames(10);
  CHECK(by_udp > 20);
  CHECK(by_tcp == 0);

  network.run_for(10s);  // the client's mind is made up: this is no aggressive nomination any more
  bob.use(worker.tcp_address());
  bob.peer.check(network.now());
  network.run_for(100ms);
  by_udp = 0;
  frames(10);
  CHECK(by_udp == 0);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 60);
  check_gapless(bob.rtp_of(kSentVideo));
}

TEST_CASE_FIXTURE(TcpCall, "a connection that ends takes the path with it; a new one brings it back") {
  frames(10, FrameKind::key);
  network.run_for(100ms);
  bob.peer.stop_checking();
  lose_connection_of(Address{2});
  CHECK(worker.state_of(transport_of(2)) == TransportState::disconnected);
  const std::size_t heard = bob.datagrams_received;
  frames(10);
  CHECK(bob.datagrams_received == heard);
  alice.forget_received();

  bob.move_to(Address{202});  // another port
  bob.peer.check(network.now());
  network.run_for(100ms);
  CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
  frames(1);
  CHECK_FALSE(alice.keyframe_requests(kCamera).empty());
  frames(5, FrameKind::key);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 30);
  check_gapless(bob.rtp_of(kSentVideo));
}

TEST_CASE_FIXTURE(TcpCall, "a connection that ends while UDP is valid leaves the call to UDP") {
  bob.use(worker.address());
  bob.peer.check(network.now());
  network.run_for(10s);
  bob.use(worker.tcp_address());
  bob.peer.check(network.now());
  network.run_for(100ms);
  lose_connection_of(Address{2});
  CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
  bob.use(worker.address());
  frames(10, FrameKind::key);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 20);
}

TEST_CASE_FIXTURE(TcpCall, "without consent a tuple of TCP expires like any other") {
  bob.peer.stop_checking();
  network.run_for(31s);
  CHECK(worker.state_of(transport_of(2)) == TransportState::disconnected);
  CHECK_FALSE(worker.core.is_valid(tuple_of(Address{2}, SimulatedWorker::kTcpSocket)));
  lose_connection_of(Address{2});  // its connection is closed for it: no news
  bob.peer.check(network.now());
  network.run_for(100ms);
  CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
}

TEST_CASE_FIXTURE(TcpCall, "an ICE restart moves a call from TCP to UDP without a gap") {
  frames(10, FrameKind::key);
  worker.core.restart_ice(transport_of(2), gateway_credentials(2, 1), network.now());
  frames(10);  // by TCP still
  bob.use(worker.address());
  bob.peer.restart_ice(client_credentials(2, 1), gateway_credentials(2, 1), network.now());
  network.run_for(100ms);
  frames(10);
  lose_connection_of(Address{2});
  frames(10);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 80);
  check_gapless(bob.rtp_of(kSentVideo));
  CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
}

TEST_CASE_FIXTURE(VideoCall, "a check from elsewhere that is not authenticated moves nothing") {
  frames(5, FrameKind::key);
  network.run_for(100ms);
  // Mallory knows the ufrag, but not the password; and replays a packet of Bob.
  auto credentials = gateway_credentials(2);
  credentials.pwd = "guessedpassword0123456789";
  SimulatedPeer mallory{network, Address{66}, worker.address(), client_context(),
                        simulation::RtcPeer::Config{.local = client_credentials(66),
                                                    .remote = credentials,
                                                    .role = DtlsRole::client,
                                                    .remote_fingerprints = fingerprints(gateway_context()),
                                                    .seed = 66}};
  bob.keep_sent = true;
  bob.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_receiver_report(Ssrc{9})); });
  const auto unvalidated = worker.core.counters().dropped_unvalidated;
  const auto stun = worker.core.counters().dropped_stun;
  mallory.start();
  mallory.send_raw(bob.datagrams_sent.back());
  network.run_for(100ms);
  CHECK(mallory.peer.counters().checks_answered == 0);
  CHECK(worker.core.counters().dropped_unvalidated == unvalidated + 1);
  CHECK(worker.core.counters().dropped_stun > stun);
  CHECK(worker.core.transport_stats(transport_of(2))->remote_address == "10.0.0.2:5000");
  frames(5);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == 20);
  CHECK(mallory.rtp.empty());
}

TEST_CASE("a client that never comes fails in time, and says why") {
  Call call;
  call.open(1);
  call.tell_fingerprints(1);
  call.network.run_for(29s);
  CHECK(call.worker.state_of(transport_of(1)) == TransportState::created);
  call.network.run_for(2s);
  CHECK(call.worker.state_of(transport_of(1)) == TransportState::failed);
  CHECK_FALSE(call.worker.reason_of(transport_of(1)).empty());
}

TEST_CASE("a client whose DTLS never comes fails in time") {
  Call call;
  SimulatedPeer& peer = call.open(1, DtlsRole::server);  // both wait for the other
  call.tell_fingerprints(1, DtlsRole::server);
  peer.start();
  call.network.run_for(31s);
  CHECK(call.worker.state_of(transport_of(1)) == TransportState::failed);
  CHECK(call.worker.reason_of(transport_of(1)) == "timeout");
}

TEST_CASE_FIXTURE(VideoCall, "closing a transport says goodbye to the client and forgets everything about it") {
  worker.core.close(transport_of(2), network.now());
  CHECK(worker.state_of(transport_of(2)) == TransportState::closed);
  CHECK(worker.core.transport_count() == 1);
  CHECK_FALSE(worker.core.transport_stats(transport_of(2)).has_value());
  network.run_for(100ms);
  CHECK(bob.peer.dtls_state() == DtlsState::closed);

  network.run_for(5s);  // the client's checks find nobody
  CHECK(worker.core.counters().dropped_unknown_ufrag > 0);
  bob.send_raw(std::array<std::uint8_t, 20>{0x80, 0x60});
  network.run_for(100ms);
  CHECK(worker.core.counters().dropped_unvalidated > 0);
  worker.core.close(transport_of(2), network.now());
  worker.core.restart_ice(transport_of(2), gateway_credentials(2, 1), network.now());
}

TEST_CASE_FIXTURE(VideoCall, "a client that says goodbye closes its transport") {
  frames(5, FrameKind::key);
  network.run_for(100ms);
  bob.peer.close();
  network.run_for(100ms);
  CHECK(worker.state_of(transport_of(2)) == TransportState::closed);
  CHECK(worker.reason_of(transport_of(2)) == "peer_closed");
  const std::size_t before = worker.core.transport_stats(transport_of(2))->packets_sent;
  frames(5, FrameKind::key);
  network.run_for(3s);
  CHECK(worker.core.transport_stats(transport_of(2))->packets_sent == before);  // no media, no reports
}

TEST_CASE("an address that another client had is taken over, and taken back") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  call.publish_video(1, kCamera);
  bob.move_to(Address{1});  // alice hears nothing more; the NAT gave bob her address
  bob.peer.check(call.network.now());
  call.network.run_for(100ms);
  bob.move_to(Address{2});
  bob.peer.check(call.network.now());
  alice.move_to(Address{1});
  call.network.run_for(5s);  // her next check

  MediaSource source = Call::video_source(kCamera);
  call.run_frames(source, alice, 5, FrameKind::key);
  call.network.run_for(100ms);
  CHECK(call.worker.core.producer_stats(transport_of(1), ProducerKey{kCamera.value()}).at(0).packets == 10);
}

}  // namespace sluice::test
