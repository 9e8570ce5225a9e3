// What an attacker, or a broken client, may try against a call under way.

#include <algorithm>
#include <iterator>
#include <random>

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kSentVideo{0xaaaa};
constexpr Address kAttacker{666};

// A call under way: client 1 sends, client 2 watches.
struct VideoCall : Call {
  VideoCall() {
    run_frames(source, alice, 5, FrameKind::key);
    network.run_for(100ms);
    REQUIRE(bob.rtp.size() == 10);
    network.attach(kAttacker, {.handle_datagram = [this](Address, Bytes, Instant) { ++answers_to_attacker; },
                               .next_timeout = {},
                               .handle_timeout = {}});
  }
  void attack(Bytes datagram) {
    network.send(kAttacker, kGateway, datagram);
    network.run_for(100ms);
  }
  /// Nothing of what was tried has hurt.
  void check_unharmed() {
    const std::size_t before = bob.rtp.size();
    run_frames(source, alice, 5, FrameKind::key);
    network.run_for(100ms);
    CHECK(bob.rtp.size() == before + 10);
    CHECK(worker.state_of(transport_of(1)) == TransportState::connected);
    CHECK(worker.state_of(transport_of(2)) == TransportState::connected);
  }

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  ProducerKey camera = publish_video(1, kCamera);
  ConsumerKey seen = view_video(2, camera, kSentVideo);
  MediaSource source = video_source(kCamera);
  std::size_t answers_to_attacker = 0;
};

std::vector<std::uint8_t> binding_request(const IceCredentials& of_gateway, std::string_view password) {
  std::array<std::uint8_t, kMaxStunMessageSize> buffer;
  const std::string username = of_gateway.ufrag + ":evil";
  const Bytes written = write_binding_request({.transaction_id = {1, 2, 3},
                                               .username = username,
                                               .password = password,
                                               .priority = 1,
                                               .ice_controlling = 1,
                                               .use_candidate = true},
                                              buffer);
  return {written.begin(), written.end()};
}

// RFC 3550 section 5.1, with an extension header that says it is `words` long.
std::vector<std::uint8_t> rtp_with_extension(RtpSequence sequence, std::uint16_t profile, std::uint16_t words,
                                             std::vector<std::uint8_t> rest) {
  std::vector<std::uint8_t> packet{0x90,
                                   simulation::kProducerVp8,
                                   static_cast<std::uint8_t>(sequence.value() >> 8),
                                   static_cast<std::uint8_t>(sequence.value()),
                                   0,
                                   0,
                                   0,
                                   1,  // timestamp
                                   0,
                                   0,
                                   0x11,
                                   0x11,  // kCamera
                                   static_cast<std::uint8_t>(profile >> 8),
                                   static_cast<std::uint8_t>(profile),
                                   static_cast<std::uint8_t>(words >> 8),
                                   static_cast<std::uint8_t>(words)};
  std::ranges::copy(rest, std::back_inserter(packet));
  return packet;
}

}  // namespace

