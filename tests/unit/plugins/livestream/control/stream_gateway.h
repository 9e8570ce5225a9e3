#pragma once

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "control/core.h"
#include "sluice/contracts/audit.h"
#include "sluice/contracts/livestream.h"
#include "sluice/testing/fake_host.h"
#include "sluice/testing/fake_meetings.h"
#include "sluice/testing/fake_rooms.h"
#include "tests/unit/plugins/recording/temporary_folder.h"

namespace sluice::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline Identity user(const std::string& id, const std::string& tenant = {}) {
  Identity identity;
  identity.user_id = id;
  identity.name = "User " + id;
  identity.tenant = tenant;
  return identity;
}

/// JSON as text: nested braces of Boost.JSON take a compiler minutes.
inline json::value read(std::string_view text) { return json::parse(text); }

/// What a job reports.
inline livestream::TargetReport target(const std::string& id, livestream::TargetState state,
                                       const std::string& reason = {}) {
  livestream::TargetReport out;
  out.id = id;
  out.state = state;
  out.reason = reason;
  return out;
}
inline livestream::HlsFile hls_file(const std::string& name) {
  livestream::HlsFile out;
  out.name = name;
  return out;
}

/// What became of one feed; outlives it.
struct BegunFeed {
  Room* room = nullptr;
  std::shared_ptr<JobRecords> records;
  std::vector<livestream::TrackNumber> asked;  ///< for key frames
  livestream::Feed::Figures figures;
  bool alive = true;
};

class FakeFeed final : public livestream::Feed {
 public:
  explicit FakeFeed(std::shared_ptr<BegunFeed> begun) : begun_{std::move(begun)} {}
  ~FakeFeed() override { begun_->alive = false; }
  FakeFeed(const FakeFeed&) = delete;
  FakeFeed& operator=(const FakeFeed&) = delete;
  void request_key_frame(livestream::TrackNumber track) override { begun_->asked.push_back(track); }
  [[nodiscard]] Figures figures() const override { return begun_->figures; }

 private:
  std::shared_ptr<BegunFeed> begun_;  // shared with the test
};

/// What became of one channel; outlives it.
struct MadeChannel {
  livestream::HlsOptions options;
  std::vector<std::string> did;  ///< `add part-0.m4s`, `restarted <folder>`, `end`
  std::size_t viewers = 0;
  livestream::HlsChannel::Figures figures;
  bool alive = true;
};

class FakeChannel final : public livestream::HlsChannel {
 public:
  explicit FakeChannel(std::shared_ptr<MadeChannel> made) : made_{std::move(made)} {}
  ~FakeChannel() override { made_->alive = false; }
  FakeChannel(const FakeChannel&) = delete;
  FakeChannel& operator=(const FakeChannel&) = delete;
  void add(const livestream::HlsFile& file) override { made_->did.push_back("add " + file.name); }
  void job_restarted(std::string folder) override { made_->did.push_back("restarted " + folder); }
  void serve(const HttpRequest&, std::string_view name, HttpReply reply) override {
    reply.send({.status = 200, .content_type = "text/plain", .body = "file " + std::string{name}, .headers = {}});
  }
  void end() override { made_->did.emplace_back("end"); }
  [[nodiscard]] std::size_t viewers() const override { return made_->viewers; }
  [[nodiscard]] Figures figures() const override { return made_->figures; }

 private:
  std::shared_ptr<MadeChannel> made_;  // shared with the test
};

/// A gateway whose only plugin is livestream, with jobs, feeds and channels that the test drives.
class StreamGateway {
 public:
  static constexpr const char* kKey = "wxyz-1234-secret";

  explicit StreamGateway(std::string_view options = "{}", bool with_meetings = false) {
    if (with_meetings) host.services().provide<Meetings>(meetings);
    host.bus().on<AuditEvent>([this](const AuditEvent& event) {
      audits.push_back(std::string{event.action} + " by " + event.actor.user_id);
      texts += json::serialize(event.details);
    });
    host.bus().on<StreamStopped>([this](const StreamStopped& event) { stopped.push_back(event.audience.peak); });
    host.bus().on<StreamAudienceChanged>(
        [this](const StreamAudienceChanged& event) { audiences.push_back(event.audience.viewers); });
    start(read(options).as_object());
  }
  StreamGateway(const StreamGateway&) = delete;
  StreamGateway& operator=(const StreamGateway&) = delete;

  [[nodiscard]] livestream::Options options_of(json::object options) const {
    if (!options.contains("hls")) options["hls"] = json::object();
    if (options["hls"].is_object()) options["hls"].as_object()["folder"] = folder / "live";
    return Config{json::value(std::move(options))}.as<livestream::Options>();
  }
  void start(json::object options) {
    livestream::StreamParts parts{.begin_feed =
                                      [this](Room& room, std::shared_ptr<JobRecords> records) {
                                        feeds.push_back(std::make_shared<BegunFeed>());
                                        feeds.back()->room = &room;
                                        feeds.back()->records = std::move(records);
                                        return std::make_unique<FakeFeed>(feeds.back());
                                      },
                                  .make_channel =
                                      [this](livestream::HlsOptions hls) {
                                        channels.push_back(std::make_shared<MadeChannel>());
                                        channels.back()->options = std::move(hls);
                                        return std::make_unique<FakeChannel>(channels.back());
                                      }};
    core = std::make_unique<livestream::Core>(host, options_of(std::move(options)), std::move(parts));
    core->start();
    host.run();
  }

