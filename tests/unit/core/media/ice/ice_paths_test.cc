// Tuples that come and go: UDP and TCP, consent, lost connections, restarts.

#include "tests/unit/core/media/ice/ice_lite_call.h"

namespace sluice::test {

TEST_CASE("consent expires 30 seconds after the last check, at that instant and not before") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  call.send(IceCall::check(), kHome, kStart + 7s);
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
    CHECK(call.send(IceCall::nomination(), kMobile, kStart + 60s).state_changed);
    CHECK(call.ice.state() == IceState::completed);
    CHECK(*call.ice.selected() == kMobile);
  }
}

TEST_CASE("a forged check does not keep consent alive") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  BindingRequest forged = IceCall::check();
  forged.password = "gatewaypassword012345678X";
  call.send(forged, kHome, kStart + 20s);
  CHECK(call.ice.handle_timeout(kStart + 30s).state_changed);
}

TEST_CASE("when the selected tuple falls silent the best of the others takes over") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  call.send(IceCall::check(), kMobile, kStart + 20s);
  const auto expiry = call.ice.handle_timeout(kStart + 30s);
  CHECK(expiry.selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.ice.state() == IceState::connected);  // valid, but not nominated
}

TEST_CASE("a transport that nobody connects to fails at its deadline and answers nobody any more") {
  IceCall call;
  CHECK(call.ice.next_timeout() == kStart + 30s);
  CHECK(!call.ice.handle_timeout(kStart + 30s - 1ns).state_changed);
  CHECK(call.ice.handle_timeout(kStart + 30s).state_changed);
  CHECK(call.ice.state() == IceState::failed);
  CHECK(!call.ice.next_timeout().has_value());

  const auto late = call.send(IceCall::nomination(), kHome, kStart + 31s);
  CHECK(late.drop == IceDrop::failed);
  CHECK(late.response.empty());

  SUBCASE("until it is restarted") {
    call.ice.restart(kRestarted, kStart + 40s);
    CHECK(call.ice.next_timeout() == kStart + 70s);
    CHECK(!call.send(IceCall::nomination(kRestarted), kHome, kStart + 41s).drop.has_value());
    CHECK(call.ice.state() == IceState::completed);
  }
}

TEST_CASE("a peer's UDP port and its TCP port of the same number are different tuples") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  CHECK(!call.ice.is_valid(kHomeByTcp));
  const auto moved = call.send(IceCall::nomination(), kHomeByTcp, kStart + 1s);
  CHECK(moved.tuple_added);
  CHECK(moved.selection_changed);
  CHECK(*call.ice.selected() == kHomeByTcp);
  CHECK(call.ice.is_valid(kHome));
}

TEST_CASE("a TCP tuple is selected by nomination like any other, and left again for UDP") {
  IceCall call;
  call.send(IceCall::check(), kHome, kStart);
  BindingRequest by_tcp = IceCall::nomination();
  by_tcp.priority = 1;
  call.send(by_tcp, kHomeByTcp, kStart);
  CHECK(*call.ice.selected() == kHomeByTcp);
  CHECK(call.send(IceCall::nomination(), kHome, kStart + 1s).selection_changed);
  CHECK(*call.ice.selected() == kHome);
}

TEST_CASE("a tuple that is lost gives way to the best of the others at once") {
  IceCall call;
  call.send(IceCall::nomination(), kHomeByTcp, kStart);
  call.send(IceCall::check(), kMobile, kStart);
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
    CHECK(call.send(IceCall::nomination(), kHomeByTcp, kStart + 5s).state_changed);
    CHECK(call.ice.state() == IceState::completed);
  }
}

TEST_CASE("a tuple that is lost but was not selected changes nothing else") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  call.send(IceCall::check(), kHomeByTcp, kStart);
  const auto lost = call.ice.remove_tuple(kHomeByTcp);
  CHECK(lost.removed_count == 1);
  CHECK(!lost.selection_changed);
  CHECK(!lost.state_changed);
  CHECK(*call.ice.selected() == kHome);
}

TEST_CASE("after a restart both credentials are accepted until the new ones are nominated with") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 1s);
  CHECK(call.ice.local_credentials() == kRestarted);
  CHECK(call.ice.state() == IceState::completed);  // media flows on
  CHECK(call.ice.is_valid(kHome));

  const auto old = call.send(IceCall::check(kLocal), kHome, kStart + 2s);
  CHECK(!old.drop.has_value());
  CHECK(!old.old_ufrag_retired);
  CHECK(StunMessage::parse(old.response)->check_integrity(kLocal.pwd) == StunIntegrity::valid);

  const auto fresh = call.send(IceCall::nomination(kRestarted), kMobile, kStart + 3s);
  CHECK(fresh.old_ufrag_retired);
  CHECK(call.ice.retired_ufrag() == kLocal.ufrag);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(StunMessage::parse(fresh.response)->check_integrity(kRestarted.pwd) == StunIntegrity::valid);

  CHECK(call.send(IceCall::check(kLocal), kHome, kStart + 4s).drop == IceDrop::wrong_username);
}

