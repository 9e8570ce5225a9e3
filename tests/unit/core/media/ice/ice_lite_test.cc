#include "core/media/ice/ice_lite.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace sluice {
namespace {

using namespace std::chrono_literals;

const IceCredentials kLocal{"gatewayA", "gatewaypassword0123456789"};
const IceCredentials kRestarted{"gatewayB", "anotherpassword0123456789"};
const IceTuple kHome{.remote = SocketAddress::parse("192.0.2.10", 5000).value(), .socket = 0};
const IceTuple kHomeByTcp{.remote = kHome.remote, .socket = 1};
const IceTuple kMobile{.remote = SocketAddress::parse("198.51.100.20", 6000).value(), .socket = 0};
const Instant kStart{};

IceTuple with_port(const IceTuple& tuple, std::uint16_t port) {
  return {.remote = tuple.remote.with_port(port), .socket = tuple.socket};
}

// The peer: what it would send, and the agent under test, which answers.
struct Call {
  IceLite ice{kLocal, {}, kStart};
  std::array<std::uint8_t, kMaxStunMessageSize> request_buffer{};
  std::array<std::uint8_t, kStunResponseCapacity> response_buffer{};

  static BindingRequest check(const IceCredentials& to = kLocal) {
    static thread_local std::string username;
    username = to.ufrag + ":peer";
    BindingRequest request;
    request.transaction_id = {1, 2, 3, 4};
    request.username = username;
    request.password = to.pwd;
    request.priority = 100;
    request.ice_controlling = 42;
    return request;
  }
  static BindingRequest nomination(const IceCredentials& to = kLocal) {
    BindingRequest request = check(to);
    request.use_candidate = true;
    return request;
  }
  IceLite::Reaction send(const BindingRequest& request, const IceTuple& from, Instant now) {
    return ice.handle_stun(write_binding_request(request, request_buffer), from, now, response_buffer);
  }
  std::uint16_t error_code(const IceLite::Reaction& reaction) {
    const auto response = StunMessage::parse(reaction.response);
    return response.has_value() ? response->error_code().value_or(0) : 0;
  }
};

void check_untouched(const IceLite& ice) {
  CHECK(ice.state() == IceState::fresh);
  CHECK(ice.selected() == nullptr);
  CHECK(!ice.is_valid(kHome));
}

TEST_CASE("an authenticated check makes its source valid and is answered with the source address") {
  Call call;
  const auto reaction = call.send(Call::check(), kHome, kStart);

  CHECK(!reaction.drop.has_value());
  CHECK(reaction.tuple_added);
  CHECK(reaction.state_changed);
  CHECK(call.ice.state() == IceState::connected);
  CHECK(call.ice.is_valid(kHome));
  CHECK(!call.ice.is_valid(with_port(kHome, 5001)));
  const auto response = StunMessage::parse(reaction.response);
  REQUIRE(response.has_value());
  CHECK(response->message_class() == StunClass::success);
  CHECK(response->xor_mapped_address() == kHome.remote);
  CHECK(response->check_integrity(kLocal.pwd) == StunIntegrity::valid);
}

TEST_CASE("USE-CANDIDATE completes the transport and selects its source") {
  Call call;
  const auto reaction = call.send(Call::nomination(), kHome, kStart);
  CHECK(reaction.selection_changed);
  CHECK(call.ice.state() == IceState::completed);
  REQUIRE(call.ice.selected() != nullptr);
  CHECK(*call.ice.selected() == kHome);

  SUBCASE("the same once more changes nothing") {
    const auto again = call.send(Call::nomination(), kHome, kStart + 1s);
    CHECK(!again.response.empty());
    CHECK(!again.tuple_added);
    CHECK(!again.selection_changed);
    CHECK(!again.state_changed);
  }
  SUBCASE("a check without it from elsewhere does not move the selection, however high its priority") {
    BindingRequest other = Call::check();
    other.priority = 1000;
    const auto reaction2 = call.send(other, kMobile, kStart + 1s);
    CHECK(reaction2.tuple_added);
    CHECK(*call.ice.selected() == kHome);
  }
}

TEST_CASE("a nomination from a new address moves the selection: the peer changed its network") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  BindingRequest weaker = Call::nomination();
  weaker.priority = 1;
  const auto moved = call.send(weaker, kMobile, kStart + 1s);
  CHECK(moved.selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.ice.is_valid(kHome));

