// How much of a room is forwarded.

#include <doctest/doctest.h>

#include <set>

#include "tests/unit/plugins/videoroom/videoroom_fixture.h"

namespace sluice {
namespace {

using testing::FakeClient;

json::object last_n(int audio, int video) { return {{"last_n", json::object{{"audio", audio}, {"video", video}}}}; }

struct Person {
  FakeClient* client;
  std::string id;
  std::string mic;
  std::string camera;
};

// Four people with microphones and cameras; two cameras and two microphones are forwarded.
struct Limited : testing::VideoRoomGateway {
  explicit Limited(json::object options = last_n(2, 2)) : VideoRoomGateway{std::move(options)} {
    for (int i = 0; i < 4; ++i) add();
  }
  Person& add() {
    FakeClient& client = member("user" + std::to_string(people.size()));
    people.push_back({&client, participant_id(client), producer(client), producer(client, "webcam")});
    return people.back();
  }
  testing::FakeRouter& router() { return host.media().router(); }
  void speaks(std::size_t who) {
    router().enter_dominant_speaker({.producer_id = people[who].mic, .minus_dbov = 30, .voice = true});
    host.media().run();
  }
  bool forwarded(const std::string& producer_id) { return !host.media().producer(producer_id).held_back(); }
  std::set<std::size_t> seen() {
    std::set<std::size_t> out;
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (host.media().producers.contains(people[i].camera) && forwarded(people[i].camera)) out.insert(i);
    }
    return out;
  }
  void call(std::size_t who, const std::string& event, const std::string& producer_id) {
    REQUIRE(host.call(*people[who].client, event, json::object{{"producerId", producer_id}}).ok());
  }

  std::vector<Person> people;
};
struct Unlimited : Limited {
  Unlimited() : Limited{json::object{}} {}
};
using Set = std::set<std::size_t>;

}  // namespace

TEST_CASE_FIXTURE(Unlimited, "without a limit everything is forwarded") {
  CHECK(seen() == Set{0, 1, 2, 3});
  speaks(3);
  CHECK(seen() == Set{0, 1, 2, 3});
  CHECK(router().loudest_count == 0);
}

TEST_CASE_FIXTURE(Limited, "the cameras of those who spoke last are forwarded; before, of those who published first") {
  CHECK(seen() == Set{0, 1});
  speaks(3);
  CHECK(seen() == Set{0, 3});
  speaks(2);
  CHECK(seen() == Set{2, 3});
  speaks(3);
  CHECK(seen() == Set{2, 3});
  speaks(0);
  CHECK(seen() == Set{0, 3});
}

TEST_CASE("a room with fewer publishers than places holds nobody back") {
  Limited room{last_n(5, 5)};
  CHECK(room.seen() == Set{0, 1, 2, 3});
  room.speaks(3);
  CHECK(room.seen() == Set{0, 1, 2, 3});
}

TEST_CASE_FIXTURE(Limited, "who leaves, closes or turns off the camera frees a place") {
  SUBCASE("leaves") { host.disconnect(*people[0].client); }
  SUBCASE("closes") { call(0, "producer:close", people[0].camera); }
  SUBCASE("turns off") {
    call(0, "producer:pause", people[0].camera);
    CHECK(seen() == Set{1, 2});
    call(0, "producer:resume", people[0].camera);
    CHECK(seen() == Set{0, 1});
    return;
  }
  CHECK(seen() == Set{1, 2});
}

TEST_CASE_FIXTURE(Limited, "screens are always forwarded, with their sound, and take nobody's place") {
  const std::string send = transport(*people[3].client, "send");
  const std::string screen{produce(*people[3].client, send, "screen")["producerId"].as_string()};
  CHECK(forwarded(screen));
  CHECK(seen() == Set{0, 1});
}

TEST_CASE_FIXTURE(Limited, "audio follows who is among the loudest") {
  CHECK(router().loudest_count == 2);
  router().enter_loud(people[3].mic, false);
  router().enter_loud("gone", false);
  host.media().run();
  CHECK(!forwarded(people[3].mic));
  CHECK(forwarded(people[2].mic));
  router().enter_loud(people[3].mic, true);
  host.media().run();
  CHECK(forwarded(people[3].mic));
}

TEST_CASE_FIXTURE(Limited, "the limits may change while people talk") {
  plugin->reconfigure(Config{json::value(last_n(0, 3))});
  CHECK(seen() == Set{0, 1, 2});
  CHECK(router().loudest_count == 0);
  plugin->reconfigure(Config{json::value(last_n(1, 0))});
  CHECK(seen() == Set{0, 1, 2, 3});
  CHECK(router().loudest_count == 1);
}

TEST_CASE("a configured room may have limits of its own") {
  json::object options = last_n(9, 9);
  options["rooms"] = json::array{json::object{{"id", "lobby"}, {"last_n", json::object{{"video", 1}}}}};
  Limited room{std::move(options)};
  CHECK(room.seen() == Set{0});
  CHECK(room.router().loudest_count == 9);
  room.plugin->reconfigure(Config{json::value(last_n(9, 3))});
  CHECK(room.seen() == Set{0});
}

TEST_CASE_FIXTURE(Limited, "the admin's report shows who leads, the limits and who is held back") {
  speaks(3);
  HttpRequest request;
  request.path_parameters["id"] = "lobby";
  const testing::HttpAnswer answer = host.admin().call("GET", "/rooms/{id}", request);
  host.run();
  const json::object data = answer.body().at("data").as_object();
  CHECK(testing::text(data.at("dominantSpeaker"), "participantId") == people[3].id);
  CHECK(data.at("lastN") == json::value{{"audio", 2}, {"video", 2}});
}

}  // namespace sluice
