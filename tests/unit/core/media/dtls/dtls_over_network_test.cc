#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <string>

#include "core/base/byte_writer.h"
#include "core/media/srtp/srtp_receiver.h"
#include "core/media/srtp/srtp_sender.h"
#include "tests/unit/core/media/dtls/dtls_call.h"

using namespace sluice;
using namespace std::chrono_literals;
using simulation::Address;
using test::DtlsCall;

namespace {

using ByteVector = std::vector<std::uint8_t>;

struct Scenario {
  const char* name;
  simulation::Link link;
};
const std::array kScenarios{
    Scenario{"a clean network", {}},
    Scenario{"10 % loss", {.loss = 0.1}},
    Scenario{"30 % loss", {.loss = 0.3}},
    Scenario{"reordering", {.jitter = 15ms, .reordering = 0.4}},
    Scenario{"duplication", {.duplication = 0.5}},
    Scenario{"30 % loss, reordering and duplication",
             {.jitter = 15ms, .loss = 0.3, .duplication = 0.3, .reordering = 0.3}},
    Scenario{"a round trip longer than the first retransmission", {.delay = 350ms}},
};
constexpr std::uint64_t kSeeds = 20;

ByteVector rtp_packet() {
  ByteVector packet(60, 0x42);
  packet[0] = 0x80;
  return packet;
}

// One protected packet from `from` to `to`.
void check_srtp(const SrtpKeys& from, const SrtpKeys& to) {
  auto sender = SrtpSender::create(from.profile, from.local);
  auto receiver = SrtpReceiver::create(to.profile, to.remote);
  REQUIRE(sender.has_value());
  REQUIRE(receiver.has_value());
  ByteVector packet = rtp_packet();
  packet.resize(packet.size() + kMaxSrtpTrailer);
  packet.resize(sender->protect_rtp(packet, rtp_packet().size()).value());
  CHECK(!std::ranges::equal(Bytes{packet}.first(rtp_packet().size()), rtp_packet()));
  packet.resize(receiver->unprotect_rtp(packet).value());
  CHECK(packet == rtp_packet());
}

void check_srtp_both_ways(DtlsCall& call, SrtpProfile profile) {
  const auto client = call.client.endpoint.take_srtp_keys();
  const auto server = call.server.endpoint.take_srtp_keys();
  REQUIRE(client.has_value());
  REQUIRE(server.has_value());
  CHECK(client->profile == profile);
  CHECK(server->profile == profile);
  CHECK(client->local == server->remote);
  CHECK(client->remote == server->local);
  CHECK(!(client->local == client->remote));
  check_srtp(*client, *server);
  check_srtp(*server, *client);
}

// Some 3000 bytes, as much as a chain of RSA certificates has.
DtlsCertificate large_certificate() {
  DtlsCertificate certificate = DtlsCertificate::generate(test::kToday);
  X509_NAME* name = X509_get_subject_name(&certificate.certificate());
  const std::string unit(60, 'x');
  for (int i = 0; i < 36; ++i) {
    REQUIRE(X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(unit.data()),
                                       -1, -1, 0) == 1);
  }
  REQUIRE(X509_sign(&certificate.certificate(), &certificate.key(), EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

TEST_CASE("two endpoints agree on keys over any network that lets something through") {
  for (const Scenario& scenario : kScenarios) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      CAPTURE(scenario.name);
      CAPTURE(seed);
      DtlsCall call{seed, scenario.link};
      call.start();
      REQUIRE(call.run_until_both(DtlsState::connected, 30s));
      CHECK(call.largest_datagram <= kMaxDtlsDatagram);
      check_srtp_both_ways(call, SrtpProfile::aead_aes_128_gcm);

      call.network.run_for(60s);  // stragglers, duplicates and retransmissions do no harm
      CHECK(call.both(DtlsState::connected));
      CHECK(!call.client.endpoint.next_timeout().has_value());
      CHECK(!call.server.endpoint.next_timeout().has_value());
    }
  }
}

TEST_CASE("large certificates go in datagrams of the size that any path takes, and survive loss and reordering") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    DtlsCall call{seed, {.jitter = 15ms, .loss = 0.1, .reordering = 0.2}, large_certificate(), large_certificate()};
    call.start();
    REQUIRE(call.run_until_both(DtlsState::connected, 30s));
    CHECK(call.network.counters().sent > 6);
    CHECK(call.largest_datagram > kMaxDtlsDatagram - 100);
    CHECK(call.largest_datagram <= kMaxDtlsDatagram);
  }
}

TEST_CASE("without loss a handshake takes two round trips and no retransmission") {
  DtlsCall call{1, {.delay = 20ms}};
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  CHECK(call.network.now() == test::kStart + 80ms);
  CHECK(call.client.endpoint.counters().retransmissions == 0);
  CHECK(call.server.endpoint.counters().retransmissions == 0);
}