  SUBCASE("and back, once the first network has not been nominated for a while") {
    CHECK(call.send(Call::nomination(), kHome, kStart + 10s).selection_changed);
    CHECK(*call.ice.selected() == kHome);
  }
}

TEST_CASE("with aggressive nomination the tuple of highest priority is selected and stays so") {
  Call call;
  BindingRequest high = Call::nomination();
  high.priority = 200;
  BindingRequest low = Call::nomination();
  low.priority = 100;
  Instant now = kStart;
  for (int round = 0; round < 3; ++round) {
    call.send(high, kHome, now += 50ms);
    call.send(low, kMobile, now += 50ms);
  }
  CHECK(*call.ice.selected() == kHome);
  CHECK(!call.send(low, kMobile, now += 50ms).selection_changed);
  CHECK(!call.send(high, kHome, now += 50ms).selection_changed);
}

TEST_CASE("before any nomination the valid tuple of highest priority is selected") {
  Call call;
  BindingRequest high = Call::check();
  high.priority = 200;
  call.send(Call::check(), kHome, kStart);
  CHECK(*call.ice.selected() == kHome);
  CHECK(call.send(high, kMobile, kStart).selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.ice.state() == IceState::connected);
}

TEST_CASE("a wrong password is answered 401 without integrity and changes nothing") {
  Call call;
  BindingRequest forged = Call::nomination();
  forged.password = "gatewaypassword012345678X";
  const auto reaction = call.send(forged, kHome, kStart);
  CHECK(reaction.drop == IceDrop::wrong_integrity);
  CHECK(call.error_code(reaction) == 401);
  const auto response = StunMessage::parse(reaction.response);
  CHECK(response->check_integrity(kLocal.pwd) == StunIntegrity::missing);
  check_untouched(call.ice);
  CHECK(call.ice.counters().dropped(IceDrop::wrong_integrity) == 1);
  CHECK(call.ice.counters().errors_sent == 1);
}

TEST_CASE("a username that is not ours is answered 401, whatever the password") {
  for (const auto* username : {"gatewayX:peer", "gatewayA", "gatewayA:", "gatewayA:p", "gateway:peer", "gatewayAA:peer",
                               ":peer", "gatewayA:pe er", "peer:gatewayA"}) {
    CAPTURE(username);
    Call call;
    BindingRequest request = Call::nomination();
    request.username = username;
    const auto reaction = call.send(request, kHome, kStart);
    CHECK(reaction.drop == IceDrop::wrong_username);
    CHECK(call.error_code(reaction) == 401);
    check_untouched(call.ice);
  }
}

TEST_CASE("once the remote ufrag is known no other is taken") {
  Call call;
  call.ice.set_remote_ufrag("peerUfrag");
  CHECK(call.send(Call::check(), kHome, kStart).drop == IceDrop::wrong_username);
  BindingRequest request = Call::check();
  request.username = "gatewayA:peerUfrag";
  CHECK(!call.send(request, kHome, kStart).drop.has_value());
}

TEST_CASE("a request without credentials is answered 400") {
  Call call;
  BindingRequest no_username = Call::nomination();
  no_username.username = {};
  const auto reaction = call.send(no_username, kHome, kStart);
  CHECK(reaction.drop == IceDrop::no_credentials);
  CHECK(call.error_code(reaction) == 400);

  BindingRequest no_integrity = Call::nomination();
  no_integrity.password = {};
  const auto second = call.send(no_integrity, kHome, kStart);
  CHECK(second.drop == IceDrop::no_credentials);
  CHECK(call.error_code(second) == 400);
  check_untouched(call.ice);
}

TEST_CASE("an unauthenticated source is never sent more bytes than it sent") {
  Call call;
  // A Binding request of nothing but FINGERPRINT: 28 bytes, its CRC as RFC 8489 section 14.7 has it.
  const std::array<std::uint8_t, 28> smallest{0x00, 0x01, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42, 0, 0,
                                              0,    0,    0,    0,    0,    0,    0,    0,    0, 0,
                                              0x80, 0x28, 0x00, 0x04, 0xb2, 0xaa, 0xf9, 0xf6};
  REQUIRE(StunMessage::parse(smallest).has_value());
  const auto reaction = call.ice.handle_stun(smallest, kHome, kStart, call.response_buffer);
  CHECK(reaction.drop == IceDrop::no_credentials);
  CHECK(reaction.response.empty());
  CHECK(call.ice.counters().errors_withheld == 1);
  CHECK(call.ice.counters().errors_sent == 0);
}

