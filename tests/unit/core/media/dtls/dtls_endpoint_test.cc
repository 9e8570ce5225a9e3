#include "core/media/dtls/dtls_endpoint.h"

#include <doctest/doctest.h>

#include "core/media/dtls/dtls_record.h"
#include "tests/unit/core/media/dtls/dtls_call.h"

using namespace sluice;
using namespace std::chrono_literals;
using test::DtlsCall;
using test::DtlsPeer;
using test::kStart;

namespace {

using ByteVector = std::vector<std::uint8_t>;

std::vector<ByteVector> drain(DtlsEndpoint& endpoint) {
  std::vector<ByteVector> datagrams;
  while (const auto datagram = endpoint.poll_datagram()) datagrams.emplace_back(datagram->begin(), datagram->end());
  return datagrams;
}

}  // namespace

TEST_CASE("a peer without a fingerprint of an acceptable algorithm is refused at the start") {
  DtlsPeer peer;
  const DtlsPeer other;
  std::vector<Fingerprint> offered;
  SUBCASE("none at all") {}
  SUBCASE("SHA-1 alone") { offered = {other.context.certificate().fingerprint(FingerprintAlgorithm::sha_1)}; }
  SUBCASE("SHA-224 alone") { offered = {other.context.certificate().fingerprint(FingerprintAlgorithm::sha_224)}; }

  CHECK(peer.endpoint.start(DtlsRole::client, offered, kStart).error() == DtlsFailure::fingerprint_missing);
  CHECK(peer.endpoint.state() == DtlsState::failed);
  CHECK(peer.endpoint.failure() == DtlsFailure::fingerprint_missing);
  CHECK(drain(peer.endpoint).empty());
  CHECK(!peer.endpoint.next_timeout().has_value());
}

TEST_CASE("a peer that names our own fingerprint is refused at the start, by whatever algorithm") {
  for (const auto algorithm : {FingerprintAlgorithm::sha_1, FingerprintAlgorithm::sha_256,
                               FingerprintAlgorithm::sha_384, FingerprintAlgorithm::sha_512}) {
    CAPTURE(to_string(algorithm));
    DtlsPeer peer;
    const DtlsPeer other;
    std::vector<Fingerprint> offered = other.fingerprints();
    offered.push_back(peer.context.certificate().fingerprint(algorithm));
    CHECK(peer.endpoint.start(DtlsRole::auto_, offered, kStart).error() == DtlsFailure::own_fingerprint);
    CHECK(peer.endpoint.state() == DtlsState::failed);
  }
}

TEST_CASE("a client sends its ClientHello at once, a server waits, and so does auto") {
  const DtlsPeer other;
  DtlsPeer client;
  DtlsPeer server;
  DtlsPeer automatic;
  REQUIRE(client.endpoint.start(DtlsRole::client, other.fingerprints(), kStart).has_value());
  REQUIRE(server.endpoint.start(DtlsRole::server, other.fingerprints(), kStart).has_value());
  REQUIRE(automatic.endpoint.start(DtlsRole::auto_, other.fingerprints(), kStart).has_value());

  const auto flight = drain(client.endpoint);
  REQUIRE(flight.size() == 1);
  const auto record = next_dtls_record(flight[0]);
  REQUIRE(record.has_value());
  CHECK(record->type == DtlsContentType::handshake);
  CHECK(record->fragment[0] == 1);  // client_hello
  CHECK(drain(server.endpoint).empty());
  CHECK(drain(automatic.endpoint).empty());
}

TEST_CASE("datagrams before the start are dropped and counted; the peer's retransmission is heard") {
  DtlsCall call;
  call.start_client();
  call.network.run_for(100ms);
  CHECK(call.server.endpoint.state() == DtlsState::created);
  CHECK(call.server.endpoint.counters().dropped_before_start == 1);

  REQUIRE(call.server.endpoint.start(DtlsRole::server, call.client.fingerprints(), call.network.now()).has_value());
  CHECK(call.run_until_both(DtlsState::connected));
  CHECK(call.client.endpoint.counters().retransmissions == 1);
}

TEST_CASE("a client retransmits at exactly the intervals of its configuration and gives up at its limit") {
  DtlsConfig config = test::dtls_config();
  config.initial_retransmission = 100ms;
  config.max_retransmission = 1s;
  config.handshake_timeout = 5s;
  DtlsPeer client{config};
  REQUIRE(client.endpoint.start(DtlsRole::client, DtlsPeer{}.fingerprints(), kStart).has_value());
  REQUIRE(drain(client.endpoint).size() == 1);

  std::vector<Duration> sent;
  while (const auto timeout = client.endpoint.next_timeout()) {
    client.endpoint.handle_timeout(*timeout - 1ns);  // too early: nothing happens
    REQUIRE(drain(client.endpoint).empty());
    client.endpoint.handle_timeout(*timeout);
    if (!drain(client.endpoint).empty()) sent.push_back(*timeout - kStart);
    if (client.endpoint.state() == DtlsState::failed) CHECK(*timeout == kStart + 5s);
  }
  CHECK(sent == std::vector<Duration>{100ms, 300ms, 700ms, 1500ms, 2500ms, 3500ms, 4500ms});
  CHECK(client.endpoint.counters().retransmissions == sent.size());
  CHECK(client.endpoint.failure() == DtlsFailure::timeout);
}

