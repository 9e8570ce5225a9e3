// What an operator sees of rooms and participants, and does to them.

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>
#include <optional>

#include "sluice/contracts/audit.h"
#include "sluice/contracts/livestream.h"
#include "sluice/contracts/recording.h"
#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;

namespace {

HttpRequest request_for(const std::string& room, const std::string& tenant = {}) {
  HttpRequest request;
  request.path_parameters["id"] = room;
  if (!tenant.empty()) request.query["tenant"] = tenant;
  return request;
}

/// What was done, by whom; outlives the gateway.
struct Audited {
  std::vector<std::string> told;
};

struct Admin : Audited, VideoRoomGateway {
  Admin() {
    host.bus().on<AuditEvent>([this](const AuditEvent& event) {
      told.push_back(event.actor.user_id + " " + std::string{event.action} + " " + std::string{event.target} + " " +
                     json::serialize(event.details));
    });
  }
  HttpAnswer ask(std::string_view method, std::string_view pattern, HttpRequest request = request_for("lobby")) {
    request.identity.user_id = "operator";
    const HttpAnswer answer = host.admin().call(method, pattern, std::move(request));
    host.run();
    return answer;
  }
  json::value data(std::string_view pattern, HttpRequest request = request_for("lobby")) {
    const HttpAnswer answer = ask("GET", pattern, std::move(request));
    CHECK(answer.status() == 200);
    return answer.body().at("data");
  }
  HttpRequest about(FakeClient& client, const std::string& body = {}) {
    HttpRequest request = request_for("lobby");
    request.path_parameters["pid"] = participant_id(client);
    request.body = body;
    if (!body.empty()) request.headers["content-type"] = "application/json";
    return request;
  }
  RouterStats& told_by_workers() { return host.media().router().router_stats; }
  static TransportStats rates(std::int64_t receiving, std::int64_t sending) {
    TransportStats stats;
    stats.receiving_bps = receiving;
    stats.sending_bps = sending;
    return stats;
  }
};

constexpr std::string_view kParticipant = "/rooms/{id}/participants/{pid}";

}  // namespace

TEST_CASE_FIXTURE(Admin, "the admin API lists rooms by pages") {
  for (const char* id : {"a", "b", "c"}) member(id, id);
  HttpRequest request;
  request.query = {{"offset", "1"}, {"limit", "1"}};
  const json::value listed = data("/rooms", request);
  CHECK(listed.at("total").to_number<int>() == 3);
  CHECK(listed.at("participants").to_number<int>() == 3);
  REQUIRE(listed.at("rooms").as_array().size() == 1);
  CHECK(text(listed.at("rooms").as_array()[0], "roomId") == "b");
  request.query = {{"offset", "9"}};
  CHECK(data("/rooms", request).at("rooms").as_array().empty());
  request.query["offset"] = "-1";
  CHECK(ask("GET", "/rooms", request).status() == 400);
}

TEST_CASE_FIXTURE(Admin, "a list of rooms says what each of them does") {
  FakeClient& anna = member("anna");
  member("ben");
  producer(anna);
  told_by_workers().transports = {{"t1", rates(10, 1)}, {"t2", rates(20, 2)}};
  Room& lobby = *rooms().find("", "lobby");
  host.bus().publish(RecordingStarted{.room = lobby, .recording_id = "r1"});
  host.bus().publish(RecordingStarted{.room = lobby, .recording_id = "r2"});
  host.bus().publish(StreamStarted{.room = lobby, .stream_id = "s1"});
  host.bus().publish(RecordingStopped{.tenant = "", .room_id = "lobby", .recording_id = "r1"});
  const json::value listed = data("/rooms", {});
  const json::value& room = listed.at("rooms").at(0);
  CHECK(room.at("size") == 2);
  CHECK(room.at("publishers") == 1);
  CHECK(room.at("away") == 0);
  CHECK(room.at("receivingBps") == 30);
  CHECK(room.at("sendingBps") == 3);
  CHECK(room.at("recording") == true);
  CHECK(room.at("streaming") == true);
  CHECK(room.at("createdAt").is_int64());

  host.bus().publish(RecordingStopped{.tenant = "", .room_id = "lobby", .recording_id = "r2"});
  host.bus().publish(StreamStopped{.tenant = "", .room_id = "lobby", .stream_id = "s1", .audience = {}});
  const HttpAnswer late = host.admin().call("GET", "/rooms");
  CHECK_FALSE(late.done());
  host.timers().advance(2s);  // no worker has answered
  REQUIRE(late.done());
  const json::value after = late.body().at("data");
  CHECK(after.at("rooms").at(0).at("recording") == false);
  CHECK(after.at("rooms").at(0).at("streaming") == false);
  CHECK_FALSE(after.at("rooms").at(0).as_object().contains("receivingBps"));
}

