#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/meetings/audit.h"
#include "plugins/meetings/context.h"
#include "plugins/meetings/live_side.h"
#include "plugins/meetings/migrations.h"
#include "plugins/meetings/password.h"
#include "plugins/meetings/users.h"
#include "sluice/testing/fake_host.h"
#include "sluice/testing/fake_rooms.h"
#include "tests/unit/plugins/sqlite_store.h"

namespace sluice::meetings::testing {

using namespace sluice::testing;

inline Identity user(std::string id, std::string tenant = "campus1") {
  return {.user_id = std::move(id), .name = "Somebody", .tenant = std::move(tenant)};
}
inline Identity with_email(std::string id, std::string email) {
  Identity who = user(std::move(id));
  who.email = std::move(email);
  return who;
}
inline Identity admin(std::string tenant = "campus1") {
  Identity who = user("root", std::move(tenant));
  who.role = "admin";
  return who;
}
inline Identity guest() { return {.user_id = "guest-of-this-request", .guest = true}; }

/// The live half of the plugin, on a store and rooms without media. The meeting `m` is Anna's, in `campus1`.
class LiveMeetingsFixture {
 public:
  explicit LiveMeetingsFixture(Options options = {})
      : core{host, rooms}, context{host, std::move(options), core.meetings}, side{context, core, rooms, rooms} {
    store.migrate(migrations());
    context.users.load();
    context.audit.start();
    side.begin();
    host.run();
  }

  /// A scheduled meeting of the next hour, with a host and whom the test wants; changed as it likes.
  template <class Change>
  Meeting create(Change change, std::vector<Invited> invited = {}) {
    Meeting meeting;
    meeting.id = "m";
    meeting.tenant = "campus1";
    meeting.creator_id = "anna";
    meeting.creator_name = "Anna";
    meeting.name = "Weekly";
    meeting.timezone = "UTC";
    meeting.start_time = host.timers().wall_time();
    meeting.end_time = meeting.start_time + std::chrono::hours{1};
    meeting.created_at = meeting.updated_at = meeting.start_time;
    change(meeting);
    meeting.over_at = std::max(meeting.over_at, meeting.end_time);
    invited.insert(invited.begin(), person(meeting.creator_id, Role::host));
    for (Invited& who : invited) {
      who.id = "row-" + who.user_id + who.email;
      who.meeting_id = meeting.id;
    }
    Meeting out;
    context.repository.create({.meeting = meeting, .occurrences = {}, .invited = std::move(invited)}, 100,
                              [&out](Result<Meeting, Error> made) { out = std::move(made).value(); });
    host.run();
    return out;
  }
  Meeting create(std::vector<Invited> invited = {}) {
    return create([](Meeting&) {}, std::move(invited));
  }
  static Invited person(std::string user_id, Role role) {
    Invited who;
    who.user_id = std::move(user_id);
    who.role = role;
    return who;
  }
  static Invited address(std::string email, Role role) {
    Invited who;
    who.email = std::move(email);
    who.role = role;
    return who;
  }

  HttpAnswer call(std::string_view method, std::string_view path, const Identity& caller, const std::string& id = "m",
                  json::value body = nullptr) {
    HttpRequest request;
    request.identity = caller;
    request.remote_address = "203.0.113.7:1000";
    request.path_parameters["id"] = id;
    if (!body.is_null()) request.body = json::serialize(body);
    HttpAnswer answer = host.http().call(method, "/api/meeting" + std::string{path}, std::move(request));
    host.run();
    return answer;
  }
  HttpAnswer start(const Identity& caller = user("anna")) { return call("POST", "/{id}/start", caller); }
  HttpAnswer end(const Identity& caller = user("anna")) { return call("POST", "/{id}/end", caller); }
  /// `started` once, and the meeting's room.
  FakeRoom& live() {
    if (const auto answer = start(); answer.status() != 200) throw std::logic_error{answer.response().body};
    return room();
  }
  FakeRoom& room() {
    FakeRoom* found = rooms.find("campus1", "m");
    if (found == nullptr) throw std::logic_error{"the meeting's room is not open"};
    return *found;
  }
  /// A room that is no meeting's.
  FakeRoom& other_room(std::string id, std::string tenant = "campus1") {
    RoomOptions options;
    options.id = std::move(id);
    options.tenant = std::move(tenant);
    return rooms.open(options);
  }
  [[nodiscard]] bool is_open() { return rooms.find("campus1", "m") != nullptr; }
  /// The record as the store has it.
  Meeting record() {
    Meeting out;
    context.repository.find("campus1", "m", {},
                            [&out](Result<MeetingView, Error> view) { out = std::move(view).value().meeting; });
    host.run();
    return out;
  }
  std::vector<StoreRow> sql(std::string_view statement) { return store.database().query(statement); }
  /// From now on what touches this table fails, as on a broken disk.
  void break_table(const std::string& name) {
    store.database().run_script("ALTER TABLE \"meetings_" + name + "\" RENAME TO \"broken_" + name + "\"");
  }
  void mend_table(const std::string& name) {
    store.database().run_script("ALTER TABLE \"broken_" + name + "\" RENAME TO \"meetings_" + name + "\"");
  }

  FakeHost host{"meetings"};
  SqliteStore store{host, "meetings"};
  FakeRooms rooms{host};
  LiveCore core;
  Context context;
  LiveSide side;
};

/// `a.b[0].c` of an answer's `data`, for checks that read well.
inline json::value data(const HttpAnswer& answer, std::string_view path = {}) {
  json::value at = answer.body().at("data");
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('.'));
    at = json::value(at.at(name));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  return at;
}
inline std::string code(const HttpAnswer& answer) {
  return std::string{answer.body().at("error").at("code").as_string()};
}

}  // namespace sluice::meetings::testing