  FakeRoom& room(const std::string& id = "lobby", const std::string& tenant = {}) {
    RoomOptions options;
    options.id = id;
    options.tenant = tenant;
    options.name = "The " + id;
    FakeRoom& out = rooms.open(options);
    host.run();
    return out;
  }
  static void allow(FakeRoom& room, Permission permission, LeastRole least) {
    RoomPolicy policy = room.policy();
    policy.least_role[permission] = least;
    room.set_policy(policy);
  }
  FakeClient& join(FakeRoom& room, const std::string& id, Role role = Role::attendee) {
    FakeClient& client = host.connect(user(id, room.tenant()));
    room.join(client, role);
    host.run();
    return client;
  }
  static json::value to_youtube() {
    json::value out = read(R"({"url": "rtmp://a.rtmp.youtube.com/live2", "name": "YouTube"})");
    out.as_object()["key"] = kKey;
    return out;
  }
  static json::value wish(std::vector<json::value> targets) {
    json::array array;
    for (json::value& one : targets) array.push_back(std::move(one));
    json::object out;
    out["targets"] = std::move(array);
    return json::value(std::move(out));
  }
  FakeJobs::Started& job() { return *host.jobs().started.back(); }
  [[nodiscard]] std::size_t jobs() { return host.jobs().started.size(); }
  /// The job says so, and a tick later all are told.
  template <class Report>
  void report(const std::string& name, const Report& what) {
    json::object message;
    message[name] = to_json(what);
    FakeJobs::enter_message(job(), std::move(message));
    host.advance(seconds{1});
  }
  /// The job dies.
  void die(const std::string& why = "segmentation fault") {
    FakeJobs::enter_end(job(), {.exit_status = -1, .signal = 11, .error = why});
    host.run();
  }
  /// What the job was told, by names.
  [[nodiscard]] std::vector<std::string> commands() {
    std::vector<std::string> out;
    for (const json::object& one : job().told) out.emplace_back(one.begin()->key());
    return out;
  }

  HttpAnswer rest(const std::string& method, const std::string& pattern, const Identity& caller,
                  std::map<std::string, std::string, std::less<>> path = {}, const std::string& body = {},
                  std::map<std::string, std::string, std::less<>> query = {}) {
    HttpRequest request = request_of(caller, body);
    request.path_parameters = std::move(path);
    request.query = std::move(query);
    HttpAnswer answer = host.http().call(method, pattern, request);
    host.run();
    return answer;
  }
  HttpAnswer watch(const std::string& room, const std::string& key = {}, const Identity& caller = user("viewer")) {
    std::map<std::string, std::string, std::less<>> query;
    if (!key.empty()) query["key"] = key;
    return rest("GET", "/live/{room}/{file}", caller, {{"room", room}, {"file", "index.m3u8"}}, {}, query);
  }
  /// What the meetings' plugin would pass on.
  HttpAnswer part(const std::string& method, const Identity& caller, const std::string& path,
                  const std::string& body = {}) {
    const std::string pattern = "/part-" + std::to_string(++parts_);
    host.http().route(method, pattern, [this](const HttpRequest& request, HttpReply reply) {
      meetings.parts.at("stream")(request, meetings.info, rest::Reply{std::move(reply)});
    });
    HttpRequest request = request_of(caller, body);
    request.path = "/api/meeting/meeting/stream" + path;
    const std::string targets = "/targets/";
    if (path.starts_with(targets)) request.path_parameters["targetId"] = path.substr(targets.size());
    HttpAnswer answer = host.http().call(method, pattern, request);
    host.run();
    return answer;
  }
  static std::string code(const HttpAnswer& answer) {
    return std::string{answer.body().at("error").at("code").as_string()};
  }
  HttpAnswer admin(const std::string& method, const std::string& pattern, const std::string& id = {}) {
    HttpRequest request;
    request.path_parameters["id"] = id;
    HttpAnswer answer = host.admin().call(method, pattern, request);
    host.run();
    return answer;
  }
  /// All that the clients were told, the audit has, and the log says.
  std::string all_texts(const std::vector<const FakeClient*>& clients) {
    std::string out = texts;
    for (const FakeClient* client : clients) {
      for (const auto& sent : client->sent()) out += json::serialize(sent.data);
    }
    for (const auto& [level, line] : host.log().lines) out += line;
    return out;
  }

  TemporaryFolder folder;
  FakeHost host{"livestream"};
  FakeRooms rooms{host};
  FakeMeetings meetings;
  std::vector<std::shared_ptr<BegunFeed>> feeds;
  std::vector<std::shared_ptr<MadeChannel>> channels;
  std::vector<std::string> audits;
  std::string texts;
  std::vector<std::size_t> stopped;
  std::vector<std::size_t> audiences;
  std::unique_ptr<livestream::Core> core;

 private:
  static HttpRequest request_of(const Identity& caller, const std::string& body) {
    HttpRequest request;
    request.identity = caller;
    request.body = body;
    if (!body.empty()) request.headers["content-type"] = "application/json";
    return request;
  }
  int parts_ = 0;
};

using Names = std::vector<std::string>;

}  // namespace sluice::testing