TEST_CASE_FIXTURE(Admin, "a room's report holds its participants with the statistics of their media") {
  FakeClient& anna = member("anna");
  FakeClient& ben = member("ben");
  const std::string sending = transport(anna, "send");
  const std::string mic{produce(anna, sending)["producerId"].as_string()};
  const std::string consumer_id{consume(ben, transport(ben, "recv"), mic)["id"].as_string()};
  told_by_workers().transports = {{sending, rates(10, 1)}, {"gone", rates(1, 1)}};
  told_by_workers().producers = {{mic, {RtpStreamStats{}}}};
  told_by_workers().consumers = {{consumer_id, RtpStreamStats{}}};

  SUBCASE("once the workers have told them, by one question") {
    const HttpAnswer answer = host.admin().call("GET", "/rooms/{id}", request_for("lobby"));
    CHECK_FALSE(answer.done());
    host.run();
    CHECK(host.media().router().stats_wanted.consumers);
    const json::value body = answer.body();
    const json::array& participants = body.at("data").at("participants").as_array();
    REQUIRE(participants.size() == 2);
    const json::value& first = participants[0];
    CHECK(text(first, "name") == "anna");
    CHECK(first.at("transports").at(0).at("stats").at("receivingBps") == 10);
    CHECK(first.at("producers").at(0).at("streams").as_array().size() == 1);
    CHECK(participants[1].at("consumers").at(0).at("stats").is_object());
    CHECK_FALSE(participants[1].at("transports").at(0).as_object().contains("stats"));
  }
  SUBCASE("without them where the workers do not answer in time") {
    const HttpAnswer answer = host.admin().call("GET", "/rooms/{id}", request_for("lobby"));
    host.timers().advance(2s);
    REQUIRE(answer.done());
    const json::value body = answer.body();
    const json::value& first = body.at("data").at("participants").at(0);
    CHECK_FALSE(first.at("transports").at(0).as_object().contains("stats"));
    host.run();  // what comes late is dropped
  }
  SUBCASE("only those of the page") {
    HttpRequest request = request_for("lobby");
    request.query["offset"] = "1";
    CHECK(text(data("/rooms/{id}", request).at("participants").at(0), "name") == "ben");
  }
  SUBCASE("without what is received where that is too much") {
    for (int i = 0; i < 49; ++i) member("user" + std::to_string(i));
    const json::value first = data("/rooms/{id}").at("participants").at(1);
    CHECK_FALSE(host.media().router().stats_wanted.consumers);
    CHECK_FALSE(first.as_object().contains("consumers"));
    CHECK(first.at("consumerCount") == 1);
  }
}

TEST_CASE("an empty room's report needs nobody's answer") {
  VideoRoomGateway gateway{{{"rooms", json::array{json::object{{"id", "lobby"}, {"tenant", "north"}}}}}};
  CHECK(gateway.host.admin().call("GET", "/rooms/{id}", request_for("lobby")).status() == 404);
  const HttpAnswer answer = gateway.host.admin().call("GET", "/rooms/{id}", request_for("lobby", "north"));
  REQUIRE(answer.done());
  CHECK(text(answer.body().at("data"), "tenant") == "north");
}

