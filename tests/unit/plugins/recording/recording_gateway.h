#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugins/recording/core.h"
#include "plugins/recording/journal.h"
#include "sluice/contracts/audit.h"
#include "sluice/contracts/chat.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/recording.h"
#include "sluice/testing/fake_host.h"
#include "sluice/testing/fake_meetings.h"
#include "sluice/testing/fake_rooms.h"
#include "tests/unit/plugins/recording/temporary_folder.h"
#include "tests/unit/plugins/sqlite_store.h"

namespace sluice::testing {

inline Identity user(const std::string& id, const std::string& tenant = {}) {
  Identity identity;
  identity.user_id = id;
  identity.name = "User " + id;
  identity.tenant = tenant;
  return identity;
}

/// What became of one capture; outlives it.
struct Captured {
  recording::CaptureSpec spec;
  recording::Consent consent = recording::Consent::implied;
  std::vector<std::string> did;  ///< `pause`, `take p-anna`, `chat Anna: hello`, ...
  recording::CaptureFigures figures{.bytes = 1'000, .recorded = std::chrono::seconds{90}};
  Function<void()> ended;  ///< to be called by the test, unless the gateway does so itself
  Function<void(recording::CaptureTrouble, std::string)> trouble;
  bool alive = true;
};

/// Writes an empty journal and nothing else.
class FakeCapture final : public recording::Capture {
 public:
  FakeCapture(std::shared_ptr<Captured> captured, bool ends_at_once)
      : captured_{std::move(captured)}, ends_at_once_{ends_at_once} {
    const std::string& folder = captured_->spec.folder;
    std::filesystem::create_directories(folder);
    std::ofstream{folder + "/" + std::string{recording::kJournalFile}} << "\n";
  }
  ~FakeCapture() override { captured_->alive = false; }
  FakeCapture(const FakeCapture&) = delete;
  FakeCapture& operator=(const FakeCapture&) = delete;

  void pause() override { captured_->did.emplace_back("pause"); }
  void resume() override { captured_->did.emplace_back("resume"); }
  void set_layout(recording::Layout layout) override {
    captured_->did.push_back("layout " + std::string{to_json(layout).as_string()});
  }
  void note_chat(std::string_view name, std::string_view text) override {
    captured_->did.push_back("chat " + std::string{name} + ": " + std::string{text});
  }
  void set_taken(std::string_view participant, bool taken) override {
    captured_->did.push_back((taken ? "take " : "leave out ") + std::string{participant});
  }
  void end(std::string_view reason, Function<void()> done) override {
    captured_->did.push_back("end " + std::string{reason});
    if (ends_at_once_) return done();
    captured_->ended = std::move(done);
  }
  [[nodiscard]] recording::CaptureFigures figures() const override { return captured_->figures; }
  void on_trouble(Function<void(recording::CaptureTrouble, std::string)> callback) override {
    captured_->trouble = std::move(callback);
  }

 private:
  std::shared_ptr<Captured> captured_;  // shared with the test
  bool ends_at_once_;
};

/// A gateway whose only plugin is recording, with captures that the test drives. The disk always has room, unless an
/// option says otherwise.
class RecordingGateway {
 public:
  explicit RecordingGateway(json::object options = {}, bool with_meetings = false) : with_meetings_{with_meetings} {
    if (with_meetings) host.services().provide<Meetings>(meetings);
    host.bus().on<AuditEvent>([this](const AuditEvent& event) {
      audits.push_back(std::string{event.action} + " by " + event.actor.user_id);
    });
    host.bus().on<RecordingStarted>([this](const RecordingStarted&) { news.emplace_back("started"); });
    host.bus().on<RecordingStopped>([this](const RecordingStopped&) { news.emplace_back("stopped"); });
    host.bus().on<RecordingReady>([this](const RecordingReady& event) {
      news.push_back("ready " + std::string{event.description.at("state").as_string()});
    });
    start(std::move(options));
  }
  RecordingGateway(const RecordingGateway&) = delete;
  RecordingGateway& operator=(const RecordingGateway&) = delete;

  static recording::Options options_of(json::object options, const std::string& folder) {
    options["folder"] = folder;
    if (!options.contains("least_free_mb")) options["least_free_mb"] = 0;
    return Config{json::value(std::move(options))}.as<recording::Options>();
  }
  void start(json::object options) {
    core = std::make_unique<recording::Core>(
        host, options_of(std::move(options), folder / "recordings"),
        [this](Room&, const recording::CaptureSpec& spec, recording::Consent consent) {
          if (capture_fails) throw Error{ErrorCode::internal, "no folder"};
          captures.push_back(std::make_shared<Captured>());
          captures.back()->spec = spec;
          captures.back()->consent = consent;
          return std::make_unique<FakeCapture>(captures.back(), ends_at_once);
        });
    core->start();
    host.run();
  }

