#include "plugins/meetings/recurrence.h"

#include <doctest/doctest.h>

#include "plugins/meetings/time_zone.h"
#include "records_fixture.h"

namespace sluice::meetings::records_testing {

namespace {

Meeting recurring(const std::string& zone, const std::string& start, RuleRequest rule) {
  Meeting meeting;
  meeting.timezone = zone;
  meeting.type = MeetingType::recurring;
  meeting.start_time = parse_time(start, zone).value();
  meeting.end_time = meeting.start_time + std::chrono::hours{1};
  meeting.recurrence = Recurrence{.rule = checked_rule(rule), .exdates_ms = {}, .cancelled = {}};
  return meeting;
}

std::vector<std::string> starts(const Meeting& meeting) {
  std::vector<std::string> out;
  for (const Occurrence& occurrence : occurrences_of(meeting)) {
    out.push_back(format_time(occurrence.start, meeting.timezone));
  }
  return out;
}

RuleRequest rule(std::string text) { return {.rule = std::move(text), .until = {}, .count = {}}; }

std::string refused(std::string text) {
  try {
    return "took " + checked_rule(rule(std::move(text)));
  } catch (const Error& error) {
    return std::string{error.details().at("path").as_string()};
  }
}

}  // namespace

TEST_CASE("a weekly meeting keeps its local time where Europe/Berlin changes its clocks") {
  const Meeting meeting = recurring("Europe/Berlin", "2025-03-23T10:00:00", rule("FREQ=WEEKLY;COUNT=3"));
  CHECK(starts(meeting) == std::vector<std::string>{"2025-03-23T10:00:00+01:00", "2025-03-30T10:00:00+02:00",
                                                    "2025-04-06T10:00:00+02:00"});
}

TEST_CASE("and where America/New_York does") {
  const Meeting meeting = recurring("America/New_York", "2025-10-31T09:30:00", rule("FREQ=DAILY;COUNT=3"));
  CHECK(starts(meeting) == std::vector<std::string>{"2025-10-31T09:30:00-04:00", "2025-11-01T09:30:00-04:00",
                                                    "2025-11-02T09:30:00-05:00"});
}

TEST_CASE("a local time that is skipped is read with the offset before, one that comes twice is the first one") {
  const Meeting skipped = recurring("Europe/Berlin", "2025-03-29T02:30:00", rule("FREQ=DAILY;COUNT=3"));
  CHECK(starts(skipped) == std::vector<std::string>{"2025-03-29T02:30:00+01:00", "2025-03-30T03:30:00+02:00",
                                                    "2025-03-31T02:30:00+02:00"});
  const Meeting twice = recurring("Europe/Berlin", "2025-10-25T02:30:00", rule("FREQ=DAILY;COUNT=3"));
  CHECK(starts(twice) == std::vector<std::string>{"2025-10-25T02:30:00+02:00", "2025-10-26T02:30:00+02:00",
                                                  "2025-10-27T02:30:00+01:00"});
}

TEST_CASE("BYDAY, UNTIL in UTC and as a date, positions") {
  CHECK(starts(recurring("UTC", "2025-01-06T08:00:00", rule("FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20250113T080000Z"))) ==
        std::vector<std::string>{"2025-01-06T08:00:00Z", "2025-01-08T08:00:00Z", "2025-01-13T08:00:00Z"});
  CHECK(starts(recurring("UTC", "2025-01-06T08:00:00", rule("FREQ=WEEKLY;UNTIL=20250113"))).size() == 2);
  // Midnight in Berlin is the day before in UTC: UNTIL is compared as a point in time.
  CHECK(starts(recurring("Europe/Berlin", "2025-07-01T00:00:00", rule("FREQ=DAILY;UNTIL=20250701T220000Z"))).size() ==
        2);
  CHECK(starts(recurring("UTC", "2025-01-31T08:00:00", rule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2"))) ==
        std::vector<std::string>{"2025-01-31T08:00:00Z", "2025-02-28T08:00:00Z"});
}

TEST_CASE("EXDATE leaves an occurrence out, a cancelled one says so, and neither takes place") {
  Meeting meeting = recurring("UTC", "2025-01-01T08:00:00", rule("FREQ=DAILY;COUNT=4"));
  meeting.recurrence->exdates_ms = {to_ms(*parse_time("2025-01-02T08:00:00Z", "UTC"))};
  meeting.recurrence->cancelled = {{.at_ms = to_ms(*parse_time("2025-01-04T08:00:00Z", "UTC")), .reason = "holiday"}};
  const auto all = occurrences_of(meeting);
  REQUIRE(all.size() == 3);
  CHECK(all.back().cancelled);
  CHECK(all.back().reason == "holiday");
  CHECK(settle_occurrences(meeting, all).size() == 2);
  CHECK(meeting.over_at == *parse_time("2025-01-03T09:00:00Z", "UTC"));
}

TEST_CASE("a rule without an end stops at the thousandth occurrence, a thin one after thirty years") {
  CHECK(starts(recurring("UTC", "2025-01-01T08:00:00", rule("FREQ=DAILY"))).size() == kMostOccurrences);
  CHECK(starts(recurring("UTC", "2024-02-29T08:00:00", rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"))).size() == 8);
}

TEST_CASE("rules that are none, that never rest or that never come are refused") {
  for (const char* text :
       {"", "garbage", "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=1001", "FREQ=DAILY;INTERVAL=367", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=YEARLY;BYWEEKNO=53",
        "FREQ=YEARLY;BYYEARDAY=366", "RSCALE=CHINESE;FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;FREQ=DAILY", "FREQ=DAILY\r\nX:1"}) {
    CAPTURE(text);
    CHECK(refused(text) == "recurrence.rule");
  }
  CHECK(refused(std::string(2'000, 'X')) == "recurrence.rule");
  CHECK_THROWS_AS((void)checked_rule({.rule = "FREQ=DAILY;COUNT=3", .until = WallTime{}, .count = {}}), Error);
  // 30 February: the start cannot be in it, which is said without a search.
  CHECK_THROWS_AS(
      (void)occurrences_of(recurring("UTC", "2025-02-28T08:00:00", rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"))),
      Error);
}

TEST_CASE("a recurring meeting by REST: its occurrences, one cancelled, listed where it takes place") {
  Records records;
  const auto anna = somebody("anna");
  json::object request = Records::body();
  request["timezone"] = "Europe/Berlin";
  request["meeting_start_time"] = "2030-03-25T10:00:00";
  request["meeting_end_time"] = "2030-03-25T11:00:00";
  request["recurrence"] = json::object{{"rule", "FREQ=WEEKLY;BYDAY=MO"}, {"count", 4}};
  const std::string id = records.create(request);
  CHECK(records.get(id).at("meeting_type") == "recurring");
  CHECK(records.get(id).at("recurrence").at("rule") == "FREQ=WEEKLY;COUNT=4;BYDAY=MO");

  const auto cancel = [&](std::string_view at) {
    return records.call("POST", "/{id}/cancel", anna, {.id = id, .body = {{"recurrence_id", at}, {"reason", "ill"}}});
  };
  CHECK(cancel("2030-04-01T10:00:00+02:00").status() == 200);
  CHECK(cancel("2030-04-01T08:00:00Z").status() == 200);  // the same point in time: twice is once
  CHECK(path(cancel("2030-04-02T10:00:00+02:00")) == "recurrence_id");
  CHECK(path(cancel("some day")) == "recurrence_id");

  const json::value all = data(records.call("GET", "/{id}/occurrences", anna, {.id = id}));
  REQUIRE(all.at("occurrences").as_array().size() == 4);
  CHECK(all.at("occurrences").at(1).at("cancelled") == true);
  CHECK(all.at("occurrences").at(1).at("reason") == "ill");
  CHECK(all.at("occurrences").at(2).at("start_time") == "2030-04-08T10:00:00+02:00");
  const auto some =
      records.call("GET", "/{id}/occurrences", anna,
                   {.id = id, .query = {{"from", "2030-04-05T00:00:00Z"}, {"to", "2030-04-10T00:00:00Z"}}});
  CHECK(data(some).at("occurrences").as_array().size() == 1);

  const auto in = [&](std::string from, std::string to) {
    return data(records.call("GET", "", anna, {.query = {{"from", std::move(from)}, {"to", std::move(to)}}}));
  };
  CHECK(in("2030-04-08T00:00:00Z", "2030-04-16T00:00:00Z").at(0).at("occurrences").as_array().size() == 2);
  CHECK(in("2030-04-01T00:00:00Z", "2030-04-02T00:00:00Z").as_array().empty());  // cancelled
  CHECK(in("2030-04-09T00:00:00Z", "2030-04-10T00:00:00Z").as_array().empty());  // between two
}

TEST_CASE("a rule and a start that do not fit are refused by REST, with the path") {
  Records records;
  json::object request = Records::body();  // a Monday
  request["recurrence"] = json::object{{"rule", "FREQ=WEEKLY;BYDAY=TU"}};
  CHECK(path(records.call("POST", "", somebody("anna"), {.body = json::value(request)})) == "meeting_start_time");
  request["recurrence"] = json::object{{"rule", "FREQ=SECONDLY"}};
  CHECK(path(records.call("POST", "", somebody("anna"), {.body = json::value(request)})) == "recurrence.rule");
  request["recurrence"] = nullptr;
  request["meeting_type"] = "recurring";
  CHECK(path(records.call("POST", "", somebody("anna"), {.body = json::value(request)})) == "recurrence");
}

TEST_CASE("times beyond what is counted in nanoseconds are refused, and a rule may go on until then") {
  Records records;
  json::object request = Records::body();
  request["meeting_end_time"] = "5000-01-01T10:00:00Z";
  CHECK(path(records.call("POST", "", somebody("anna"), {.body = json::value(request)})) == "meeting_end_time");
  request = Records::body();
  request["recurrence"] = json::object{{"rule", "FREQ=WEEKLY;BYDAY=MO;UNTIL=99991231T235959Z"}};
  const std::string id = records.create(std::move(request));
  const auto all = data(records.call("GET", "/{id}/occurrences", somebody("anna"), {.id = id}));
  CHECK(all.at("occurrences").as_array().size() == kMostOccurrences);
}

TEST_CASE("a join token makes no meetings and lists none") {
  Records records;
  Identity bearer = somebody("anna");
  bearer.claims = {{"room", "m"}, {"meeting", "m"}, {"participant", "p"}, {"room_role", "host"}};
  CHECK(records.call("POST", "", bearer, {.body = json::value(Records::body())}).status() == 403);
  CHECK(records.call("GET", "", bearer).status() == 403);
}

}  // namespace sluice::meetings::records_testing