TEST_CASE("a peer that claims to be controlled too is answered 487, authenticated") {
  Call call;
  BindingRequest request = Call::nomination();
  request.ice_controlling.reset();
  request.ice_controlled = 1;
  const auto reaction = call.send(request, kHome, kStart);
  CHECK(reaction.drop == IceDrop::role_conflict);
  CHECK(call.error_code(reaction) == 487);
  const auto response = StunMessage::parse(reaction.response);
  CHECK(response->check_integrity(kLocal.pwd) == StunIntegrity::valid);
  check_untouched(call.ice);
}

TEST_CASE("responses, indications, other methods and damaged messages are dropped in silence") {
  Call call;
  const auto request = StunMessage::parse(write_binding_request(Call::nomination(), call.request_buffer));
  REQUIRE(request.has_value());
  std::array<std::uint8_t, kStunResponseCapacity> written{};

  const Bytes response = write_binding_success(*request, kHome.remote, kLocal.pwd, written);
  const auto reaction = call.ice.handle_stun(response, kHome, kStart, call.response_buffer);
  CHECK(reaction.drop == IceDrop::unexpected_response);
  CHECK(reaction.response.empty());

  std::vector<std::uint8_t> damaged{request->bytes().begin(), request->bytes().end()};
  damaged.back() ^= 1;
  CHECK(call.ice.handle_stun(damaged, kHome, kStart, call.response_buffer).drop == IceDrop::wrong_fingerprint);
  damaged.pop_back();
  CHECK(call.ice.handle_stun(damaged, kHome, kStart, call.response_buffer).drop == IceDrop::malformed);
  CHECK(call.ice.counters().dropped(IceDrop::malformed) == 1);
  check_untouched(call.ice);
}

TEST_CASE("consent expires 30 seconds after the last check, at that instant and not before") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  call.send(Call::check(), kHome, kStart + 7s);
  CHECK(call.ice.next_timeout() == kStart + 37s);

  const auto early = call.ice.handle_timeout(kStart + 37s - 1ns);
  CHECK(!early.state_changed);
  CHECK(call.ice.is_valid(kHome));

  const auto expiry = call.ice.handle_timeout(kStart + 37s);
  CHECK(expiry.state_changed);
  CHECK(expiry.selection_changed);
  REQUIRE(expiry.removed_count == 1);
  CHECK(expiry.removed[0] == kHome);
  CHECK(call.ice.state() == IceState::disconnected);
  CHECK(call.ice.selected() == nullptr);
  CHECK(!call.ice.is_valid(kHome));
  CHECK(!call.ice.next_timeout().has_value());

  SUBCASE("and a later check brings the transport back") {
    CHECK(call.send(Call::nomination(), kMobile, kStart + 60s).state_changed);
    CHECK(call.ice.state() == IceState::completed);
    CHECK(*call.ice.selected() == kMobile);
  }
}

TEST_CASE("a forged check does not keep consent alive") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  BindingRequest forged = Call::check();
  forged.password = "gatewaypassword012345678X";
  call.send(forged, kHome, kStart + 20s);
  CHECK(call.ice.handle_timeout(kStart + 30s).state_changed);
}

TEST_CASE("when the selected tuple falls silent the best of the others takes over") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  call.send(Call::check(), kMobile, kStart + 20s);
  const auto expiry = call.ice.handle_timeout(kStart + 30s);
  CHECK(expiry.selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.ice.state() == IceState::connected);  // valid, but not nominated
}

TEST_CASE("a transport that nobody connects to fails at its deadline and answers nobody any more") {
  Call call;
  CHECK(call.ice.next_timeout() == kStart + 30s);
  CHECK(!call.ice.handle_timeout(kStart + 30s - 1ns).state_changed);
  CHECK(call.ice.handle_timeout(kStart + 30s).state_changed);
  CHECK(call.ice.state() == IceState::failed);
  CHECK(!call.ice.next_timeout().has_value());

  const auto late = call.send(Call::nomination(), kHome, kStart + 31s);
  CHECK(late.drop == IceDrop::failed);
  CHECK(late.response.empty());

  SUBCASE("until it is restarted") {
    call.ice.restart(kRestarted, kStart + 40s);
    CHECK(call.ice.next_timeout() == kStart + 70s);
    CHECK(!call.send(Call::nomination(kRestarted), kHome, kStart + 41s).drop.has_value());
    CHECK(call.ice.state() == IceState::completed);
  }
}

