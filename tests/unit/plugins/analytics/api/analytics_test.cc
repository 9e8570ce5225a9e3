#include <string>

#include "api/csv_table.h"
#include "api/rest_time.h"
#include "tests/unit/plugins/analytics/api/analytics_gateway.h"

namespace sluice::testing {
namespace {

// Anna leads for two minutes, talks and writes; Ben listens for one.
FakeRoom& a_meeting(AnalyticsGateway& gateway) {
  FakeRoom& room = gateway.open("meeting");
  gateway.host.bus().publish(MeetingStarted{gateway.meetings.info, room});
  FakeParticipant& anna = gateway.join(room, "anna", Role::host);
  FakeParticipant& ben = gateway.join(room, "ben");
  gateway.media.publish_camera(room, anna);
  gateway.talks(room, anna, 60);
  gateway.host.bus().publish(HandRaised{ben});
  gateway.host.bus().publish(ChatMessageSent{.room = room,
                                             .participant_id = anna.id(),
                                             .user_id = "anna",
                                             .name = "Anna",
                                             .message_id = "m",
                                             .type = "text",
                                             .recipient = "all",
                                             .text = "Hello"});
  room.leave(ben);
  gateway.host.advance(60s);
  return room;
}

TEST_CASE("the analytics of a meeting, while it is live and when it is over") {
  AnalyticsGateway gateway;
  FakeRoom& room = a_meeting(gateway);
  const bool over = [&] {
    SUBCASE("live") { return false; }
    SUBCASE("over") {
      room.close("ended");
      return true;
    }
    return false;
  }();
  const json::value data = gateway.data(gateway.ask("analytics", "analytics", "host"));
  const json::value& meeting = data.at("meeting_analytics");
  CHECK(meeting.at("meeting_id") == "meeting");
  CHECK(meeting.at("live") == !over);
  CHECK(meeting.at("duration_minutes") == 2);
  CHECK(meeting.at("peak_participants") == 2);
  CHECK(meeting.at("average_participants").to_number<double>() == 1.5);
  CHECK(meeting.at("total_participants") == 2);
  CHECK(meeting.at("total_chat_messages") == 1);
  CHECK(meeting.at("total_hands_raised") == 1);
  CHECK(meeting.at("talk_duration") == 1);
  CHECK(meeting.at("participant_engagement") ==
        json::object{{"high_engagement", 1}, {"medium_engagement", 0}, {"low_engagement", 1}});
  CHECK(meeting.at("sessions").as_array().size() == 1);
  const json::value& anna = data.at("participants").at(0);
  CHECK(anna.at("user_id") == "anna");
  CHECK(anna.at("role") == "host");
  CHECK(anna.at("talk_seconds").to_number<double>() == 60);
  CHECK(anna.at("talk_share_percent").to_number<double>() == 100);
  CHECK(anna.at("camera_seconds").to_number<double>() == 120);
  CHECK(anna.at("engagement").at("level") == "high");
  CHECK(anna.at("left_at").is_null() == !over);
  const json::value& ben = data.at("participants").at(1);
  CHECK(ben.at("present_seconds").to_number<double>() == 60);
  CHECK(ben.at("engagement").at("level") == "low");
  CHECK(data.at("timeline").at(0).at("event") == "joined");
}

TEST_CASE("who does not manage the meeting sees itself alone") {
  AnalyticsGateway gateway;
  a_meeting(gateway);
  const json::value data = gateway.data(gateway.ask("analytics", "analytics", "ben"));
  CHECK(data.at("meeting_analytics").at("total_participants") == 2);
  REQUIRE(data.at("participants").as_array().size() == 1);
  CHECK(data.at("participants").at(0).at("user_id") == "ben");
  CHECK(!data.as_object().contains("timeline"));
}

TEST_CASE("pages of people, and one of several sessions") {
  AnalyticsGateway gateway;
  a_meeting(gateway).close("ended");
  gateway.host.advance(1h);
  a_meeting(gateway).close("ended");
  const auto all = gateway.ask("analytics", "analytics", "host", {{"limit", "1"}, {"offset", "1"}});
  CHECK(json::parse(all.body).at("pagination") ==
        json::object{{"offset", 1}, {"limit", 1}, {"total", 2}, {"has_more", false}});
  const json::value both = gateway.data(all);
  CHECK(both.at("meeting_analytics").at("duration_minutes") == 4);
  CHECK(both.at("participants").at(0).at("sessions") == 2);
  const json::value one = gateway.data(gateway.ask("analytics", "analytics", "host", {{"session", "1"}}));
  CHECK(one.at("meeting_analytics").at("duration_minutes") == 2);
  CHECK(gateway.ask("analytics", "analytics", "host", {{"session", "9"}}).status == 404);
  CHECK(gateway.ask("analytics", "analytics", "host", {{"session", "x"}}).status == 400);
}

TEST_CASE("live figures of a meeting, and none of one that is not live") {
  AnalyticsGateway gateway;
  const auto figure = [&](const char* name) { return gateway.meetings.figures.at(name)(gateway.meetings.info); };
  CHECK(figure("live.active_speakers").is_null());
  FakeRoom& room = gateway.open("meeting");
  gateway.talks(room, gateway.join(room, "anna"), 1);
  CHECK(figure("live.active_speakers") == 1);
  CHECK(figure("live.bandwidth_usage").at("total_mbps").to_number<double>() == 0);
  CHECK(figure("live.quality_metrics").at("connection_quality").is_null());
  CHECK(figure("live.quality_metrics").as_object().contains("latency_ms"));
}

TEST_CASE("the summary is of the meetings that began in its time") {
  AnalyticsGateway gateway;
  a_meeting(gateway).close("ended");
  FakeRoom& lobby = gateway.open("lobby");
  gateway.join(lobby, "cem");
  lobby.close("closed");
  const json::value summary =
      gateway.data(gateway.ask("analytics/summary", "analytics/summary", "host")).at("analytics_summary");
  CHECK(summary.at("total_meetings") == 1);
  CHECK(summary.at("total_sessions") == 1);
  CHECK(summary.at("total_participants") == 2);
  CHECK(summary.at("total_duration_minutes") == 2);
  CHECK(summary.at("participant_engagement").at("high_engagement") == 1);
  CHECK(summary.at("days").as_array().size() == 1);
  const auto ask = [&](std::map<std::string, std::string, std::less<>> query) {
    return gateway.ask("analytics/summary", "analytics/summary", "host", std::move(query));
  };
  CHECK(
      gateway.data(ask({{"from", "1999-01-01"}, {"to", "1999-02-01"}})).at("analytics_summary").at("total_meetings") ==
      0);
  CHECK(ask({{"from", "soon"}}).status == 400);
  CHECK(ask({{"from", "1999-02-01"}, {"to", "1999-01-01"}}).status == 400);
  CHECK(ask({{"from", "1990-01-01"}, {"to", "1999-01-01"}}).status == 400);
}

TEST_CASE("a file of people, a timeline, a series of quality") {
  AnalyticsGateway gateway;
  FakeRoom& room = gateway.open("meeting");
  Identity rogue = user("rogue");
  rogue.name = "=HYPERLINK(\"x\")";
  room.join(gateway.host.connect(rogue), Role::attendee);
  const auto people = gateway.ask("analytics", "analytics/export", "host");
  CHECK(people.content_type == "text/csv; charset=utf-8");
  CHECK(people.headers.at("Content-Disposition") == "attachment; filename=\"analytics-participants.csv\"");
  CHECK(people.body.starts_with("user_id,name,role,"));
  CHECK(people.body.find("\"rogue\",\"'=HYPERLINK(\"\"x\"\")\",\"attendee\"") != std::string::npos);
  const auto timeline =
      gateway.ask("analytics", "analytics/export", "host", {{"format", "json"}, {"content", "timeline"}});
  CHECK(json::parse(timeline.body).at(0).at("event") == "joined");
  const auto quality =
      gateway.ask("analytics", "analytics/export", "host", {{"format", "json"}, {"content", "quality"}});
  CHECK(json::parse(quality.body).as_array().empty());
  CHECK(gateway.ask("analytics", "analytics/export", "host", {{"resolution", "1s"}}).status == 400);
  CHECK(gateway.ask("analytics", "analytics/export", "host", {{"format", "pdf"}}).status == 400);

  const json::value series = gateway.data(gateway.ask("analytics", "analytics/series", "host"));
  CHECK(series.at("resolution") == "1m");
  CHECK(series.at("points").as_array().empty());
  CHECK(gateway.ask("analytics", "analytics/series", "host", {{"resolution", "2s"}}).status == 400);
  CHECK(gateway.ask("analytics", "analytics/series", "host", {{"resolution", "1s"}}).status == 400);
  CHECK(gateway.ask("analytics", "analytics/series", "host", {{"resolution", "1s"}, {"participant", "anna"}}).status ==
        404);
  CHECK(gateway.ask("analytics", "analytics/series", "host", {{"resolution", "1s"}, {"participant", "rogue"}}).status ==
        200);
}

TEST_CASE("of many who ask at once some are told to come later") {
  AnalyticsGateway gateway;
  std::vector<HttpAnswer> answers;
  for (int i = 0; i < 9; ++i) answers.push_back(gateway.host.admin().call("GET", "/analytics/sessions", {}));
  CHECK(answers[8].status() == 429);
  gateway.host.run();
  CHECK(answers[0].status() == 200);
  CHECK(answers[7].status() == 200);
  gateway.operators("/analytics/sessions");
}

TEST_CASE("a few exports are made at once, and no more") {
  AnalyticsGateway gateway;
  gateway.join(gateway.open("meeting"), "anna");
  HttpRequest request;
  request.path = "/api/meeting/meeting/analytics/export";
  request.identity = user("host");
  const auto begin = [&] {
    gateway.meetings.parts.at("analytics")(request, gateway.meetings.info,
                                           rest::Reply{HttpReply{std::make_shared<AnalyticsGateway::Sink>()}});
  };
  for (int i = 0; i < 4; ++i) begin();
  CHECK_THROWS_AS(begin(), Error);
  gateway.host.run();
  CHECK(gateway.ask("analytics", "analytics/export", "host").status == 200);
}

TEST_CASE("operators see the sessions of all rooms") {
  AnalyticsGateway gateway;
  gateway.join(gateway.open("lobby"), "cem");
  a_meeting(gateway).close("ended");
  const json::value all = gateway.operators("/analytics/sessions");
  REQUIRE(all.at("sessions").as_array().size() == 2);
  CHECK(all.at("sessions").at(0).at("meeting_id") == "meeting");
  CHECK(all.at("sessions").at(1).at("meeting_id").is_null());
  CHECK(all.at("has_more") == false);
  HttpRequest live;
  live.query["live"] = "true";
  CHECK(gateway.operators("/analytics/sessions", live).at("sessions").as_array().size() == 1);
  HttpRequest one;
  one.path_parameters["id"] = "1";
  CHECK(gateway.operators("/analytics/sessions/{id}", one).at("participants").at(0).at("user_id") == "cem");
  one.path_parameters["id"] = "none";
  CHECK(gateway.host.admin().call("GET", "/analytics/sessions/{id}", one).status() == 404);
  HttpRequest room;
  room.path_parameters["id"] = "lobby";
  CHECK(gateway.operators("/analytics/rooms/{id}/series", room).at("points").as_array().empty());
}

TEST_CASE("times are RFC 3339, or a day") {
  using analytics::format_time;
  using analytics::parse_time;
  CHECK(parse_time("1970-01-01") == 0);
  CHECK(parse_time("1970-01-02T00:00:01Z") == 86'401'000);
  CHECK(parse_time("1970-01-01T02:00:00.5+02:00") == 0);
  CHECK(parse_time("1970-01-01T00:00:00-00:30") == 1'800'000);
  CHECK(format_time(86'401'999) == "1970-01-02T00:00:01Z");
  for (const char* const wrong :
       {"", "1970", "1970-02-30", "1970-01-01T00:00:00", "1970-01-01T00:00:00Zx", "1970-01-01T24:00:00Z", "1969-01-01",
        "1970-01-01T00:00:00.Z", "19a0-01-01", "1970-01-01T00:00:00+2:00"}) {
    CAPTURE(wrong);
    CHECK(!parse_time(wrong));
  }
}

TEST_CASE("no text of a table is a formula") {
  constexpr std::array<std::string_view, 3> kColumns{"name", "a.b", "missing"};
  const auto line = [&](const char* name) {
    return analytics::csv_line(kColumns, {{"name", name}, {"a", json::object{{"b", -5}}}});
  };
  CHECK(analytics::csv_header(kColumns) == "name,a.b,missing\r\n");
  CHECK(line("Anna") == "\"Anna\",-5,\r\n");
  CHECK(line("a \"b\",\nc") == "\"a \"\"b\"\",\nc\",-5,\r\n");
  for (const std::string formula : {"=1", "+1", "-1", "@x", " =1", "\tx", "\rx"}) {
    CHECK(line(formula.c_str()) == "\"'" + formula + "\",-5,\r\n");
  }
}

}  // namespace
}  // namespace sluice::testing
