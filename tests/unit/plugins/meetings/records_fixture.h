#pragma once

#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/meetings/context.h"
#include "plugins/meetings/migrations.h"
#include "plugins/meetings/routes.h"
#include "sluice/testing/fake_host.h"
#include "tests/unit/plugins/sqlite_store.h"

namespace sluice::meetings::records_testing {

using sluice::testing::FakeHost;
using sluice::testing::HttpAnswer;
using sluice::testing::SqliteStore;

inline Identity somebody(std::string id, std::string tenant = "campus1") {
  return {.user_id = id, .name = "Mx " + id, .email = id + "@example.org", .tenant = std::move(tenant)};
}
inline Identity administrator(std::string tenant = "campus1") {
  Identity who = somebody("root", std::move(tenant));
  who.role = "admin";
  return who;
}
inline Identity a_guest() { return {.user_id = "guest-1", .tenant = "campus1", .guest = true}; }

/// Opens no rooms; remembers what it was told, and says who is in what the test wants.
class ToldLive final : public Live {
 public:
  void start(Meeting meeting, const Identity& by, Done done) override {
    told.push_back("start by " + by.user_id);
    if (refuses) return done(Error{ErrorCode::limit_exceeded, "no room"});
    set_status(std::move(meeting), MeetingStatus::live, std::move(done));
  }
  void end(Meeting meeting, const Identity&, std::string_view reason, Done done) override {
    told.push_back("end " + std::string{reason});
    set_status(std::move(meeting), MeetingStatus::ended, std::move(done));
  }
  [[nodiscard]] std::vector<LiveParticipant> in_room(std::string_view, std::string_view) const override {
    return there;
  }
  void changed(const Meeting& meeting) override { told.push_back("changed " + meeting.name); }
  void invited(const Meeting&, const Invited& who, const Identity&) override {
    told.push_back("invited " + who.user_id + who.email);
  }
  void removed(const Meeting&, const Invited& who, std::string_view reason) override {
    told.push_back("removed " + who.user_id + ": " + std::string{reason});
  }
  void role_changed(const Meeting&, const Invited& who) override { told.push_back("role of " + who.user_id); }
  void deactivated(std::string_view tenant, std::string_view user_id) override {
    told.push_back("deactivated " + std::string{tenant} + "/" + std::string{user_id});
  }

  std::vector<std::string> told;
  std::vector<LiveParticipant> there;
  bool refuses = false;
  Repository* repository = nullptr;

 private:
  void set_status(Meeting meeting, MeetingStatus status, Done done) {
    repository->change(
        meeting.tenant, meeting.id, std::nullopt, [status](Meeting& record) { record.status = status; },
        std::move(done));
  }
};

/// What is asked beside the route.
struct Asked {
  std::string id = {};
  json::value body = nullptr;
  std::map<std::string, std::string, std::less<>> query = {};
  std::string if_match = {};
  std::string participant = {};
};

/// The REST API of the records on a real database, without rooms.
class Records {
 public:
  explicit Records(Options options = {}) : context{host, std::move(options), live} {
    live.repository = &context.repository;
    store.migrate(migrations());
    context.users.load();
    context.audit.start();
    serve_meetings(context);
    serve_changes(context);
    serve_people(context);
    serve_directory(context);
    host.run();
  }

  HttpAnswer call(std::string_view method, std::string_view path, const Identity& caller, Asked asked = {}) {
    HttpRequest request;
    request.identity = caller;
    request.path_parameters = {{"id", asked.id}, {"participant_id", asked.participant}};
    request.query = std::move(asked.query);
    if (!asked.body.is_null()) request.body = json::serialize(asked.body);
    if (!asked.if_match.empty()) request.headers["if-match"] = asked.if_match;
    HttpAnswer answer = host.http().call(method, prefix + std::string{path}, std::move(request));
    host.run();
    return answer;
  }
  HttpAnswer admin(std::string_view method, std::string_view path, HttpRequest request) {
    HttpAnswer answer = host.admin().call(method, path, std::move(request));
    host.run();
    return answer;
  }

  static json::object body(std::string_view name = "Weekly") {
    return {{"meeting_name", name},
            {"meeting_start_time", "2030-07-01T10:00:00Z"},
            {"meeting_end_time", "2030-07-01T11:00:00Z"}};
  }
  /// A meeting, and its id.
  std::string create(json::object request = body(), const Identity& by = somebody("anna")) {
    const HttpAnswer answer = call("POST", "", by, {.body = json::value(std::move(request))});
    if (answer.status() != 201) throw std::logic_error{answer.response().body};
    return std::string{answer.body().at("data").at("id").as_string()};
  }
  json::value get(const std::string& id, const Identity& by = somebody("anna")) {
    return call("GET", "/{id}", by, {.id = id}).body().at("data");
  }

  FakeHost host{"meetings"};
  SqliteStore store{host, "meetings"};
  ToldLive live;
  Context context;
  std::string prefix = "/api/meeting";
};

inline std::string code(const HttpAnswer& answer) {
  return std::string{answer.body().at("error").at("code").as_string()};
}
inline std::string path(const HttpAnswer& answer) {
  return std::string{answer.body().at("error").at("details").at("path").as_string()};
}
inline json::value data(const HttpAnswer& answer) { return answer.body().at("data"); }

}  // namespace sluice::meetings::records_testing
