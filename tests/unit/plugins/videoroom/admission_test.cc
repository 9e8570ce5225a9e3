#include <doctest/doctest.h>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

/// A plugin's step that keeps its tickets.
struct Door {
  std::vector<AdmissionTicket> tickets;
  int abandoned = 0;
  std::unique_ptr<Admission::Registration> registration;

  explicit Door(Admission& admission, int order = 400, bool hold = true) {
    registration = admission.add_step(order, "door", [this, hold](JoinRequest&, AdmissionTicket ticket) {
      ticket.on_abandoned([this] { ++abandoned; });
      if (hold) ticket.hold({{"position", tickets.size() + 1}});
      tickets.push_back(std::move(ticket));
    });
  }
};

}  // namespace

TEST_CASE("steps run by order and may change what the participant gets") {
  VideoRoomGateway gateway;
  std::string seen;
  const auto late = gateway.admission().add_step(300, "late", [&](JoinRequest& request, AdmissionTicket ticket) {
    seen += "late ";
    request.attributes["badge"] = "gold";
    ticket.allow();
  });
  const auto early = gateway.admission().add_step(100, "early", [&](JoinRequest& request, AdmissionTicket ticket) {
    seen += "early(" + request.password + ") ";
    request.name = "Doctor " + request.name;
    request.role = Role::presenter;
    ticket.allow();
  });
  const Answer joined = gateway.join(gateway.person("anna"), "lobby", {{"password", "secret"}});
  CHECK(seen == "early(secret) late ");
  CHECK(text(joined["self"], "name") == "Doctor anna");
  CHECK(text(joined["self"], "role") == "presenter");
  CHECK(text(joined["self"].at("attributes"), "badge") == "gold");
}

TEST_CASE("a step denies with its reason, and no room is made") {
  VideoRoomGateway gateway;
  auto step = gateway.admission().add_step(100, "password", [](JoinRequest&, AdmissionTicket ticket) {
    ticket.deny(Error{ErrorCode::admission_denied, "wrong password"});
  });
  FakeClient& anna = gateway.person("anna");
  const Answer answer = gateway.join(anna);
  CHECK(answer.code() == "ADMISSION_DENIED");
  CHECK(answer.message() == "wrong password");
  CHECK(gateway.rooms().all().empty());

  SUBCASE("once its plugin has taken the step back, it asks nobody") {
    step.reset();
    CHECK(gateway.join(anna).ok());
  }
}

TEST_CASE("a step that throws, or decides nothing, denies") {
  VideoRoomGateway gateway;
  FakeClient& anna = gateway.person("anna");
  SUBCASE("an Error is the answer") {
    const auto step = gateway.admission().add_step(1, "throws", [](JoinRequest&, AdmissionTicket) {
      throw Error{ErrorCode::token_expired, "too late"};
    });
    CHECK(gateway.join(anna).code() == "TOKEN_EXPIRED");
  }
  SUBCASE("anything else is INTERNAL") {
    const auto step = gateway.admission().add_step(
        1, "throws", [](JoinRequest&, AdmissionTicket) { throw std::runtime_error{"a defect"}; });
    CHECK(gateway.join(anna).code() == "INTERNAL");
  }
  SUBCASE("a dropped ticket is ADMISSION_DENIED") {
    const auto step = gateway.admission().add_step(1, "forgets", [](JoinRequest&, AdmissionTicket) {});
    CHECK(gateway.join(anna).code() == "ADMISSION_DENIED");
  }
  CHECK_FALSE(gateway.join(anna).mishandled());
}

TEST_CASE("a held join is answered at once, and its result follows as an event") {
  VideoRoomGateway gateway;
  Door door{gateway.admission()};
  FakeClient& anna = gateway.person("anna");
  const Answer held = gateway.join(anna);
  REQUIRE(held.ok());
  CHECK(held.data() == json::value{{"position", 1}, {"held", true}});
  CHECK(gateway.rooms().find_participant(anna) == nullptr);
  CHECK(gateway.join(anna).code() == "CONFLICT");
  REQUIRE(door.tickets.size() == 1);
  CHECK(door.tickets[0].request()->name == "anna");

  SUBCASE("admitted") {
    door.tickets[0].allow();
    CHECK(text(anna.last("room:joined").at("self"), "role") == "host");
    CHECK(door.tickets[0].request() == nullptr);
  }
  SUBCASE("denied") {
    door.tickets[0].deny(Error{ErrorCode::admission_denied, "not today"});
    const json::value denied = anna.last("room:denied");
    CHECK(text(denied, "code") == "ADMISSION_DENIED");
    CHECK(text(denied, "roomId") == "lobby");
    CHECK(door.abandoned == 0);
  }
  SUBCASE("the client goes away: the door hears of it, and its decision has no effect") {
    gateway.host.disconnect(anna);
    CHECK(door.abandoned == 1);
    CHECK(door.tickets[0].request() == nullptr);
    door.tickets[0].allow();
    CHECK(gateway.rooms().all().empty());
    CHECK(gateway.host.metrics().value("joins_total", {{"result", "abandoned"}}) == 1);
  }
  SUBCASE("the client gives up with room:leave") {
    CHECK(gateway.host.call(anna, "room:leave").ok());
    CHECK(door.abandoned == 1);
    CHECK(gateway.join(anna).ok());
  }
  SUBCASE("the room has filled up meanwhile") {
    door.registration.reset();
    RoomOptions options;
    options.id = "lobby";
    options.max_participants = 1;
    gateway.rooms().create(options);
    gateway.join(gateway.person("ben"));
    door.tickets[0].allow();
    CHECK(text(anna.last("room:denied"), "code") == "ROOM_FULL");
  }
  SUBCASE("the gateway drains") {
    gateway.plugin->drain();
    CHECK(text(anna.last("room:denied"), "code") == "DRAINING");
    CHECK(door.abandoned == 1);
  }
}

TEST_CASE("of two who wait for a room that is not there, the first one in is its host") {
  VideoRoomGateway gateway;
  Door door{gateway.admission()};
  FakeClient& anna = gateway.person("anna");
  FakeClient& ben = gateway.person("ben");
  gateway.join(anna);
  gateway.join(ben);
  door.tickets[1].allow();
  door.tickets[0].allow();
  CHECK(text(ben.last("room:joined").at("self"), "role") == "host");
  CHECK(text(anna.last("room:joined").at("self"), "role") == "attendee");
}

TEST_CASE("what a client says of its device is bounded") {
  VideoRoomGateway gateway;
  const json::object device{{"browser", std::string(5'000, 'x')}};
  CHECK(gateway.join(gateway.person("anna"), "lobby", {{"device", device}}).code() == "LIMIT_EXCEEDED");
}

TEST_CASE("undecided joins are bounded") {
  VideoRoomGateway gateway{{{"max_undecided_joins", 1}}};
  Door door{gateway.admission(), 400, /*hold=*/false};
  const Answer waits = gateway.join(gateway.person("anna"));
  CHECK_FALSE(waits.done());
  CHECK(gateway.join(gateway.person("ben")).code() == "LIMIT_EXCEEDED");
  door.tickets[0].allow();
  CHECK(waits.ok());
}