TEST_CASE_FIXTURE(VideoCall, "a damaged SRTP packet is dropped, wherever the damage is") {
  alice.keep_sent = true;
  source.send_frame(alice.peer, FrameKind::delta, 1);
  network.run_for(100ms);
  const std::vector<std::uint8_t> whole = alice.datagrams_sent.back();
  const auto before = counters(1).dropped_unauthenticated + counters(1).dropped_replayed;
  const std::size_t received = bob.rtp.size();
  std::uint64_t tried = 0;
  for (std::size_t at = 2; at < whole.size(); ++at) {
    std::vector<std::uint8_t> damaged = whole;
    damaged[at] ^= 0x40;
    alice.send_raw(damaged);
    ++tried;
  }
  network.run_for(100ms);
  // What has a number that has come is a replay, whatever its tag: RFC 3711 section 3.3, step 5.
  CHECK(counters(1).dropped_unauthenticated + counters(1).dropped_replayed == before + tried);
  CHECK(bob.rtp.size() == received);

  alice.keep_sent = true;
  alice.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_bye(std::span{&kCamera, 1})); });
  std::vector<std::uint8_t> bye = alice.datagrams_sent.back();
  bye.back() ^= 1;
  network.run_for(100ms);
  const auto before_bye = counters(1).dropped_unauthenticated;
  alice.send_raw(bye);
  network.run_for(100ms);
  CHECK(counters(1).dropped_unauthenticated == before_bye + 1);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "a replayed packet is dropped") {
  alice.keep_sent = true;
  source.send_frame(alice.peer, FrameKind::key);
  alice.peer.send_rtcp_of([](RtcpBuilder& out) { static_cast<void>(out.add_receiver_report(Ssrc{1})); });
  network.run_for(100ms);
  const std::size_t received = bob.rtp.size();
  const auto before = counters(1).dropped_replayed;
  const auto sent = alice.datagrams_sent;
  REQUIRE(sent.size() >= 3);
  for (const auto& datagram : sent) alice.send_raw(datagram);
  network.run_for(100ms);
  CHECK(bob.rtp.size() == received);
  CHECK(counters(1).dropped_replayed == before + 3);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "DTLS and media from an address that ICE never validated are dropped without an answer") {
  alice.keep_sent = true;
  source.send_frame(alice.peer, FrameKind::key, 1);
  const std::vector<std::uint8_t> genuine = alice.datagrams_sent.back();
  network.run_for(100ms);
  const std::size_t received = bob.rtp.size();
  const auto before = worker.core.counters().dropped_unvalidated;

  attack(genuine);
  attack(std::vector<std::uint8_t>{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0});
  attack(std::vector<std::uint8_t>{0x80, 200, 0, 1, 0, 0, 0, 1});
  attack(std::vector<std::uint8_t>{0x55});
  attack({});
  CHECK(worker.core.counters().dropped_unvalidated == before + 5);
  CHECK(answers_to_attacker == 0);
  CHECK(bob.rtp.size() == received);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "STUN with a wrong MESSAGE-INTEGRITY validates nothing") {
  const auto forged = binding_request(gateway_credentials(1), "not the password, but as long");
  attack(forged);
  CHECK(answers_to_attacker == 1);  // the 401 of RFC 8489 section 9.1.3, smaller than the request
  source.send_frame(alice.peer, FrameKind::key, 1);
  const auto before = worker.core.counters().dropped_unvalidated;
  attack(std::vector<std::uint8_t>{0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1});
  CHECK(worker.core.counters().dropped_unvalidated == before + 1);
  CHECK(worker.core.transport_stats(transport_of(1))->remote_address == "10.0.0.1:5000");
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "STUN that is oversized, truncated or for nobody gets no answer") {
  auto request = binding_request(gateway_credentials(1), gateway_credentials(1).pwd);
  SUBCASE("an unknown ufrag") { attack(binding_request(gateway_credentials(77), gateway_credentials(77).pwd)); }
  SUBCASE("an attribute that runs past the message") {
    request[22] = 0xff;  // the length of the first attribute
    attack(request);
  }
  SUBCASE("a message that is cut at any place") {
    for (std::size_t size = 0; size < request.size(); ++size) attack(Bytes{request}.first(size));
  }
  SUBCASE("a USERNAME of the largest size there is, longer than the message can be") {
    std::vector<std::uint8_t> large(kMaxStunMessageSize + 4, 'u');
    std::copy_n(request.begin(), 20, large.begin());
    large[2] = static_cast<std::uint8_t>((large.size() - 20) >> 8);
    large[3] = static_cast<std::uint8_t>(large.size() - 20);
    large[20] = 0;
    large[21] = 6;
    large[22] = static_cast<std::uint8_t>((large.size() - 24) >> 8);
    large[23] = static_cast<std::uint8_t>(large.size() - 24);
    attack(large);
  }
  SUBCASE("a FINGERPRINT that does not fit") {
    request.back() ^= 1;
    attack(request);
  }
  CHECK(answers_to_attacker == 0);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "a packet larger than any buffer is dropped and counted") {
  // What the worker's buffers do not hold is cut off by the kernel and counted.
  alice.send_raw(std::vector<std::uint8_t>(1601, 0x80));
  network.run_for(100ms);
  CHECK(worker.core.counters().dropped_oversize == 1);

  // What they hold, but is too large for a datagram with our extensions, is not sent on.
  MediaSource large{{.kind = MediaKind::video,
                     .ssrc = kCamera,
                     .mid = mid("v"),
                     .first_sequence = source.next_sequence(),
                     .first_timestamp = source.next_timestamp(),
                     .payload_size = 1500}};
  const std::size_t received = bob.rtp.size();
  REQUIRE(large.send_frame(alice.peer, FrameKind::delta, 3));
  network.run_for(100ms);
  CHECK(bob.rtp.size() == received);
  CHECK(counters(2).dropped_oversize == 3);
  CHECK(worker.core.producer_stats(transport_of(1), camera).at(0).packets == 13);
  source.skip(3);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "a packet of the size that senders outside browsers choose passes") {
  MediaSource large{{.kind = MediaKind::video,
                     .ssrc = kCamera,
                     .mid = mid("v"),
                     .first_sequence = source.next_sequence(),
                     .first_timestamp = source.next_timestamp(),
                     .payload_size = 1380}};
  const std::size_t received = bob.rtp.size();
  REQUIRE(large.send_frame(alice.peer, FrameKind::delta, 3));
  network.run_for(100ms);
  CHECK(bob.rtp.size() == received + 3);
}

