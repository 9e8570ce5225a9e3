#include <doctest/doctest.h>

#include <algorithm>

#include "waitingroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

TEST_CASE("a queue has a longest length, and so have all together") {
  WaitingRoomGateway gateway{{{"max_waiting", 2}, {"max_waiting_total", 3}}};
  gateway.moderator(gateway.open());
  gateway.moderator(gateway.open(with_waiting_room(), "other"), "host-2");
  Knock anna = gateway.knock("anna");
  gateway.knock("ben");
  const Knock third = gateway.knock("cleo");
  CHECK(third.code() == "LIMIT_EXCEEDED");
  CHECK(third.outcome->denied->details().at("limit") == 2);
  CHECK(gateway.knock("dan", {.room_id = "other"}).held());
  CHECK(gateway.knock("eve", {.room_id = "other"}).outcome->denied->details().at("limit") == 3);
  gateway.abandon(anna);
  CHECK(gateway.knock("cleo").held());
  CHECK(gateway.host.metrics().value("waiting") == 3);
}

TEST_CASE("one user cannot fill the queue") {
  WaitingRoomGateway gateway;
  gateway.moderator(gateway.open());
  for (int i = 0; i < 3; ++i) CHECK(gateway.knock("anna").held());
  CHECK(gateway.knock("anna").code() == "LIMIT_EXCEEDED");
  CHECK(gateway.knock("ben").held());
}

TEST_CASE("a thousand wait: what they are told grows with time, not with the square of the queue") {
  constexpr int kWaiters = 1'000;
  WaitingRoomGateway gateway{{{"max_waiting", kWaiters}, {"updates_per_second", 200}, {"update_ms", 500}}};
  FakeParticipant& host = gateway.moderator(gateway.open());
  std::vector<Knock> all;
  for (int i = 0; i < kWaiters; ++i) all.push_back(gateway.knock("user-" + std::to_string(i)));
  CHECK(all.back().info("position") == kWaiters);
  gateway.gather();
  CHECK(gateway.client_of(host).last("waitingroom:updated").at("total") == kWaiters);
  CHECK(gateway.client_of(host).last("waitingroom:updated").at("waiting").as_array().size() == 50);
  const auto told = [&] {
    std::size_t count = 0;
    for (const Knock& one : all) count += one.client.sent("waitingroom:waiting").size();
    return count;
  };
  CHECK(told() == 0);

  // One leaves every 100 ms for ten seconds: everybody moves up a hundred times, and hears of it twice.
  for (std::size_t i = 0; i < 100; ++i) {
    gateway.abandon(all[i]);
    gateway.host.advance(100ms);
  }
  CHECK(told() <= 200 * 10);
  gateway.host.advance(5s);
  CHECK(all.back().position() == 900);

  gateway.client_of(host).clear();
  CHECK(gateway.admit(host, "all")["admitted"] == 900);
  gateway.gather();
  CHECK(std::ranges::count_if(all, &Knock::passed) == 900);
  CHECK(gateway.client_of(host).sent("waitingroom:updated").size() == 1);
  CHECK(gateway.client_of(host).last("waitingroom:updated").at("total") == 0);
}

TEST_CASE("those who are let in together enter in turns: the control thread is not held") {
  WaitingRoomGateway gateway;
  FakeParticipant& host = gateway.moderator(gateway.open());
  std::vector<Knock> all;
  for (int i = 0; i < 50; ++i) all.push_back(gateway.knock("user-" + std::to_string(i)));
  // Without FakeHost::call, which lets run what is due.
  CHECK(gateway.host.events().call(*host.client(), "waitingroom:admit", json::object{{"participantId", "all"}}).ok());
  CHECK(std::ranges::none_of(all, &Knock::passed));
  CHECK(gateway.host.metrics().value("waiting") == 50);
  gateway.host.run();
  CHECK(std::ranges::all_of(all, &Knock::passed));
}

TEST_CASE("doors that nobody uses are forgotten") {
  WaitingRoomGateway gateway;
  for (int i = 0; i < 10; ++i) {
    JoinOptions options;
    options.room_id = "room-" + std::to_string(i);
    options.expected_room = with_waiting_room();
    Knock one = gateway.knock("anna", options);
    gateway.abandon(one);
  }
  CHECK(gateway.host.timers().pending() > 0);
  gateway.host.advance(1min);
  CHECK(gateway.host.timers().pending() == 0);
}
