// What a worker counts of connections, streams and losses: the sources of its metrics.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kSentVideo{0xaaaa};

std::uint64_t total(std::span<const std::uint64_t> counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

struct CountedCall : Call {
  [[nodiscard]] const ConnectionCounters& connections() const { return worker.core.connection_counters(); }
  [[nodiscard]] std::uint64_t ice(IceOutcome outcome) const {
    return connections().ice[static_cast<std::size_t>(outcome)];
  }
  [[nodiscard]] std::uint64_t failed(DtlsFailure failure) const {
    return connections().handshakes_failed[static_cast<std::size_t>(failure)];
  }
  [[nodiscard]] std::size_t transports(TransportState state) const {
    return worker.core.transport_sums().by_state[static_cast<std::size_t>(state)];
  }
};

struct CountedVideoCall : CountedCall {
  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  ProducerKey camera = publish_video(1, kCamera);
  ConsumerKey seen = view_video(2, camera, kSentVideo);
  MediaSource source = video_source(kCamera);
};

}  // namespace

TEST_CASE_FIXTURE(CountedVideoCall, "who connects is one result of ICE and one handshake, with their times") {
  CHECK(ice(IceOutcome::connected) == 2);
  CHECK(total(connections().ice) == 2);
  CHECK(connections().handshakes == 2);
  CHECK(total(connections().handshakes_failed) == 0);
  CHECK(total(connections().ice_seconds.counts()) == 2);
  CHECK(total(connections().dtls_seconds.counts()) == 2);
  CHECK(connections().dtls_seconds.sum() > 0);
  CHECK(transports(TransportState::connected) == 2);
}

TEST_CASE_FIXTURE(CountedVideoCall, "lost consent and its return are counted, and no second result") {
  bob.peer.stop_checking();
  network.run_for(35s);
  CHECK(connections().consent_lost == 1);
  CHECK(connections().consent_returned == 0);
  CHECK(transports(TransportState::disconnected) == 1);
  bob.peer.check(network.now());
  network.run_for(100ms);
  CHECK(connections().consent_returned == 1);
  CHECK(ice(IceOutcome::connected) == 2);
  worker.core.restart_ice(transport_of(2), gateway_credentials(2, 1), network.now());
  CHECK(connections().ice_restarts == 1);
}

TEST_CASE_FIXTURE(CountedVideoCall, "a goodbye after the handshake is none of its failures") {
  bob.peer.close();
  network.run_for(100ms);
  CHECK(connections().connections_ended[static_cast<std::size_t>(DtlsFailure::peer_closed)] == 1);
  CHECK(total(connections().handshakes_failed) == 0);
  worker.core.close(transport_of(1), network.now());
  CHECK(total(connections().connections_ended) == 1);
  CHECK(ice(IceOutcome::abandoned) == 0);
}

TEST_CASE_FIXTURE(CountedCall, "a client that never comes is silence, not a failed handshake") {
  open(1);
  tell_fingerprints(1);
  network.run_for(40s);
  CHECK(ice(IceOutcome::silent) == 1);
  CHECK(total(connections().ice) == 1);
  CHECK(total(connections().handshakes_failed) == 0);
  worker.core.close(transport_of(1), network.now());
  CHECK(total(connections().ice) == 1);
}

TEST_CASE_FIXTURE(CountedCall, "a transport that is closed while it waits was abandoned") {
  open(1);
  worker.core.close(transport_of(1), network.now());
  CHECK(ice(IceOutcome::abandoned) == 1);
  CHECK(total(connections().ice) == 1);
}

TEST_CASE_FIXTURE(CountedCall, "a handshake that fails is counted by its reason") {
  const DtlsContext stranger{DtlsCertificate::generate(WallTime{std::chrono::hours{24 * 365 * 56}})};
  SimulatedPeer& peer = open(1);
  tell_fingerprints(1, DtlsRole::server, fingerprints(stranger));
  peer.start();
  network.run_for(3s);
  CHECK(failed(DtlsFailure::fingerprint_mismatch) == 1);
  CHECK(connections().handshakes == 0);
  CHECK(ice(IceOutcome::connected) == 1);
  open(2);
  tell_fingerprints(2, DtlsRole::server, {});
  CHECK(failed(DtlsFailure::fingerprint_missing) == 1);
}

TEST_CASE_FIXTURE(CountedVideoCall, "producers and consumers are counted by kind as they come and go") {
  CHECK(worker.core.producer_counts()[MediaKind::video] == 1);
  CHECK(worker.core.producer_counts()[MediaKind::audio] == 0);
  CHECK(worker.core.consumer_counts().total() == 1);
  worker.core.close_consumer(transport_of(2), seen);
  worker.core.close_consumer(transport_of(2), seen);
  CHECK(worker.core.consumer_counts().total() == 0);
  worker.core.close(transport_of(1), network.now());
  CHECK(worker.core.producer_counts().total() == 0);
}

TEST_CASE_FIXTURE(CountedVideoCall, "what flows is told by kind, with the losses of each second") {
  run_frames(source, alice, 100, FrameKind::key);
  network.run_for(2s);
  const QualityCounters& quality = worker.core.quality_counters();
  constexpr auto kVideo = static_cast<std::size_t>(MediaKind::video);
  CHECK(quality.received.payload_bytes[kVideo] > 0);
  CHECK(quality.sent.payload_bytes[kVideo] == quality.received.payload_bytes[kVideo]);
  CHECK(quality.received.payload_bytes[static_cast<std::size_t>(MediaKind::audio)] == 0);
  CHECK(quality.received.packets_lost == 0);
  CHECK(total(quality.received.loss.counts()) >= 2);
  CHECK(quality.received.loss.sum() == 0);
  CHECK(worker.core.transport_sums().receiving.bps() >= 0);
}

}  // namespace sluice::test