TEST_CASE("a peer's UDP port and its TCP port of the same number are different tuples") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  CHECK(!call.ice.is_valid(kHomeByTcp));
  const auto moved = call.send(Call::nomination(), kHomeByTcp, kStart + 1s);
  CHECK(moved.tuple_added);
  CHECK(moved.selection_changed);
  CHECK(*call.ice.selected() == kHomeByTcp);
  CHECK(call.ice.is_valid(kHome));
}

TEST_CASE("a TCP tuple is selected by nomination like any other, and left again for UDP") {
  Call call;
  call.send(Call::check(), kHome, kStart);
  BindingRequest by_tcp = Call::nomination();
  by_tcp.priority = 1;
  call.send(by_tcp, kHomeByTcp, kStart);
  CHECK(*call.ice.selected() == kHomeByTcp);
  CHECK(call.send(Call::nomination(), kHome, kStart + 1s).selection_changed);
  CHECK(*call.ice.selected() == kHome);
}

TEST_CASE("a tuple that is lost gives way to the best of the others at once") {
  Call call;
  call.send(Call::nomination(), kHomeByTcp, kStart);
  call.send(Call::check(), kMobile, kStart);
  const auto lost = call.ice.remove_tuple(kHomeByTcp);
  REQUIRE(lost.removed_count == 1);
  CHECK(lost.removed[0] == kHomeByTcp);
  CHECK(lost.selection_changed);
  CHECK(lost.state_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.ice.state() == IceState::connected);

  SUBCASE("one that is not valid is no loss") {
    const auto nothing = call.ice.remove_tuple(kHomeByTcp);
    CHECK(nothing.removed_count == 0);
    CHECK(!nothing.selection_changed);
    CHECK(!nothing.state_changed);
  }
  SUBCASE("the last one leaves the transport disconnected, until the next check") {
    CHECK(call.ice.remove_tuple(kMobile).state_changed);
    CHECK(call.ice.state() == IceState::disconnected);
    CHECK(call.ice.selected() == nullptr);
    CHECK(!call.ice.next_timeout().has_value());
    CHECK(call.send(Call::nomination(), kHomeByTcp, kStart + 5s).state_changed);
    CHECK(call.ice.state() == IceState::completed);
  }
}

TEST_CASE("a tuple that is lost but was not selected changes nothing else") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  call.send(Call::check(), kHomeByTcp, kStart);
  const auto lost = call.ice.remove_tuple(kHomeByTcp);
  CHECK(lost.removed_count == 1);
  CHECK(!lost.selection_changed);
  CHECK(!lost.state_changed);
  CHECK(*call.ice.selected() == kHome);
}

TEST_CASE("after a restart both credentials are accepted until the new ones are nominated with") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 1s);
  CHECK(call.ice.local_credentials() == kRestarted);
  CHECK(call.ice.state() == IceState::completed);  // media flows on
  CHECK(call.ice.is_valid(kHome));

  const auto old = call.send(Call::check(kLocal), kHome, kStart + 2s);
  CHECK(!old.drop.has_value());
  CHECK(!old.old_ufrag_retired);
  CHECK(StunMessage::parse(old.response)->check_integrity(kLocal.pwd) == StunIntegrity::valid);

  const auto fresh = call.send(Call::nomination(kRestarted), kMobile, kStart + 3s);
  CHECK(fresh.old_ufrag_retired);
  CHECK(call.ice.retired_ufrag() == kLocal.ufrag);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(StunMessage::parse(fresh.response)->check_integrity(kRestarted.pwd) == StunIntegrity::valid);

  CHECK(call.send(Call::check(kLocal), kHome, kStart + 4s).drop == IceDrop::wrong_username);
}

