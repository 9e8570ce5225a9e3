// Connectivity checks: who is believed, what is answered, which tuple is selected.

#include "tests/unit/core/media/ice/ice_lite_call.h"

namespace sluice::test {
namespace {

void check_untouched(const IceLite& ice) {
  CHECK(ice.state() == IceState::fresh);
  CHECK(ice.selected() == nullptr);
  CHECK(!ice.is_valid(kHome));
}

}  // namespace

TEST_CASE("an authenticated check makes its source valid and is answered with the source address") {
  IceCall call;
  const auto reaction = call.send(IceCall::check(), kHome, kStart);

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
  IceCall call;
  const auto reaction = call.send(IceCall::nomination(), kHome, kStart);
  CHECK(reaction.selection_changed);
  CHECK(call.ice.state() == IceState::completed);
  REQUIRE(call.ice.selected() != nullptr);
  CHECK(*call.ice.selected() == kHome);

  SUBCASE("the same once more changes nothing") {
    const auto again = call.send(IceCall::nomination(), kHome, kStart + 1s);
    CHECK(!again.response.empty());
    CHECK(!again.tuple_added);
    CHECK(!again.selection_changed);
    CHECK(!again.state_changed);
  }
  SUBCASE("a check without it from elsewhere does not move the selection, however high its priority") {
    BindingRequest other = IceCall::check();
    other.priority = 1000;
    const auto reaction2 = call.send(other, kMobile, kStart + 1s);
    CHECK(reaction2.tuple_added);
    CHECK(*call.ice.selected() == kHome);
  }
}

TEST_CASE("a nomination from a new address moves the selection: the peer changed its network") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  BindingRequest weaker = IceCall::nomination();
  weaker.priority = 1;
  const auto moved = call.send(weaker, kMobile, kStart + 1s);
  CHECK(moved.selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.ice.is_valid(kHome));

  SUBCASE("and back, once the first network has not been nominated for a while") {
    CHECK(call.send(IceCall::nomination(), kHome, kStart + 10s).selection_changed);
    CHECK(*call.ice.selected() == kHome);
  }
}

TEST_CASE("with aggressive nomination the tuple of highest priority is selected and stays so") {
  IceCall call;
  BindingRequest high = IceCall::nomination();
  high.priority = 200;
  BindingRequest low = IceCall::nomination();
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
  IceCall call;
  BindingRequest high = IceCall::check();
  high.priority = 200;
  call.send(IceCall::check(), kHome, kStart);
  CHECK(*call.ice.selected() == kHome);
  CHECK(call.send(high, kMobile, kStart).selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.ice.state() == IceState::connected);
}

TEST_CASE("a wrong password is answered 401 without integrity and changes nothing") {
  IceCall call;
  BindingRequest forged = IceCall::nomination();
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
    IceCall call;
    BindingRequest request = IceCall::nomination();
    request.username = username;
    const auto reaction = call.send(request, kHome, kStart);
    CHECK(reaction.drop == IceDrop::wrong_username);
    CHECK(call.error_code(reaction) == 401);
    check_untouched(call.ice);
  }
}

TEST_CASE("once the remote ufrag is known no other is taken") {
  IceCall call;
  call.ice.set_remote_ufrag("peerUfrag");
  CHECK(call.send(IceCall::check(), kHome, kStart).drop == IceDrop::wrong_username);
  BindingRequest request = IceCall::check();
  request.username = "gatewayA:peerUfrag";
  CHECK(!call.send(request, kHome, kStart).drop.has_value());
}

TEST_CASE("a request without credentials is answered 400") {
  IceCall call;
  BindingRequest no_username = IceCall::nomination();
  no_username.username = {};
  const auto reaction = call.send(no_username, kHome, kStart);
  CHECK(reaction.drop == IceDrop::no_credentials);
  CHECK(call.error_code(reaction) == 400);

  BindingRequest no_integrity = IceCall::nomination();
  no_integrity.password = {};
  const auto second = call.send(no_integrity, kHome, kStart);
  CHECK(second.drop == IceDrop::no_credentials);
  CHECK(call.error_code(second) == 400);
  check_untouched(call.ice);
}

TEST_CASE("an unauthenticated source is never sent more bytes than it sent") {
  IceCall call;
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
  IceCall call;
  BindingRequest request = IceCall::nomination();
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
  IceCall call;
  const auto request = StunMessage::parse(write_binding_request(IceCall::nomination(), call.request_buffer));
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

}  // namespace sluice::test