TEST_CASE_FIXTURE(Admin, "the admin API closes a room") {
  FakeClient& anna = member("anna");
  CHECK(ask("DELETE", "/rooms/{id}").status() == 200);
  CHECK(text(anna.last("room:closed"), "reason") == "closed_by_admin");
  CHECK(told == std::vector<std::string>{R"(operator room.close  {"reason":"closed_by_admin"})"});
  CHECK(ask("DELETE", "/rooms/{id}").status() == 404);
}

TEST_CASE_FIXTURE(Admin, "a participant is told with all that is known of it") {
  FakeClient& anna = person("anna");
  REQUIRE(join(anna, "lobby", {{"device", json::object{{"browser", "Firefox"}}}}).ok());
  const std::string mic = producer(anna);
  const json::value one = data(kParticipant, about(anna));
  CHECK(text(one, "name") == "anna");
  CHECK(text(one, "roomId") == "lobby");
  CHECK(one.at("device").at("browser") == "Firefox");
  CHECK(one.at("transports").at(0).at("stats").at("state") == "created");
  CHECK(text(one.at("producers").at(0), "producerId") == mic);
  CHECK(one.at("producers").at(0).at("streams").as_array().size() == 1);
  HttpRequest nobody = request_for("lobby");
  nobody.path_parameters["pid"] = "nobody";
  CHECK(ask("GET", kParticipant, nobody).status() == 404);
}

TEST_CASE_FIXTURE(Admin, "a participant can be taken out, and its user kept out") {
  FakeClient& anna = member("anna");
  FakeClient& window = member("anna");
  FakeClient& ben = member("ben");
  HttpRequest request = about(anna);
  SUBCASE("taken out") {
    CHECK(ask("DELETE", kParticipant, request).status() == 200);
    CHECK(text(anna.last("participant:removed"), "reason") == "removed");
    CHECK(ben.got("participant:left"));
    CHECK_FALSE(window.got("participant:removed"));
    CHECK(join(anna).ok());
    CHECK(told == std::vector<std::string>{R"(operator participant.remove anna {"reason":"removed","ban":false})"});
  }
  SUBCASE("kept out, with all its windows") {
    request.query = {{"ban", "true"}, {"reason", "spam"}};
    CHECK(ask("DELETE", kParticipant, request).status() == 200);
    CHECK(text(anna.last("participant:removed"), "reason") == "spam");
    CHECK(window.got("participant:removed"));
    CHECK_FALSE(join(anna).ok());
  }
  CHECK(ask("DELETE", kParticipant, request).status() == 404);
}

TEST_CASE_FIXTURE(Admin, "a participant can be muted, and asked to speak again") {
  FakeClient& anna = member("anna");
  FakeClient& ben = member("ben");
  const std::string mic = producer(anna);
  const HttpAnswer muted = ask("POST", "/rooms/{id}/participants/{pid}/mute", about(anna, R"({"kind":"audio"})"));
  CHECK(muted.body().at("data").at("muted") == json::array{"audio"});
  CHECK(host.media().producer(mic).paused());
  CHECK(anna.last("mute:remote") == json::value{{"kind", "audio"}, {"by", nullptr}});
  host.advance(1s);
  CHECK(ben.got("participant:updated"));
  CHECK(ask("POST", "/rooms/{id}/participants/{pid}/unmute", about(anna, R"({"kind":"audio"})")).status() == 200);
  CHECK(anna.got("unmute:requested"));
  CHECK(told == std::vector<std::string>{R"(operator participant.mute anna {"kind":"audio"})",
                                         R"(operator participant.ask_unmute anna {"kind":"audio"})"});
  CHECK(ask("POST", "/rooms/{id}/participants/{pid}/mute", about(anna, R"({"kind":"smell"})")).status() == 400);
}