TEST_CASE_FIXTURE(VideoCall, "header extensions that run past the packet of an authenticated client are dropped") {
  const auto dropped = [this] { return counters(1).dropped_malformed + counters(1).dropped_unauthenticated; };
  const auto before = dropped();
  bool sent = false;
  const RtpSequence next = source.next_sequence();
  source.skip(1);
  const std::size_t received = bob.rtp.size();
  SUBCASE("the block's length") {
    sent = alice.peer.send_rtp(Bytes{rtp_with_extension(next, 0xbede, 0xffff, {0x40, 'v', 0, 0})});
  }
  SUBCASE("an element of the one-byte form") {
    sent = alice.peer.send_rtp(Bytes{rtp_with_extension(next, 0xbede, 1, {0x4f, 'v', 0, 0, 0x90, 0x80, 0, 0, 0x10})});
  }
  SUBCASE("an element of the two-byte form") {
    sent = alice.peer.send_rtp(Bytes{rtp_with_extension(next, 0x1000, 1, {4, 0xff, 'v', 0, 0x90, 0x80, 0, 0, 0x10})});
  }
  SUBCASE("more CSRCs than there is packet") {
    auto packet = rtp_with_extension(next, 0xbede, 0, {});
    packet[0] = 0x8f;
    sent = alice.peer.send_rtp(Bytes{packet});
  }
  SUBCASE("padding longer than the payload") {
    auto packet = rtp_with_extension(next, 0xbede, 0, {0xff});
    packet[0] |= 0x20;
    sent = alice.peer.send_rtp(Bytes{packet});
  }
  network.run_for(100ms);
  // Lengths that run past the packet itself libsrtp refuses already on the sender's side.
  CHECK(dropped() == before + (sent ? 1 : 0));
  CHECK(bob.rtp.size() == received);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "malformed RTCP of an authenticated client is dropped") {
  const auto before = counters(1).dropped_malformed;
  alice.peer.send_rtcp(std::array<std::uint8_t, 8>{0x81, 200, 0, 200, 0, 0, 0, 1});  // runs past the end
  alice.peer.send_rtcp(std::array<std::uint8_t, 8>{0x9f, 203, 0, 1, 0, 0, 0, 1});    // 31 sources, one there
  alice.peer.send_rtcp(std::array<std::uint8_t, 8>{0x81, 206, 0, 1, 0, 0, 0, 1});    // PLI without a media SSRC
  network.run_for(100ms);
  CHECK(counters(1).dropped_malformed >= before + 2);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "an authenticated client's packets of an unknown stream or payload type go nowhere") {
  const std::size_t received = bob.rtp.size();
  std::vector<std::uint8_t> packet(40);
  packet[0] = 0x80;
  packet[1] = 55;  // not negotiated
  packet[2] = static_cast<std::uint8_t>(source.next_sequence().value() >> 8);
  packet[3] = static_cast<std::uint8_t>(source.next_sequence().value());
  packet[10] = packet[11] = 0x11;
  alice.peer.send_rtp(Bytes{packet});
  packet[11] = 0x12;
  alice.peer.send_rtp(Bytes{packet});
  network.run_for(100ms);
  CHECK(bob.rtp.size() == received);
  CHECK(counters(1).dropped_unknown_stream == 1);
  source.skip(1);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "thousands of datagrams of garbage, from outside and from a client, change nothing") {
  std::minstd_rand random{4711};
  const auto before = worker.core.counters().datagrams;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> garbage(random() % 1500);
    for (std::uint8_t& byte : garbage) byte = static_cast<std::uint8_t>(random());
    if (!garbage.empty()) {
      // As often as chance would not have it: the first byte of each kind.
      constexpr std::array<std::uint8_t, 8> kFirstBytes{0x00, 0x01, 0x14, 0x16, 0x80, 0x90, 0xbf, 0x40};
      garbage[0] = kFirstBytes[random() % kFirstBytes.size()];
    }
    if (i % 2 == 0) {
      network.send(kAttacker, kGateway, garbage);
    } else {
      alice.send_raw(garbage);
    }
  }
  network.run_for(1s);
  CHECK(worker.core.counters().datagrams >= before + 2000);
  CHECK(answers_to_attacker == 0);
  check_unharmed();
}

TEST_CASE_FIXTURE(VideoCall, "one client's credentials do not open another's transport") {
  // Bob knows his own password, and everybody's ufrag.
  attack(binding_request(gateway_credentials(1), gateway_credentials(2).pwd));
  CHECK(worker.core.transport_stats(transport_of(1))->remote_address == "10.0.0.1:5000");
  check_unharmed();
}

}  // namespace sluice::test