  FakeRoom& room(const std::string& id = "lobby", const std::string& tenant = {}) {
    RoomOptions options;
    options.id = id;
    options.tenant = tenant;
    options.name = "The " + id;
    return rooms.open(options);
  }
  static void allow(FakeRoom& room, LeastRole least) {
    RoomPolicy policy;
    policy.least_role[Permission::record] = least;
    room.set_policy(policy);
  }
  FakeClient& join(FakeRoom& room, const std::string& id, Role role = Role::attendee) {
    FakeClient& client = host.connect(user(id, room.tenant()));
    room.join(client, role);
    host.run();
    return client;
  }
  /// Begins, and gives the recording's id.
  std::string begin(FakeClient& host_client, const json::object& wishes = {}) {
    return std::string{host.call(host_client, "recording:start", json::value(wishes))["recordingId"].as_string()};
  }
  /// The production that runs has made a film of 90 s.
  void produce(std::size_t index = 0, const std::string& name = "recording.mp4") {
    FakeJobs::Started& job = *host.jobs().started.at(index);
    const std::string output{job.options.arguments.at("outputFolder").as_string()};
    std::filesystem::create_directories(output);
    std::ofstream{output + "/" + name} << "film";
    std::ofstream{output + "/thumbnail.jpg"} << "jpg";
    recording::ProductionReport report;
    report.files = {{.name = name, .kind = "recording", .content_type = "video/mp4", .bytes = 4},
                    {.name = "thumbnail.jpg", .kind = "thumbnail", .content_type = "image/jpeg", .bytes = 3}};
    report.duration_ms = 90'000;
    report.width = 1'280;
    report.height = 720;
    FakeJobs::enter_message(job, json::object{{"report", to_json(report)}});
    FakeJobs::enter_end(job, {});
    host.run();
    host.run();
  }
  /// One that is ready, of Anna, the host of the lobby.
  std::string ready(FakeClient& anna) {
    const std::string id = begin(anna);
    host.call(anna, "recording:stop");
    host.run();
    produce(host.jobs().started.size() - 1);
    return id;
  }
  HttpAnswer rest(const std::string& method, const std::string& pattern, const Identity& caller,
                  std::map<std::string, std::string, std::less<>> path = {}, const std::string& body = {},
                  std::map<std::string, std::string, std::less<>> query = {}) {
    HttpRequest request;
    request.identity = caller;
    request.path_parameters = std::move(path);
    request.body = body;
    request.query = std::move(query);
    if (!body.empty()) request.headers["content-type"] = "application/json";
    HttpAnswer answer = host.http().call(method, pattern, request);
    host.run();
    host.run();
    return answer;
  }
  /// What the meetings' plugin would pass on.
  HttpAnswer part(const std::string& name, const Identity& caller, const std::string& path,
                  const std::string& body = {}) {
    const std::string pattern = "/part-" + std::to_string(++parts_);
    host.http().route("GET", pattern, [this, name](const HttpRequest& request, HttpReply reply) {
      meetings.parts.at(name)(request, meetings.info, rest::Reply{std::move(reply)});
    });
    HttpRequest request;
    request.identity = caller;
    request.path = "/api/meeting/meeting/" + path;
    request.body = body;
    if (!body.empty()) request.headers["content-type"] = "application/json";
    const auto slash = path.find('/');
    if (name == "recordings" && slash != std::string::npos) request.path_parameters["path"] = path.substr(slash + 1);
    HttpAnswer answer = host.http().call("GET", pattern, request);
    host.run();
    return answer;
  }
  /// The row's state; empty: there is none.
  std::string state(const std::string& id) {
    const auto rows =
        sqlite.database().query(R"(SELECT "state" FROM "recording_recordings" WHERE "id" = ?)", {StoreValue{id}});
    return rows.empty() ? "" : std::get<std::string>(rows.front().at(0));
  }
  [[nodiscard]] bool exists(const std::string& below) const {
    return std::filesystem::exists(folder.path() / "recordings" / below);
  }

  TemporaryFolder folder;
  FakeHost host{"recording"};
  SqliteStore sqlite{host, "recording"};
  FakeRooms rooms{host};
  FakeMeetings meetings;
  std::vector<std::shared_ptr<Captured>> captures;
  bool capture_fails = false;
  bool ends_at_once = true;
  std::vector<std::string> audits;
  std::vector<std::string> news;
  std::unique_ptr<recording::Core> core;

 private:
  bool with_meetings_;
  int parts_ = 0;
};

using Names = std::vector<std::string>;

}  // namespace sluice::testing
