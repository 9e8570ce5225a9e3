// What must not lead to a connection, and what must not pass before there is one.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};

// A client that is about to connect.
struct Handshake : Call {
  SimulatedPeer& peer = open(1);
  void run() {
    peer.start();
    network.run_for(3s);
  }
  [[nodiscard]] std::string failure() const {
    return worker.state_of(transport_of(1)) == TransportState::failed ? worker.reason_of(transport_of(1)) : "";
  }
};

}  // namespace

TEST_CASE_FIXTURE(Handshake, "a certificate that is not the one announced fails the transport") {
  const DtlsContext stranger{DtlsCertificate::generate(WallTime{std::chrono::hours{24 * 365 * 56}})};
  tell_fingerprints(1, DtlsRole::server, fingerprints(stranger));
  run();
  CHECK(failure() == "fingerprint_mismatch");
  CHECK_FALSE(peer.peer.can_send());
  CHECK_FALSE(worker.core.transport_stats(transport_of(1))->srtp_profile.size() > 0);
}

TEST_CASE_FIXTURE(Handshake, "without a fingerprint there is no connection") {
  tell_fingerprints(1, DtlsRole::server, {});
  run();
  CHECK(failure() == "fingerprint_missing");
  CHECK_FALSE(peer.peer.can_send());
}

TEST_CASE_FIXTURE(Handshake, "a fingerprint of a hash that is broken counts as none") {
  tell_fingerprints(1, DtlsRole::server, {client_context().certificate().fingerprint(FingerprintAlgorithm::sha_1)});
  run();
  CHECK(failure() == "fingerprint_missing");
}

TEST_CASE_FIXTURE(Handshake, "our own fingerprint reflected is refused") {
  tell_fingerprints(1, DtlsRole::server, fingerprints(gateway_context()));
  run();
  CHECK(failure() == "own_fingerprint");
  CHECK_FALSE(peer.peer.can_send());
}

TEST_CASE_FIXTURE(Handshake, "a transport is connected once: a second set of fingerprints changes nothing") {
  const DtlsContext stranger{DtlsCertificate::generate(WallTime{std::chrono::hours{24 * 365 * 56}})};
  tell_fingerprints(1, DtlsRole::server, fingerprints(stranger));
  tell_fingerprints(1);
  run();
  CHECK(failure() == "fingerprint_mismatch");
}

TEST_CASE_FIXTURE(Handshake, "media and data before DTLS is verified are dropped and counted") {
  // ICE is done, the fingerprint is not told yet.
  peer.peer.start(network.now());
  network.run_for(500ms);
  const auto dropped_dtls = counters(1).dropped_dtls;
  CHECK(dropped_dtls > 0);  // the ClientHello
  std::vector<std::uint8_t> rtp(60);
  rtp[0] = 0x80;
  rtp[1] = simulation::kProducerVp8;
  peer.send_raw(rtp);
  peer.send_raw(rtp);
  rtp[1] = 200;
  peer.send_raw(rtp);
  network.run_for(30ms);
  CHECK(counters(1).dropped_before_dtls == 3);

  tell_fingerprints(1);
  // RFC 6347 section 4.1: an application data record of epoch 0.
  const std::vector<std::uint8_t> data{23, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 4, 'd', 'a', 't', 'a'};
  const auto before_data = counters(1).dropped_dtls;
  peer.send_raw(data);
  network.run_for(30ms);
  CHECK(counters(1).dropped_dtls == before_data + 1);
  network.run_for(5s);
  CHECK(worker.state_of(transport_of(1)) == TransportState::connected);
  CHECK(worker.core.transport_stats(transport_of(1))->packets_dropped >= 5);
}

TEST_CASE_FIXTURE(Handshake, "media that is not encrypted is dropped") {
  tell_fingerprints(1);
  run();
  REQUIRE(worker.state_of(transport_of(1)) == TransportState::connected);
  publish_video(1, kCamera);
  std::vector<std::uint8_t> rtp(60);
  rtp[0] = 0x80;
  rtp[1] = simulation::kProducerVp8;
  rtp[10] = rtp[11] = 0x11;
  peer.send_raw(rtp);
  network.run_for(100ms);
  CHECK(counters(1).dropped_unauthenticated == 1);
  CHECK(worker.core.producer_stats(transport_of(1), ProducerKey{kCamera.value()}).empty());
}

}  // namespace sluice::test
