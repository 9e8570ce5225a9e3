#include <doctest/doctest.h>

#include "records_fixture.h"

// Every endpoint of the records, with what each kind of caller is answered.
namespace sluice::meetings::records_testing {

namespace {

struct Row {
  std::string_view method;
  std::string_view path;
  json::value body;
  int host;  // the creator, co-hosts excluded
  int co_host;
  int invited;                     // wrong role where it is 403
  json::value bad_body = nullptr;  // with what is wrong about it
  std::string_view bad_path = {};
};

std::vector<Row> rows() {
  const json::value people{{"participants", json::array{"dora"}}};
  const json::value role{{"new_role", "presenter"}};
  return {
      {"GET", "/{id}", nullptr, 200, 200, 200},
      {"GET", "/{id}/occurrences", nullptr, 200, 200, 200},
      {"GET", "/{id}/audit", nullptr, 200, 403, 403},
      {"PUT",
       "/{id}",
       {{"meeting_name", "New"}},
       200,
       403,
       403,
       {{"features", {{"chat_enabled", 7}}}},
       "features.chat_enabled"},
      {"POST", "/{id}/cancel", {{"reason", "ill"}}, 200, 403, 403, {{"reason", 1}}, "reason"},
      {"GET", "/{id}/participants", nullptr, 200, 200, 200},
      {"POST",
       "/{id}/participants",
       people,
       200,
       200,
       403,
       {{"participants", json::array{json::value{{"email", "no address"}}}}},
       "participants[0].email"},
      {"DELETE",
       "/{id}/participants",
       {{"participant_ids", json::array{"carl"}}},
       200,
       200,
       403,
       {{"participant_ids", json::array{1}}},
       "participant_ids[0]"},
      {"PUT",
       "/{id}/participants",
       {{"participant_id", "carl"}, {"new_role", "viewer"}},
       200,
       403,
       403,
       {{"participant_id", "carl"}, {"new_role", "king"}},
       "new_role"},
      {"PATCH", "/{id}/participants/{participant_id}/role", role, 200, 403, 403, {{"new_role", 3}}, "new_role"},
      {"POST", "/{id}/search-users", {{"query", "ann"}}, 200, 200, 403, {{"query", ""}}, "query"},
      {"DELETE", "/{id}", nullptr, 200, 403, 403},
  };
}

std::string meeting_with_people(Records& records) {
  json::object request = Records::body();
  request["participants"] = json::array{json::value{{"user_id", "ben"}, {"role", "co_host"}}, json::value("carl")};
  return records.create(std::move(request));
}

int status_for(Records& records, const Row& row, const Identity& caller) {
  const std::string id = meeting_with_people(records);
  return records.call(row.method, row.path, caller, {.id = id, .body = row.body, .participant = "carl"}).status();
}

}  // namespace

TEST_CASE("every endpoint of a meeting answers each kind of caller as its row says") {
  Records records;
  for (const Row& row : rows()) {
    CAPTURE(row.method);
    CAPTURE(row.path);
    CHECK(status_for(records, row, somebody("anna")) == row.host);
    CHECK(status_for(records, row, administrator()) == row.host);
    CHECK(status_for(records, row, somebody("ben")) == row.co_host);
    CHECK(status_for(records, row, somebody("carl")) == row.invited);
    CHECK(status_for(records, row, somebody("stranger")) == 404);
    CHECK(status_for(records, row, somebody("anna", "campus2")) == 404);  // the same user id, of another tenant
    CHECK(status_for(records, row, administrator("campus2")) == 404);
    CHECK(status_for(records, row, a_guest()) == 401);
  }
}

TEST_CASE("a body that does not fit is refused with the field's path") {
  Records records;
  const std::string id = meeting_with_people(records);
  for (const Row& row : rows()) {
    if (row.bad_path.empty()) continue;
    CAPTURE(row.method);
    CAPTURE(row.path);
    const auto answer =
        records.call(row.method, row.path, somebody("anna"), {.id = id, .body = row.bad_body, .participant = "carl"});
    CHECK(answer.status() == 400);
    CHECK(code(answer) == "INVALID_PAYLOAD");
    CHECK(path(answer) == row.bad_path);
  }
}

TEST_CASE("every route stands below both prefixes and describes itself") {
  Records records;
  for (const Row& row : rows()) {
    for (const std::string_view prefix : {"/api/meeting", "/api/v1/meetings"}) {
      const std::string name = std::string{row.method} + " " + std::string{prefix} + std::string{row.path};
      CAPTURE(name);
      CHECK(records.host.http().operations.contains(name));
      CHECK(!records.host.http().operations.at(name).empty());
    }
  }
  records.prefix = "/api/v1/meetings";
  const std::string id = records.create();
  CHECK(records.get(id).at("meeting_name") == "Weekly");
}

TEST_CASE("every route of a meeting has its row") {
  Records records;
  std::size_t described = 0;
  for (const auto& [name, operation] : records.host.http().operations) {
    described += name.find("/api/meeting/") != std::string::npos;
  }
  CHECK(described == rows().size());
}

TEST_CASE("a deactivated user is refused at every route") {
  Records records;
  const std::string id = meeting_with_people(records);
  User anna;
  anna.tenant = "campus1";
  anna.id = "anna";
  anna.active = false;
  records.context.users.put({anna}, [](const Result<std::vector<User>, Error>& done) { CHECK(done.has_value()); });
  records.host.run();
  for (const Row& row : rows()) {
    CAPTURE(row.path);
    CHECK(records.call(row.method, row.path, somebody("anna"), {.id = id, .body = row.body}).status() == 403);
  }
  CHECK(records.call("POST", "", somebody("anna"), {.body = Records::body()}).status() == 403);
  CHECK(records.call("GET", "", somebody("anna")).status() == 403);
  CHECK(records.call("GET", "/{id}", somebody("anna", "campus2"), {.id = id}).status() == 404);
}

}  // namespace sluice::meetings::records_testing
