#include <doctest/doctest.h>

#include "plugins/waitingroom/admitted_users.h"
#include "waitingroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;

TEST_CASE("who was admitted does not wait again") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const Identity who = [] {
    SUBCASE("a user") { return user("anna"); }
    SUBCASE("a guest with a token") { return guest_with_token("anna"); }
    return user("anna");
  }();
  const Knock first = gateway.knock(who);
  CHECK_FALSE(first.outcome->held->contains("admissionTicket"));
  gateway.admit(host, "all");
  FakeParticipant& anna = room.join(first.client);
  room.leave(anna);
  CHECK(gateway.knock(who).passed());
}

TEST_CASE("who was removed waits again") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const Knock first = gateway.knock("anna");
  gateway.admit(host, "all");
  room.join(first.client).remove("enough");
  CHECK(gateway.knock("anna").held());
}

TEST_CASE("who was let in without being asked does not wait either, when a host has come") {
  WaitingRoomGateway gateway{{{"host_absent", "admit"}}};
  FakeRoom& room = gateway.open();
  FakeParticipant& anna = room.join(gateway.knock("anna").client);
  gateway.moderator(room);
  room.leave(anna);
  CHECK(gateway.knock("anna").passed());
  CHECK(gateway.knock("ben").held());
}

TEST_CASE("a second connection of somebody who is let in goes in, too") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const Knock phone = gateway.knock("anna");
  CHECK(gateway.knock("anna").held());
  gateway.admit(host, gateway.waiting(host).front());
  CHECK(phone.passed());
  CHECK(gateway.knock("anna").passed());
}

TEST_CASE("a guest comes again by the ticket that it was given") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const Knock first = gateway.knock(guest("guest-1"));
  const JoinOptions with_ticket{.token = std::string{first.info("admissionTicket").as_string()}};

  SUBCASE("not before it was admitted") { CHECK(gateway.knock(guest("guest-2"), with_ticket).held()); }
  SUBCASE("once it was") {
    gateway.admit(host, "all");
    FakeParticipant* inside = &room.join(first.client);
    SUBCASE("not to bring somebody along") { CHECK(gateway.knock(guest("guest-2"), with_ticket).held()); }
    SUBCASE("as often as it likes") {
      for (const char* next : {"guest-2", "guest-3"}) {
        room.leave(*inside);
        const Knock again = gateway.knock(guest(next), with_ticket);
        CHECK(again.passed());
        inside = &room.join(again.client);
      }
      CHECK(gateway.knock(guest("guest-2")).held());
    }
    SUBCASE("while its lost connection is still counted") {
      room.away(*inside);
      const std::string former = inside->id();
      CHECK(gateway.knock(guest("guest-2"), with_ticket).passed());
      CHECK(room.find(former) == nullptr);  // there is one of it
    }
    SUBCASE("not after it was removed") {
      inside->remove("enough");
      CHECK(gateway.knock(guest("guest-2"), with_ticket).held());
    }
    SUBCASE("not into another room, nor into the next one of this name") {
      FakeRoom& other = gateway.open(with_waiting_room(), "other");
      gateway.moderator(other, "host-2");
      JoinOptions elsewhere = with_ticket;
      elsewhere.room_id = "other";
      CHECK(gateway.knock(guest("guest-2"), elsewhere).held());
      room.close("closed");
      gateway.moderator(gateway.open(), "host-3");
      CHECK(gateway.knock(guest("guest-3"), with_ticket).held());
    }
  }
}

TEST_CASE("a guest comes again by the token that the gateway has signed for it") {
  WaitingRoomGateway gateway;
  FakeRoom& room = gateway.open();
  FakeParticipant& host = gateway.moderator(room);
  const auto token_of = [&](const std::string& id, const std::string& tenant = {}) {
    TokenRequest wish;
    wish.identity = user(id, tenant);
    wish.identity.guest = true;
    return gateway.host.tokens().issue(wish);
  };
  const JoinOptions by_token{.token = token_of("guest-9")};
  const Knock first = gateway.knock(guest("guest-1"), by_token);
  CHECK_FALSE(first.outcome->held->contains("admissionTicket"));
  gateway.admit(host, "all");
  FakeParticipant& inside = room.join(first.client);
  CHECK(gateway.knock(guest("guest-2"), by_token).held());
  room.leave(inside);

  CHECK(gateway.knock(guest("guest-3"), {.token = "user:guest-9"}).held());
  CHECK(gateway.knock(guest("guest-3"), {.token = token_of("guest-8")}).held());
  CHECK(gateway.knock(guest("guest-3"), {.token = token_of("guest-9", "acme")}).held());
  CHECK(gateway.knock(guest("guest-3"), {.token = token_of("guest-9")}).passed());
}

TEST_CASE("no more users are remembered than there is room for, the first one goes first") {
  waitingroom::AdmittedUsers users;
  users.remember("first", "ticket");
  for (std::size_t i = 1; i < waitingroom::AdmittedUsers::kMost; ++i) users.remember("user-" + std::to_string(i));
  CHECK(users.knows("first"));
  users.remember("user-1");
  CHECK(users.knows("first"));
  users.remember("last");
  CHECK_FALSE(users.knows("first"));
  CHECK(users.holder_of("ticket") == nullptr);
  CHECK(users.knows("user-1"));
  CHECK(users.knows("last"));
  users.clear();
  CHECK(users.empty());
}
