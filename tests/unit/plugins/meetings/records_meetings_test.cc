#include <doctest/doctest.h>

#include "records_fixture.h"

namespace sluice::meetings::records_testing {

namespace {

HttpAnswer try_create(Records& records, std::string_view name, json::value value) {
  json::object request = Records::body();
  request[name] = std::move(value);
  return records.call("POST", "", somebody("anna"), {.body = json::value(std::move(request))});
}

std::size_t listed(Records& records, const Identity& by, std::map<std::string, std::string, std::less<>> query = {}) {
  return data(records.call("GET", "", by, {.query = std::move(query)})).as_array().size();
}

std::string etag(const HttpAnswer& answer) { return answer.response().headers.at("ETag"); }

}  // namespace

TEST_CASE("a meeting is created, and read as it was asked for") {
  Records records;
  json::object request = Records::body();
  request["meeting_description"] = "One\nTwo";
  request["participants"] = json::array{"ben", json::value{{"email", "Carl@Example.org"}}};
  request["meeting_meta_data"] = json::object{{"virtual", true}};
  request["features"] = json::object{{"chat_enabled", false}};
  request["max_participants"] = 7;
  const auto made = records.call("POST", "", somebody("anna"), {.body = json::value(request)});
  CHECK(made.status() == 201);
  CHECK(made.body().at("message") == "Scheduled meeting created successfully");
  const json::value meeting = records.get(std::string{data(made).at("id").as_string()});
  CHECK(meeting.at("campus_id") == "campus1");
  CHECK(meeting.at("creator_id") == "anna");
  CHECK(meeting.at("meeting_description") == "One\nTwo");
  CHECK(meeting.at("meeting_start_time") == "2030-07-01T10:00:00Z");
  CHECK(meeting.at("participants") == json::array{"ben", "carl@example.org"});
  CHECK(meeting.at("meeting_meta_data").at("virtual") == true);
  CHECK(meeting.at("features").at("chat_enabled") == false);
  CHECK(meeting.at("features").at("video_enabled") == true);
  CHECK(meeting.at("max_participants") == 7);
  CHECK(meeting.at("status") == "scheduled");
  CHECK(meeting.at("password_protected") == false);
  CHECK(meeting.at("is_active") == true);
}

TEST_CASE("times are shown in the meeting's zone, and read in it where they name no offset") {
  Records records;
  json::object request = Records::body();
  request["timezone"] = "Europe/Berlin";
  request["meeting_start_time"] = "2030-07-01T10:00:00";
  const json::value meeting = records.get(records.create(request));
  CHECK(meeting.at("meeting_start_time") == "2030-07-01T10:00:00+02:00");
  CHECK(meeting.at("meeting_end_time") == "2030-07-01T13:00:00+02:00");
}

TEST_CASE("each bound of a new meeting is kept, with the field's path") {
  Records records;
  struct Wrong {
    std::string name;
    json::value value;
  };
  const std::vector<Wrong> wrong{
      {"meeting_name", json::value(std::string(257, 'x'))},
      {"meeting_name", "  "},
      {"meeting_description", json::value(std::string(8'193, 'x'))},
      {"meeting_start_time", "tomorrow"},
      {"meeting_end_time", "2030-07-01T09:00:00Z"},
      {"timezone", "Mars/Olympus"},
      {"timezone", "../../etc/passwd"},
      {"meeting_password", json::value(std::string(129, 'x'))},
      {"max_participants", 0},
      {"max_participants", 1'001},
      {"meeting_type", "eternal"},
      {"meeting_meta_data", json::object{{"x", json::value(std::string(17'000, 'x'))}}},
  };
  for (const auto& [name, value] : wrong) {
    CAPTURE(name);
    const auto answer = try_create(records, name, value);
    CHECK(answer.status() == 400);
    CHECK(path(answer) == name);
  }
  CHECK(path(try_create(records, "recording_config", json::object{{"retention_days", -1}})) ==
        "recording_config.retention_days");
  CHECK(path(try_create(records, "security", json::object{{"allowed_domains", json::array{"no domain"}}})) ==
        "security.allowed_domains[0]");
  json::array many(1'000, json::value("x"));
  CHECK(try_create(records, "participants", many).status() == 429);
}

TEST_CASE("an instant meeting starts at once, and is none where it cannot") {
  Records records;
  const json::value request{{"meeting_name", "Now"}, {"meeting_type", "instant"}};
  const auto made = records.call("POST", "", somebody("anna"), {.body = request});
  CHECK(made.status() == 201);
  CHECK(data(made).at("status") == "live");
  CHECK(records.live.told == std::vector<std::string>{"start by anna"});

  records.live.refuses = true;
  CHECK(records.call("POST", "", somebody("ben"), {.body = request}).status() == 429);
  CHECK(listed(records, somebody("ben")) == 0);
}

TEST_CASE("a user has only so many meetings that are not over, and only some kinds of users create them") {
  Options options;
  options.meetings_per_user = 2;
  options.creator_user_types = {"teacher"};
  Records records{options};
  Identity anna = somebody("anna");
  CHECK(records.call("POST", "", anna, {.body = Records::body()}).status() == 403);
  anna.user_type = "teacher";
  records.create(Records::body(), anna);
  records.create(Records::body(), anna);
  CHECK(code(records.call("POST", "", anna, {.body = Records::body()})) == "LIMIT_EXCEEDED");
  CHECK(records.call("POST", "", a_guest(), {.body = Records::body()}).status() == 401);
}

TEST_CASE("a list has what the caller may see: created, invited by id or address; an administrator sees its tenant's") {
  Records records;
  json::object request = Records::body();
  request["participants"] = json::array{"ben", json::value{{"email", "carl@example.org"}}};
  records.create(request);
  records.create();
  records.create(Records::body(), somebody("dora", "campus2"));
  CHECK(listed(records, somebody("anna")) == 2);
  CHECK(listed(records, somebody("ben")) == 1);
  CHECK(listed(records, somebody("carl")) == 1);
  CHECK(listed(records, somebody("stranger")) == 0);
  CHECK(listed(records, somebody("anna", "campus2")) == 0);
  CHECK(listed(records, administrator()) == 2);
  CHECK(listed(records, administrator(), {{"mine", "true"}}) == 0);
  CHECK(records.call("GET", "", a_guest()).status() == 401);
}

TEST_CASE("a list is paged, filtered, searched and sorted") {
  Records records;
  for (int day = 1; day <= 5; ++day) {
    json::object request = Records::body("Lesson " + std::to_string(6 - day));
    request["meeting_start_time"] = "2030-07-0" + std::to_string(day) + "T10:00:00Z";
    request["meeting_end_time"] = "2030-07-0" + std::to_string(day) + "T11:00:00Z";
    if (day == 3)
      request["meeting_description"] =
          "100% \xC3\x9C"
          "bung_one";
    records.create(request);
  }
  const auto anna = somebody("anna");
  const auto page = records.call("GET", "", anna, {.query = {{"page", "2"}, {"limit", "2"}}});
  CHECK(data(page).at(0).at("meeting_name") == "Lesson 3");
  CHECK(page.body().at("pagination") == json::value{{"offset", 2}, {"limit", 2}, {"total", 5}, {"has_more", true}});
  CHECK(listed(records, anna, {{"offset", "4"}}) == 1);
  CHECK(listed(records, anna, {{"from", "2030-07-02T10:30:00Z"}, {"to", "2030-07-04T10:00:00Z"}}) == 2);
  CHECK(listed(records, anna, {{"search", "LESSON"}}) == 5);
  CHECK(listed(records, anna,
               {{"search",
                 "\xC3\xBC"
                 "bung"}}) == 1);
  CHECK(listed(records, anna, {{"status", "live"}}) == 0);
  CHECK(listed(records, anna, {{"type", "scheduled"}}) == 5);
  const auto sorted = records.call("GET", "", anna, {.query = {{"sort", "name"}, {"order", "asc"}}});
  CHECK(data(sorted).at(0).at("meeting_name") == "Lesson 1");
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"limit", "101"}, {"limit", "x"}, {"page", "0"}, {"offset", "-1"}, {"status", "gone"}, {"from", "now"}}) {
    CAPTURE(name);
    CHECK(path(records.call("GET", "", anna, {.query = {{name, value}}})) == name);
  }
}

TEST_CASE("what is searched for is no pattern and no SQL") {
  Records records;
  json::object request = Records::body("100% of a_b");
  records.create(request);
  records.create(Records::body("Other"));
  const auto anna = somebody("anna");
  CHECK(listed(records, anna, {{"search", "%"}}) == 1);
  CHECK(listed(records, anna, {{"search", "a_b"}}) == 1);
  CHECK(listed(records, anna, {{"search", "axb"}}) == 0);
  for (const char* attempt :
       {"' OR 1=1 --", "\\", "'; DROP TABLE meetings_meeting; --", "\" OR \"\"=\"", "x*\" NEAR("}) {
    CAPTURE(attempt);
    CHECK(listed(records, anna, {{"search", attempt}}) == 0);
  }
  CHECK(listed(records, anna) == 2);
}

TEST_CASE("an update changes what it names, and If-Match guards it") {
  Records records;
  const std::string id = records.create();
  const auto anna = somebody("anna");
  const std::string first = etag(records.call("GET", "/{id}", anna, {.id = id}));

  const auto changed = records.call(
      "PUT", "/{id}", anna,
      {.id = id, .body = {{"meeting_name", "New"}, {"features", {{"chat_enabled", false}}}}, .if_match = first});
  CHECK(changed.status() == 200);
  CHECK(etag(changed) != first);
  const json::value meeting = records.get(id);
  CHECK(meeting.at("meeting_name") == "New");
  CHECK(meeting.at("features").at("chat_enabled") == false);
  CHECK(meeting.at("features").at("audio_enabled") == true);
  CHECK(meeting.at("meeting_start_time") == "2030-07-01T10:00:00Z");

  const auto late =
      records.call("PUT", "/{id}", anna, {.id = id, .body = {{"meeting_name", "Late"}}, .if_match = first});
  CHECK(late.status() == 412);
  CHECK(code(late) == "CONFLICT");
  CHECK(records.get(id).at("meeting_name") == "New");
  // Without the header the last one to write wins.
  CHECK(records.call("PUT", "/{id}", anna, {.id = id, .body = {{"meeting_name", "Last"}}}).status() == 200);
  CHECK(records.get(id).at("meeting_name") == "Last");
}

TEST_CASE("where the configuration demands it, an update without If-Match is answered 428") {
  Options options;
  options.require_if_match = true;
  Records records{options};
  const std::string id = records.create();
  const auto anna = somebody("anna");
  CHECK(records.call("PUT", "/{id}", anna, {.id = id, .body = {{"meeting_name", "New"}}}).status() == 428);
  const std::string tag = etag(records.call("GET", "/{id}", anna, {.id = id}));
  CHECK(records.call("PUT", "/{id}", anna, {.id = id, .body = {{"meeting_name", "New"}}, .if_match = tag}).status() ==
        200);
}

TEST_CASE("an update sets who is invited, and moves the end with the start") {
  Records records;
  json::object request = Records::body();
  request["participants"] = json::array{"ben", "carl"};
  const std::string id = records.create(request);
  records.call(
      "PUT", "/{id}", somebody("anna"),
      {.id = id,
       .body = {{"participants", json::array{"carl", "dora"}}, {"meeting_start_time", "2030-07-02T10:00:00Z"}}});
  const json::value meeting = records.get(id);
  CHECK(meeting.at("participants") == json::array{"carl", "dora"});
  CHECK(meeting.at("meeting_end_time") == "2030-07-02T11:00:00Z");
  CHECK(records.call("GET", "/{id}", somebody("ben"), {.id = id}).status() == 404);
  CHECK(records.call("GET", "/{id}", somebody("dora"), {.id = id}).status() == 200);
}

TEST_CASE("a password is kept as a hash that verifies, and taken away by an empty one") {
  Records records;
  json::object request = Records::body();
  request["meeting_password"] = "secure123";
  const std::string id = records.create(request);
  CHECK(records.get(id).at("password_protected") == true);
  const auto rows = records.store.database().query("SELECT password_hash FROM meetings_meeting");
  CHECK(std::get<std::string>(rows.at(0).at(0)).starts_with("scrypt$ln=14,r=8,p=1$"));
  CHECK(std::get<std::string>(rows.at(0).at(0)).find("secure123") == std::string::npos);
  records.call("PUT", "/{id}", somebody("anna"), {.id = id, .body = {{"meeting_password", ""}}});
  CHECK(records.get(id).at("password_protected") == false);
}

TEST_CASE("a meeting is cancelled with a reason, twice is once, and then it stays as it is") {
  Records records;
  const std::string id = records.create();
  const auto anna = somebody("anna");
  CHECK(records.call("POST", "/{id}/cancel", anna, {.id = id, .body = {{"reason", "ill"}}}).status() == 200);
  CHECK(records.call("POST", "/{id}/cancel", anna, {.id = id}).status() == 200);
  const json::value meeting = records.get(id);
  CHECK(meeting.at("status") == "cancelled");
  CHECK(meeting.at("cancel_reason") == "ill");
  CHECK(meeting.at("is_active") == false);
  CHECK(records.call("PUT", "/{id}", anna, {.id = id, .body = {{"meeting_name", "x"}}}).status() == 409);
}

TEST_CASE("a deletion is soft, idempotent, and hides everything that belongs to the meeting") {
  Records records;
  json::object request = Records::body();
  request["participants"] = json::array{"ben"};
  const std::string id = records.create(request);
  const auto anna = somebody("anna");
  CHECK(records.call("DELETE", "/{id}", anna, {.id = id}).status() == 200);
  CHECK(records.call("DELETE", "/{id}", anna, {.id = id}).status() == 200);
  CHECK(records.call("DELETE", "/{id}", somebody("ben"), {.id = id}).status() == 404);
  CHECK(records.call("GET", "/{id}", anna, {.id = id}).status() == 404);
  CHECK(records.call("GET", "/{id}/participants", anna, {.id = id}).status() == 404);
  CHECK(listed(records, anna) == 0);
  CHECK(listed(records, somebody("ben")) == 0);
  CHECK(records.call("DELETE", "/{id}", anna, {.id = "never-was"}).status() == 404);
}

TEST_CASE("a meeting that is live ends before it is deleted, and its times stay while it is") {
  Records records;
  const auto made =
      records.call("POST", "", somebody("anna"), {.body = {{"meeting_name", "Now"}, {"meeting_type", "instant"}}});
  const std::string id{data(made).at("id").as_string()};
  const auto anna = somebody("anna");
  CHECK(records.call("PUT", "/{id}", anna, {.id = id, .body = {{"meeting_start_time", "2031-01-01T00:00:00Z"}}})
            .status() == 409);
  CHECK(records.call("POST", "/{id}/cancel", anna, {.id = id}).status() == 409);
  CHECK(records.call("PUT", "/{id}", anna, {.id = id, .body = {{"meeting_name", "Named"}}}).status() == 200);
  CHECK(records.live.told.back() == "changed Named");
  CHECK(records.call("DELETE", "/{id}", anna, {.id = id}).status() == 200);
  CHECK(records.live.told.back() == "end deleted");
}

}  // namespace sluice::meetings::records_testing