TEST_CASE("after a restart media stays where it is while the peer only checks the new path") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 1s);
  BindingRequest check = IceCall::check(kRestarted);
  check.priority = 1000;
  const auto checked = call.send(check, kMobile, kStart + 2s);
  CHECK(!checked.old_ufrag_retired);
  CHECK(!checked.selection_changed);
  CHECK(*call.ice.selected() == kHome);
  CHECK(call.ice.state() == IceState::completed);
  CHECK(!call.send(IceCall::check(kLocal), kHome, kStart + 3s).drop.has_value());  // consent for the old path

  CHECK(call.send(IceCall::nomination(kRestarted), kMobile, kStart + 4s).selection_changed);
  CHECK(*call.ice.selected() == kMobile);
  CHECK(call.send(IceCall::nomination(kLocal), kHome, kStart + 5s).drop == IceDrop::wrong_username);
  CHECK(*call.ice.selected() == kMobile);
}

TEST_CASE("after a restart the old path lives no longer than its consent") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 20s);
  CHECK(call.ice.next_timeout() == kStart + 30s);
  CHECK(call.ice.handle_timeout(kStart + 30s).state_changed);
  CHECK(call.ice.state() == IceState::disconnected);
  CHECK(call.send(IceCall::nomination(kRestarted), kHome, kStart + 31s).state_changed);
  CHECK(call.ice.state() == IceState::completed);
}

TEST_CASE("a restart that overtakes one which the peer has taken up retires the oldest credentials") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  call.ice.restart(kRestarted, kStart + 1s);
  CHECK(!call.send(IceCall::check(kRestarted), kMobile, kStart + 2s).drop.has_value());
  CHECK(call.ice.restart({"gatewayC", "thirdpasswordthird0123456"}, kStart + 3s) == kLocal.ufrag);
  CHECK(call.send(IceCall::check(kLocal), kHome, kStart + 4s).drop == IceDrop::wrong_username);
  CHECK(!call.send(IceCall::check(kRestarted), kMobile, kStart + 4s).drop.has_value());
}

TEST_CASE("the old password does not open the new ufrag, nor the other way round") {
  IceCall call;
  call.ice.restart(kRestarted, kStart);
  BindingRequest mixed = IceCall::check(kRestarted);
  mixed.password = kLocal.pwd;
  CHECK(call.send(mixed, kHome, kStart).drop == IceDrop::wrong_integrity);
  mixed = IceCall::check(kLocal);
  mixed.password = kRestarted.pwd;
  CHECK(call.send(mixed, kHome, kStart).drop == IceDrop::wrong_integrity);
}

TEST_CASE("a restart that overtakes a restart keeps the credentials which the peer knows") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  CHECK(!call.ice.restart(kRestarted, kStart + 1s).has_value());
  const auto overtaken = call.ice.restart({"gatewayC", "thirdpasswordthird0123456"}, kStart + 2s);
  CHECK(overtaken == kRestarted.ufrag);
  CHECK(!call.send(IceCall::check(kLocal), kHome, kStart + 3s).drop.has_value());
  CHECK(call.send(IceCall::check(kRestarted), kHome, kStart + 3s).drop == IceDrop::wrong_username);
}

TEST_CASE("valid tuples are bounded: the one silent longest makes room, never the selected one") {
  IceCall call;
  call.send(IceCall::nomination(), kHome, kStart);
  Instant now = kStart;
  for (std::uint16_t i = 1; i < kMaxValidTuples; ++i) {
    CHECK(!call.send(IceCall::check(), with_port(kMobile, i), now += 100ms).removed.has_value());
  }
  for (std::uint16_t i = 1; i <= 3 * kMaxValidTuples; ++i) {
    const auto port = static_cast<std::uint16_t>(kMaxValidTuples - 1 + i);
    const auto reaction = call.send(IceCall::check(), with_port(kMobile, port), now += 100ms);
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
  IceCall call;
  for (std::uint16_t i = 1; i <= kMaxValidTuples; ++i) call.send(IceCall::check(), with_port(kMobile, i), kStart);
  CHECK(call.ice.handle_timeout(kStart + 30s).removed_count == kMaxValidTuples);
  CHECK(call.ice.state() == IceState::disconnected);
}

}  // namespace sluice::test