TEST_CASE("SRTP flows with each profile that both sides have") {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    CAPTURE(to_string(profile));
    DtlsCall call{1, {}, test::dtls_config({profile}), test::dtls_config({profile})};
    call.start();
    REQUIRE(call.run_until_both(DtlsState::connected));
    check_srtp_both_ways(call, profile);
  }
}

TEST_CASE("where only one side has GCM they meet at AES-CM") {
  const DtlsConfig all = test::dtls_config();
  const DtlsConfig cm_only = test::dtls_config({SrtpProfile::aes128_cm_hmac_sha1_80});
  for (const bool client_has_gcm : {true, false}) {
    CAPTURE(client_has_gcm);
    DtlsCall call{1, {}, client_has_gcm ? all : cm_only, client_has_gcm ? cm_only : all};
    call.start();
    REQUIRE(call.run_until_both(DtlsState::connected));
    check_srtp_both_ways(call, SrtpProfile::aes128_cm_hmac_sha1_80);
  }
}

TEST_CASE("the server's order of profiles decides, not the client's") {
  DtlsCall call{1,
                {},
                test::dtls_config({SrtpProfile::aes128_cm_hmac_sha1_80, SrtpProfile::aead_aes_256_gcm}),
                test::dtls_config()};
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  check_srtp_both_ways(call, SrtpProfile::aead_aes_256_gcm);
}

TEST_CASE("without a common profile both sides fail, and no keys come of it") {
  DtlsCall call{
      1, {}, test::dtls_config({SrtpProfile::aead_aes_128_gcm}), test::dtls_config({SrtpProfile::aead_aes_256_gcm})};
  call.start();
  CHECK(call.run_until_both(DtlsState::failed));
  CHECK(call.client.endpoint.failure() == DtlsFailure::no_srtp_profile);
  CHECK(call.server.endpoint.failure() == DtlsFailure::no_srtp_profile);
  CHECK(!call.client.endpoint.take_srtp_keys().has_value());
  CHECK(!call.server.endpoint.take_srtp_keys().has_value());
}

TEST_CASE("a certificate that signalling did not tell of ends the handshake on both sides, without keys") {
  const test::DtlsPeer stranger;
  for (const bool client_is_deceived : {true, false}) {
    CAPTURE(client_is_deceived);
    DtlsCall call;
    const auto client_expects = client_is_deceived ? stranger.fingerprints() : call.server.fingerprints();
    const auto server_expects = client_is_deceived ? call.client.fingerprints() : stranger.fingerprints();
    REQUIRE(call.server.endpoint.start(DtlsRole::server, server_expects, test::kStart).has_value());
    REQUIRE(call.client.endpoint.start(DtlsRole::client, client_expects, test::kStart).has_value());
    call.drain();

    CHECK(call.run_until_both(DtlsState::failed));
    auto& deceived = client_is_deceived ? call.client.endpoint : call.server.endpoint;
    auto& other = client_is_deceived ? call.server.endpoint : call.client.endpoint;
    CHECK(deceived.failure() == DtlsFailure::fingerprint_mismatch);
    CHECK(other.failure() == DtlsFailure::handshake_error);  // told by the alert bad_certificate
    CHECK(!deceived.take_srtp_keys().has_value());
    CHECK(!other.take_srtp_keys().has_value());
    CHECK(call.network.now() < test::kStart + 200ms);  // at once, not by a timeout
  }
}

TEST_CASE("a SHA-512 fingerprint verifies the peer as well") {
  DtlsCall call;
  const auto& certificate = call.client.context.certificate();
  const std::vector offered{certificate.fingerprint(FingerprintAlgorithm::sha_1),
                            certificate.fingerprint(FingerprintAlgorithm::sha_512)};
  REQUIRE(call.server.endpoint.start(DtlsRole::server, offered, test::kStart).has_value());
  call.start_client();
  CHECK(call.run_until_both(DtlsState::connected));
}

TEST_CASE("a network that loses everything ends in a timeout at the configured instant") {
  DtlsCall call{1, {.loss = 1}};
  call.start();
  CHECK(!call.run_until_both(DtlsState::failed, 30s - 1ns));
  call.network.run_until(test::kStart + 30s);
  CHECK(call.both(DtlsState::failed));
  CHECK(call.client.endpoint.failure() == DtlsFailure::timeout);
  CHECK(call.server.endpoint.failure() == DtlsFailure::timeout);
}

TEST_CASE("every single datagram of a handshake may be lost once") {
  for (int victim = 0; victim < 8; ++victim) {
    CAPTURE(victim);
    DtlsCall call;
    int sent = 0;
    call.network.set_interceptor([&](Address, Address, ByteVector&) { return sent++ != victim; });
    call.start();
    CHECK(call.run_until_both(DtlsState::connected, 5s));
    check_srtp_both_ways(call, SrtpProfile::aead_aes_128_gcm);
  }
}