TEST_CASE("after a restart media stays where it is while the peer only checks the new path") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 1s);
  BindingRequest check = Call::check(kRestarted);
  check.priority = 1000;
  const auto checked = call.send(check, kMobile, kStart + 2s);
  CHECK(!checked.old_ufrag_retired);
  CHECK(!checked.selection_changed);
  CHECK(*call.ice.selected() == kHome);
  CHECK(call.ice.state() == IceState::completed);
  CHECK(!call.send(Call::check(kLocal), kHome, kStart + 3s).drop.has_value());  // consent for the old path

  CHECK(call.send(Call::nomination(kRestarted), kMobile, kStart + 4s).selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.send(Call::nomination(kLocal), kHome, kStart + 5s).drop == IceDrop::wrong_username);
  CHECK(*call.ice.selected() == kMobile);
}

TEST_CASE("after a restart the old path lives no longer than its consent") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 20s);
  CHECK(call.ice.next_timeout() == kStart + 30s);
  CHECK(call.ice.handle_timeout(kStart + 30s).state_changed);
  CHECK(call.ice.state() == IceState::disconnected);
  CHECK(call.send(Call::nomination(kRestarted), kHome, kStart + 31s).state_changed);
  CHECK(call.ice.state() == IceState::completed);
}

TEST_CASE("a restart that overtakes one which the peer has taken up retires the oldest credentials") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 1s);
  CHECK(!call.send(Call::check(kRestarted), kMobile, kStart + 2s).drop.has_value());
  CHECK(call.ice.restart({"gatewayC", "thirdpasswordthird0123456"}, kStart + 3s) == kLocal.ufrag);
  CHECK(call.send(Call::check(kLocal), kHome, kStart + 4s).drop == IceDrop::wrong_username);
  CHECK(!call.send(Call::check(kRestarted), kMobile, kStart + 4s).drop.has_value());
}

TEST_CASE("the old password does not open the new ufrag, nor the other way round") {
  Call call;
  call.ice.restart(kRestarted, kStart);
  BindingRequest mixed = Call::check(kRestarted);
  mixed.password = kLocal.pwd;
  CHECK(call.send(mixed, kHome, kStart).drop == IceDrop::wrong_integrity);
  mixed = Call::check(kLocal);
  mixed.password = kRestarted.pwd;
  CHECK(call.send(mixed, kHome, kStart).drop == IceDrop::wrong_integrity);
}

TEST_CASE("a restart that overtakes a restart keeps the credentials which the peer knows") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  CHECK(!call.ice.restart(kRestarted, kStart + 1s).has_value());
  const auto overtaken = call.ice.restart({"gatewayC", "thirdpasswordthird0123456"}, kStart + 2s);
  CHECK(overtaken == kRestarted.ufrag);
  CHECK(!call.send(Call::check(kLocal), kHome, kStart + 3s).drop.has_value());
  CHECK(call.send(Call::check(kRestarted), kHome, kStart + 3s).drop == IceDrop::wrong_username);
}

TEST_CASE("valid tuples are bounded: the one silent longest makes room, never the selected one") {
  Call call;
  call.send(Call::nomination(), kHome, kStart);
  Instant now = kStart;
  for (std::uint16_t i = 1; i < kMaxValidTuples; ++i) {
    CHECK(!call.send(Call::check(), with_port(kMobile, i), now += 100ms).removed.has_value());
  }
  for (std::uint16_t i = 1; i <= 3 * kMaxValidTuples; ++i) {
    const auto port = static_cast<std::uint16_t>(kMaxValidTuples - 1 + i);
    const auto reaction = call.send(Call::check(), with_port(kMobile, port), now += 100ms);
    CHECK(reaction.tuple_added);
    REQUIRE(reaction.removed.has_value());
    CHECK(*reaction.removed == with_port(kMobile, i));
    CHECK(!call.ice.is_valid(*reaction.removed));
  }
  CHECK(call.ice.is_valid(kHome));
  CHECK(*call.ice.selected() == kHome);
  CHECK(call.ice.counters().tuples_evicted == 3 * kMaxValidTuples);
}

TEST_CASE("all tuples expire together in one call") {
  Call call;
  for (std::uint16_t i = 1; i <= kMaxValidTuples; ++i) call.send(Call::check(), with_port(kMobile, i), kStart);
  CHECK(call.ice.handle_timeout(kStart + 30s).removed_count == kMaxValidTuples);
  CHECK(call.ice.state() == IceState::disconnected);
}

}  // namespace
}  // namespace sluice