TEST_CASE("a retransmission carries new record numbers, or the peer would take it for a replay") {
  DtlsPeer client;
  REQUIRE(client.endpoint.start(DtlsRole::client, DtlsPeer{}.fingerprints(), kStart).has_value());
  const auto first = drain(client.endpoint);
  client.endpoint.handle_timeout(client.endpoint.next_timeout().value());
  const auto second = drain(client.endpoint);
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  const auto before = next_dtls_record(first[0]).value();
  const auto after = next_dtls_record(second[0]).value();
  CHECK(after.sequence > before.sequence);
  CHECK(std::ranges::equal(after.fragment, before.fragment));
}

TEST_CASE("a server that nobody speaks to gives up at its limit") {
  DtlsPeer server;
  REQUIRE(server.endpoint.start(DtlsRole::server, DtlsPeer{}.fingerprints(), kStart).has_value());
  CHECK(server.endpoint.next_timeout() == kStart + 30s);
  server.endpoint.handle_timeout(kStart + 30s);
  CHECK(server.endpoint.failure() == DtlsFailure::timeout);
  CHECK(!server.endpoint.next_timeout().has_value());
}

TEST_CASE("garbage before, in and after the handshake is dropped, counted, and changes nothing") {
  DtlsCall call;
  call.start();
  const ByteVector nonsense(200, 0x16);
  const ByteVector empty;
  ByteVector truncated{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3};
  const auto throw_at = [&](DtlsEndpoint& endpoint) {
    for (const ByteVector& garbage : {nonsense, empty, truncated})
      endpoint.handle_datagram(garbage, call.network.now());
  };
  throw_at(call.server.endpoint);
  while (!call.both(DtlsState::connected)) {
    throw_at(call.server.endpoint);
    throw_at(call.client.endpoint);
    call.network.run_until(call.network.next_event().value());
  }
  throw_at(call.client.endpoint);
  throw_at(call.server.endpoint);
  CHECK(call.both(DtlsState::connected));
  CHECK(call.client.endpoint.counters().dropped_malformed >= 6);
}

TEST_CASE("application data in the clear is dropped and counted, and the handshake goes on") {
  DtlsCall call;
  call.start();
  const ByteVector data{23, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 5, 0, 2, 'h', 'i'};
  call.server.endpoint.handle_datagram(data, kStart);
  call.client.endpoint.handle_datagram(data, kStart);
  CHECK(call.server.endpoint.counters().dropped_plaintext_data == 1);
  CHECK(call.client.endpoint.counters().dropped_plaintext_data == 1);
  CHECK(call.run_until_both(DtlsState::connected));
}

TEST_CASE("records that are numbered and framed well but hold nonsense under the new keys are dropped in silence") {
  DtlsCall call;
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  ByteVector forged{23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 77, 0, 40};
  forged.resize(13 + 40, 0xee);
  for (const std::uint8_t type : {20, 21, 22, 23}) {
    forged[0] = type;
    call.server.endpoint.handle_datagram(forged, call.network.now());
    call.client.endpoint.handle_datagram(forged, call.network.now());
  }
  CHECK(call.both(DtlsState::connected));
  CHECK(call.server.endpoint.counters().dropped_application_data == 0);
}

TEST_CASE("close tells the peer, and both are closed") {
  DtlsCall call;
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  call.client.endpoint.close();
  CHECK(call.client.endpoint.state() == DtlsState::closed);
  CHECK(!call.client.endpoint.failure().has_value());
  call.drain();
  CHECK(call.run_until_both(DtlsState::closed));
  CHECK(call.server.endpoint.failure() == DtlsFailure::peer_closed);
  call.client.endpoint.close();  // once more does nothing

  call.server.endpoint.handle_datagram(ByteVector(20), call.network.now());
  CHECK(call.server.endpoint.counters().dropped_after_end >= 1);
}

TEST_CASE("an endpoint can be closed in any state") {
  DtlsPeer fresh;
  fresh.endpoint.close();
  CHECK(fresh.endpoint.state() == DtlsState::closed);

  DtlsPeer connecting;
  REQUIRE(connecting.endpoint.start(DtlsRole::client, fresh.fingerprints(), kStart).has_value());
  connecting.endpoint.close();
  CHECK(connecting.endpoint.state() == DtlsState::closed);
  CHECK(!connecting.endpoint.next_timeout().has_value());
}

TEST_CASE("the SRTP keys can be taken once") {
  DtlsCall call;
  call.start();
  CHECK(!call.client.endpoint.take_srtp_keys().has_value());
  REQUIRE(call.run_until_both(DtlsState::connected));
  CHECK(call.client.endpoint.take_srtp_keys().has_value());
  CHECK(!call.client.endpoint.take_srtp_keys().has_value());
}