TEST_CASE("when the server's last flight is lost the client's retransmission brings it back") {
  DtlsCall call;
  bool lost = false;
  call.network.set_interceptor([&](Address from, Address, ByteVector&) {
    const bool last_flight = from == DtlsCall::kServer && call.server.endpoint.state() == DtlsState::connected;
    if (!last_flight || lost) return true;
    lost = true;
    return false;
  });
  call.start();
  CHECK(call.run_until_both(DtlsState::connected, 5s));
  CHECK(lost);
  CHECK(call.client.endpoint.counters().retransmissions == 1);
}

TEST_CASE("all that was ever sent may come again: a connected endpoint stays as it is") {
  DtlsCall call;
  std::vector<ByteVector> from_client;
  std::vector<ByteVector> from_server;
  call.network.set_interceptor([&](Address from, Address, ByteVector& datagram) {
    (from == DtlsCall::kClient ? from_client : from_server).push_back(datagram);
    return true;
  });
  call.start();
  REQUIRE(call.run_until_both(DtlsState::connected));
  call.network.set_interceptor({});

  for (const ByteVector& datagram : from_client) call.server.endpoint.handle_datagram(datagram, call.network.now());
  for (const ByteVector& datagram : from_server) call.client.endpoint.handle_datagram(datagram, call.network.now());
  CHECK(!call.server.endpoint.poll_datagram().has_value());  // a replayed ClientHello gets no answer
  CHECK(!call.client.endpoint.poll_datagram().has_value());
  CHECK(call.both(DtlsState::connected));
  check_srtp_both_ways(call, SrtpProfile::aead_aes_128_gcm);
}

TEST_CASE("a ClientHello that comes twice in the handshake is answered once") {
  DtlsCall call;
  ByteVector hello;
  call.network.set_interceptor([&](Address, Address, ByteVector& datagram) {
    if (hello.empty()) hello = datagram;
    return true;
  });
  call.start();
  call.network.run_for(20ms);
  const auto sent = call.network.counters().sent;
  call.server.endpoint.handle_datagram(hello, call.network.now());
  CHECK(!call.server.endpoint.poll_datagram().has_value());
  CHECK(call.network.counters().sent == sent);
  CHECK(call.run_until_both(DtlsState::connected));
}

// RFC 6347 section 4.2.3: | type | length (24) | message_seq (16) | fragment_offset (24) | fragment_length (24) | body
TEST_CASE("a ClientHello in fragments, out of order, is put together") {
  constexpr std::size_t kRecordHeader = 13;
  constexpr std::size_t kMessageHeader = 12;
  constexpr std::size_t kFragment = 40;
  DtlsCall call;
  REQUIRE(call.server.endpoint.start(DtlsRole::server, call.client.fingerprints(), test::kStart).has_value());
  REQUIRE(call.client.endpoint.start(DtlsRole::client, call.server.fingerprints(), test::kStart).has_value());
  const Bytes datagram = call.client.endpoint.poll_datagram().value();
  const ByteVector hello(datagram.begin(), datagram.end());
  const Bytes message = Bytes{hello}.subspan(kRecordHeader);
  const Bytes body = message.subspan(kMessageHeader);

  std::vector<ByteVector> fragments;
  for (std::size_t offset = 0; offset < body.size(); offset += kFragment) {
    const Bytes part = body.subspan(offset, std::min(kFragment, body.size() - offset));
    ByteVector bytes(kRecordHeader + kMessageHeader + part.size());
    ByteWriter out{bytes};
    out.bytes(Bytes{hello}.first(10));
    out.u8(static_cast<std::uint8_t>(100 + fragments.size()));  // each its own record number
    out.u16(static_cast<std::uint16_t>(kMessageHeader + part.size()));
    out.bytes(message.first(6));  // type, length of the whole, message_seq
    out.u24(static_cast<std::uint32_t>(offset));
    out.u24(static_cast<std::uint32_t>(part.size()));
    out.bytes(part);
    REQUIRE(!out.failed());
    fragments.push_back(bytes);
  }
  REQUIRE(fragments.size() > 3);
  std::swap(fragments.front(), fragments.back());
  for (const ByteVector& fragment : fragments) {
    CHECK(!call.server.endpoint.poll_datagram().has_value());
    call.server.endpoint.handle_datagram(fragment, test::kStart);
  }
  call.drain();
  CHECK(call.run_until_both(DtlsState::connected));
}

TEST_CASE("two clients, or two servers, do not connect") {
  for (const DtlsRole role : {DtlsRole::client, DtlsRole::server}) {
    DtlsCall call;
    REQUIRE(call.server.endpoint.start(role, call.client.fingerprints(), test::kStart).has_value());
    REQUIRE(call.client.endpoint.start(role, call.server.fingerprints(), test::kStart).has_value());
    call.drain();
    call.network.run_for(31s);
    CHECK(call.both(DtlsState::failed));
  }
}
