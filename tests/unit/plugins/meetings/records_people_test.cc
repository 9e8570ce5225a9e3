#include <doctest/doctest.h>

#include "plugins/meetings/csv.h"
#include "plugins/meetings/password.h"
#include "plugins/meetings/retention.h"
#include "plugins/meetings/text.h"
#include "plugins/meetings/time_zone.h"
#include "records_fixture.h"
#include "sluice/contracts/meetings.h"

namespace sluice::meetings::records_testing {

namespace {

json::array shown(Records& records, const std::string& id) {
  return data(records.call("GET", "/{id}/participants", somebody("anna"), {.id = id})).at("participants").as_array();
}

HttpAnswer add(Records& records, const std::string& id, json::array people, const Identity& by = somebody("anna")) {
  return records.call("POST", "/{id}/participants", by,
                      {.id = id, .body = {{"participants", std::move(people)}, {"send_invitation", true}}});
}

HttpRequest with_body(std::string body, std::string type = "application/json") {
  HttpRequest request;
  request.body = std::move(body);
  request.headers["content-type"] = std::move(type);
  return request;
}

json::value found(Records& records, const std::string& id, json::object search) {
  return data(
      records.call("POST", "/{id}/search-users", somebody("anna"), {.id = id, .body = json::value(std::move(search))}));
}

}  // namespace

TEST_CASE("people are added by user id or address, once, and no mail is claimed to be sent") {
  Records records;
  const std::string id = records.create();
  const auto answer = add(records, id,
                          {json::value{{"user_id", "ben"}, {"role", "presenter"}},
                           json::value{{"email", "New@Example.com"}, {"name", "New User"}}, "ben"});
  CHECK(answer.status() == 200);
  CHECK(data(answer).at("added_participants").as_array().size() == 2);
  CHECK(data(answer).at("added_participants").at(0).at("status") == "invited");
  CHECK(data(answer).at("invitations_sent") == 0);
  CHECK(answer.body().at("message") == "2 participants added successfully");
  CHECK(records.live.told == std::vector<std::string>{"invited ben", "invited new@example.com"});
  CHECK(data(add(records, id, {"ben"})).at("already_invited") == 1);
  REQUIRE(shown(records, id).size() == 3);
  CHECK(shown(records, id).at(0).at("role") == "host");
  CHECK(shown(records, id).at(1).at("role") == "presenter");
}

TEST_CASE("who is there now is shown as the room has it") {
  Records records;
  const std::string id = records.create();
  add(records, id, {"ben"});
  records.live.there = {LiveParticipant{.participant_id = "p1",
                                        .user_id = "ben",
                                        .email = {},
                                        .name = "Ben B.",
                                        .role = Role::presenter,
                                        .away = true,
                                        .audio = true}};
  const json::value ben = shown(records, id).at(1);
  CHECK(ben.at("status") == "reconnecting");
  CHECK(ben.at("participant_id") == "p1");
  CHECK(ben.at("name") == "Ben B.");
  CHECK(ben.at("media_status").at("audio") == true);
  CHECK(shown(records, id).at(0).at("status") == "invited");
}

TEST_CASE("people are removed by id or user id, with the reason; the creator stays") {
  Records records;
  const std::string id = records.create();
  add(records, id, {"ben", "carl"});
  const std::string row{shown(records, id).at(1).at("id").as_string()};
  const auto remove = [&](json::array ids) {
    return records.call("DELETE", "/{id}/participants", somebody("anna"),
                        {.id = id, .body = {{"participant_ids", std::move(ids)}, {"reason", "full"}}});
  };
  const auto answer = remove({json::value(row), "carl", "nobody"});
  CHECK(data(answer).at("removed_participants").as_array().size() == 2);
  CHECK(data(answer).at("remaining_count") == 1);
  CHECK(records.live.told.back() == "removed carl: full");
  CHECK(records.call("GET", "/{id}", somebody("carl"), {.id = id}).status() == 404);
  CHECK(remove({"anna"}).status() == 409);
  CHECK(path(remove({})) == "participant_ids");
  // And back again.
  CHECK(data(add(records, id, {"carl"})).at("added_participants").as_array().size() == 1);
  CHECK(records.call("GET", "/{id}", somebody("carl"), {.id = id}).status() == 200);
}

TEST_CASE("a role is changed by PUT and by PATCH; a co-host makes nobody a host") {
  Records records;
  const std::string id = records.create();
  add(records, id, {"ben"});
  const auto put = records.call("PUT", "/{id}/participants", somebody("anna"),
                                {.id = id, .body = {{"participant_id", "ben"}, {"new_role", "co_host"}}});
  CHECK(data(put).at("old_role") == "attendee");
  CHECK(data(put).at("new_role") == "co_host");
  CHECK(records.live.told.back() == "role of ben");
  CHECK(add(records, id, {json::value{{"user_id", "carl"}, {"role", "host"}}}, somebody("ben")).status() == 403);
  const auto patch = [&](const std::string& who) {
    return records
        .call("PATCH", "/{id}/participants/{participant_id}/role", somebody("anna"),
              {.id = id, .body = {{"new_role", "viewer"}}, .participant = who})
        .status();
  };
  CHECK(patch("ben") == 200);
  CHECK(patch("nobody") == 404);
  CHECK(patch("anna") == 409);
}

TEST_CASE("no more people than the configured number are invited, and then nobody is") {
  Options options;
  options.participants_per_meeting = 3;
  Records records{options};
  const std::string id = records.create();
  CHECK(add(records, id, {"ben"}).status() == 200);
  CHECK(add(records, id, {"carl", "dora"}).status() == 429);
  CHECK(shown(records, id).size() == 2);
}

TEST_CASE("the directory is filled from tokens and searched by a part of name or address") {
  Records records;
  const std::string id = records.create();
  Identity teacher = somebody("john", "campus1");
  teacher.name = "John Smith";
  teacher.user_type = "teacher";
  records.call("GET", "", teacher);
  records.call("GET", "", somebody("johanna", "campus2"));
  const json::value all = found(records, id, {{"query", "SMITH"}});
  REQUIRE(all.at("users").as_array().size() == 1);
  CHECK(all.at("users").at(0).at("id") == "john");
  CHECK(all.at("users").at(0).at("role") == "teacher");
  CHECK(all.at("total_found") == 1);
  CHECK(found(records, id, {{"query", "joh"}}).at("total_found") == 1);  // not of the other tenant
  CHECK(found(records, id, {{"query", "john@exa"}}).at("total_found") == 1);
  CHECK(found(records, id, {{"query", "john"}, {"user_types", json::array{"student"}}}).at("total_found") == 0);
  CHECK(found(records, id, {{"query", "%"}}).at("total_found") == 0);
  CHECK(found(records, id, {{"query", "' OR ''='"}}).at("total_found") == 0);
  add(records, id, {"john"});
  CHECK(found(records, id, {{"query", "john"}, {"exclude_current_participants", true}}).at("total_found") == 0);
  CHECK(found(records, id, {{"query", "john"}}).at("total_found") == 1);
}

TEST_CASE("the operator makes, imports, changes and deactivates users") {
  Records records;
  CHECK(records.admin("POST", "/users", with_body(R"({"tenant":"campus1","id":"u1","name":"One"})")).status() == 201);
  const auto imported = records.admin(
      "POST", "/users/import",
      with_body("tenant,id,name,email\r\ncampus1,u2,\"Two, \"\"II\"\"\",two@example.org\r\n", "text/csv"));
  CHECK(data(imported).at("users").at(0).at("name") == "Two, \"II\"");
  CHECK(data(records.admin("POST", "/users/import", with_body(R"([{"id":"u3"},{"id":"u4"}])"))).at("count") == 2);
  CHECK(path(records.admin("POST", "/users/import", with_body(R"([{"id":"u3"},{"id":"u4","email":"x"}])"))) ==
        "[1].email");
  CHECK(path(records.admin("POST", "/users",
                           with_body(R"json({"id":"u5","profile_image":"javascript:alert(1)"})json"))) ==
        "profile_image");

  HttpRequest change = with_body(R"({"active":false})");
  change.path_parameters = {{"tenant", "campus1"}, {"id", "u1"}};
  CHECK(data(records.admin("PATCH", "/users/{tenant}/{id}", change)).at("active") == false);
  CHECK(records.live.told.back() == "deactivated campus1/u1");
  CHECK(records.call("GET", "", somebody("u1")).status() == 403);
  change.body = R"({"active":true})";
  records.admin("PATCH", "/users/{tenant}/{id}", change);
  CHECK(records.call("GET", "", somebody("u1")).status() == 200);
  change.path_parameters["id"] = "nobody";
  CHECK(records.admin("PATCH", "/users/{tenant}/{id}", change).status() == 404);

  HttpRequest list;
  list.query = {{"tenant", "campus1"}};
  CHECK(data(records.admin("GET", "/users", list)).at("users").as_array().size() == 2);

  records.call("GET", "", somebody("ivy"));  // who came a moment ago is known, too
  change.path_parameters["id"] = "ivy";
  CHECK(records.admin("PATCH", "/users/{tenant}/{id}", change).status() == 200);
}

TEST_CASE("what was done to a meeting stands in its audit trail, also what came by the bus") {
  Records records;
  const std::string id = records.create();
  add(records, id, {"ben"});
  const Identity anna = somebody("anna");
  const json::object details{{"kind", "audio"}};
  records.host.bus().publish(AuditEvent{.tenant = "campus1",
                                        .room_id = id,
                                        .actor = anna,
                                        .action = "participant.mute",
                                        .target = "ben",
                                        .details = details});
  records.host.bus().publish(AuditEvent{
      .tenant = "campus2", .room_id = id, .actor = anna, .action = "other.tenant", .target = "", .details = details});
  records.host.bus().publish(AuditEvent{.tenant = "campus1",
                                        .room_id = "no-meeting",
                                        .actor = anna,
                                        .action = "room.lock",
                                        .target = "",
                                        .details = details});
  const auto answer = records.call("GET", "/{id}/audit", anna, {.id = id, .query = {{"limit", "2"}}});
  CHECK(answer.body().at("pagination").at("total") == 3);
  const json::value entries = data(answer).at("entries");
  CHECK(entries.at(0).at("action") == "participant.mute");
  CHECK(entries.at(0).at("details").at("kind") == "audio");
  CHECK(entries.at(1).at("action") == "participant.add");
  CHECK(entries.at(1).at("actor_id") == "anna");
  CHECK(records.store.database().query("SELECT 1 FROM meetings_audit WHERE meeting_id = 'no-meeting'").empty());
}

TEST_CASE("what was deleted long ago is gone for good, and others are told") {
  Records records;
  Retention retention{records.context};
  retention.start();
  const std::string id = records.create();
  std::vector<std::string> gone;
  records.host.bus().on<MeetingDeleted>([&](const MeetingDeleted& event) { gone.push_back(event.meeting.id); });
  records.call("DELETE", "/{id}", somebody("anna"), {.id = id});
  records.host.advance(std::chrono::hours{1});
  CHECK(gone.empty());
  records.host.advance(std::chrono::hours{24 * 31});
  CHECK(gone == std::vector<std::string>{id});
  for (const char* table : {"meeting", "participant", "audit", "occurrence"}) {
    CAPTURE(table);
    CHECK(records.store.database().query("SELECT 1 FROM meetings_" + std::string{table}).empty());
  }
}

TEST_CASE("a password verifies against its own hash alone, and salts differ") {
  const std::string hash = hash_password("secure123");
  CHECK(verify_password("secure123", hash));
  CHECK(!verify_password("secure124", hash));
  CHECK(hash != hash_password("secure123"));
  for (const char* none : {"", "secure123", "scrypt$ln=40,r=8,p=1$00$00", "scrypt$ln=14,r=8,p=1$zz$00",
                           "scrypt$ln=14,r=8,p=1$00$", "scrypt$ln=0,r=8,p=1$00$00"}) {
    CAPTURE(none);
    CHECK(!verify_password("secure123", none));
  }
}

TEST_CASE("times are read and written as RFC 3339 has them") {
  CHECK(format_time(parse_time("2025-07-30T12:00:00.5+02:00", "UTC").value(), "UTC") == "2025-07-30T10:00:00Z");
  CHECK(format_time(parse_time("2025-07-30T10:00:00Z", "UTC").value(), "Asia/Kolkata") == "2025-07-30T15:30:00+05:30");
  CHECK(format_time(parse_time("2025-01-30T10:00:00Z", "UTC").value(), "America/New_York") ==
        "2025-01-30T05:00:00-05:00");
  for (const char* wrong :
       {"", "2025-07-30", "2025-02-30T10:00:00Z", "2025-13-01T10:00:00Z", "2025-07-30T25:00:00Z",
        "2025-07-30T10:00:00+25:00", "2025-07-30T10:00:00Zx", "1969-01-01T00:00:00Z", "20250730T100000Z"}) {
    CAPTURE(wrong);
    CHECK(!parse_time(wrong, "UTC"));
  }
  for (const char* zone : {"UTC", "Europe/Berlin", "America/New_York", "Etc/UTC"}) CHECK(is_time_zone(zone));
  for (const char* zone : {"", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe/Berlin "}) {
    CHECK(!is_time_zone(zone));
  }
}

TEST_CASE("letters are folded beyond ASCII, patterns escaped, addresses recognised, CSV read as RFC 4180 has it") {
  CHECK(fold("\xC3\x84 \xC3\x9F \xD0\x96 \xCE\xA9 A") == "\xC3\xA4 \xC3\x9F \xD0\xB6 \xCF\x89 a");
  CHECK(containing("A%_\\") == "%a\\%\\_\\\\%");
  CHECK(is_email("a.b+c@example.org"));
  for (const char* none : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b c"}) CHECK(!is_email(none));
  const auto rows = parse_csv("a,\"b\"\"\nc\",\r\n\nd", 10);
  REQUIRE(rows.has_value());
  CHECK(*rows == std::vector<std::vector<std::string>>{{"a", "b\"\nc", ""}, {"d"}});
  for (const char* wrong : {"\"a", "a\"b", "\"a\"b"}) CHECK(!parse_csv(wrong, 10));
  CHECK(!parse_csv("a\nb\nc", 2));
}

}  // namespace sluice::meetings::records_testing
