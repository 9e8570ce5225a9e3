#include "core/media/dtls/established_association.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "tests/unit/core/media/dtls/dtls_call.h"

using namespace sluice;
using namespace sluice::test;

using namespace std::chrono_literals;

namespace {

using ByteVector = std::vector<std::uint8_t>;

constexpr std::size_t kRecordHeader = 13;

// | type | version (16) | epoch (16) | sequence number (48) | length (16) | fragment
ByteVector record(std::uint8_t type, std::uint8_t sequence, std::size_t fragment) {
  const std::array<std::uint8_t, kRecordHeader> header{
      type, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, sequence, 0, static_cast<std::uint8_t>(fragment)};
  ByteVector bytes(kRecordHeader + fragment, 0xee);
  std::ranges::copy(header, bytes.begin());
  return bytes;
}

// The client's last flight, as often as it sends it while nothing of the server's gets through.
std::vector<ByteVector> flights_that_nobody_answers(DtlsCall& call) {
  std::vector<ByteVector> flights;
  call.network.set_interceptor([&](simulation::Address from, simulation::Address, ByteVector& datagram) {
    if (call.server.endpoint.state() != DtlsState::connected) return true;
    if (from != DtlsCall::kClient) return false;
    flights.push_back(datagram);
    return true;
  });
  call.start();
  call.network.run_for(2s);
  return flights;
}

std::size_t drain(DtlsEndpoint& endpoint) {
  std::size_t count = 0;
  while (endpoint.poll_datagram()) ++count;
  return count;
}

}  // namespace

TEST_CASE("alerts are read under every cipher that a handshake may choose, by client and server") {
  for (const char* cipher :
       {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    for (const bool client_closes : {false, true}) {
      CAPTURE(cipher);
      CAPTURE(client_closes);
      DtlsCall call;
      REQUIRE(SSL_CTX_set_cipher_list(&call.client.context.handle(), cipher) == 1);
      call.start();
      REQUIRE(call.run_until_both(DtlsState::connected));
      DtlsEndpoint& closing = client_closes ? call.client.endpoint : call.server.endpoint;
      DtlsEndpoint& other = client_closes ? call.server.endpoint : call.client.endpoint;
      closing.close();
      call.drain();
      CHECK(call.run_until_both(DtlsState::closed));
      CHECK(other.failure() == DtlsFailure::peer_closed);
    }
  }
}

TEST_CASE("a last flight that comes again is answered by ours, each repetition once") {
  DtlsCall call;
  const auto flights = flights_that_nobody_answers(call);
  REQUIRE(call.server.endpoint.state() == DtlsState::connected);
  REQUIRE(call.client.endpoint.state() == DtlsState::connecting);
  REQUIRE(!flights.empty());

  for (const ByteVector& datagram : flights) call.server.endpoint.handle_datagram(datagram, call.network.now());
  CHECK(drain(call.server.endpoint) == 0);  // those have been answered: a replay is no repetition

  call.network.set_interceptor({});
  CHECK(call.run_until_both(DtlsState::connected, 10s));
}

TEST_CASE("a close_notify that was changed on its way closes nothing") {
  DtlsCall call;
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  call.client.endpoint.close();
  const Bytes datagram = call.client.endpoint.poll_datagram().value();
  const ByteVector farewell(datagram.begin(), datagram.end());

  for (std::size_t i = 0; i < farewell.size(); ++i) {
    if (i == 2) continue;  // the version's second octet is not looked at: there is one version
    CAPTURE(i);
    ByteVector changed = farewell;
    changed[i] ^= 1;
    call.server.endpoint.handle_datagram(changed, call.network.now());
    CHECK(call.server.endpoint.state() == DtlsState::connected);
  }
  call.server.endpoint.handle_datagram(farewell, call.network.now());
  CHECK(call.server.endpoint.state() == DtlsState::closed);
}

TEST_CASE("records of any length that nobody has encrypted are silence") {
  DtlsCall call;
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  for (const std::uint8_t type : {20, 21, 22, 23}) {
    for (std::size_t length = 0; length < 64; ++length) {
      call.server.endpoint.handle_datagram(record(type, 9, length), call.network.now());
      call.client.endpoint.handle_datagram(record(type, 9, length), call.network.now());
    }
  }
  CHECK(call.both(DtlsState::connected));
  CHECK(drain(call.server.endpoint) == 0);
  CHECK(drain(call.client.endpoint) == 0);
}

TEST_CASE("after the handshake nothing of it is waited for") {
  DtlsCall call;
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  CHECK(!call.server.endpoint.next_timeout().has_value());
  CHECK(!call.client.endpoint.next_timeout().has_value());
}
