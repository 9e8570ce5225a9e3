#include "tests/unit/plugins/livestream/control/stream_gateway.h"

namespace sluice::testing {

namespace {

struct Lobby {
  explicit Lobby(std::string_view options = "{}") : gateway{options} {}
  StreamGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  FakeClient& ben = gateway.join(room, "ben");
  Answer ask(FakeClient& who, const char* event, const json::value& data = json::object()) {
    return gateway.host.call(who, event, data);
  }
};

}  // namespace

TEST_CASE("a stream without targets is HLS alone, and everybody is told") {
  Lobby lobby;
  const Answer started = lobby.ask(lobby.anna, "stream:start", read(R"({"title": "All hands"})"));
  REQUIRE(started.ok());
  CHECK(started["state"] == "starting");
  CHECK(started["hls"].at("url") == "/live/lobby/index.m3u8");
  const json::value told = lobby.ben.last("stream:started");
  CHECK(told.at("streamId") == started["streamId"]);
  CHECK(told.at("startedBy") == "User anna");
  CHECK(told.at("startedAt") == 1'000'000'000'000);
  CHECK(told.at("hls").at("lowLatency") == json::value(true));
  CHECK(told.at("hls").at("watchUrl") == "/live/lobby");
  CHECK(told.at("layout") == "presentation");
  REQUIRE(lobby.gateway.jobs() == 1);
  const JobOptions& job = lobby.gateway.job().options;
  CHECK(job.name == "program");
  CHECK(job.nice == 5);
  CHECK(job.records);
  const auto order = from_json<livestream::ProgramOrder>(json::value(job.arguments));
  CHECK(order.title == "All hands");
  CHECK(order.width == 1'280);
  CHECK(order.hls_folder == lobby.gateway.channels.at(0)->options.folder);
  CHECK(order.recording_file.empty());
  CHECK(lobby.gateway.feeds.at(0)->room == &lobby.room);
  CHECK(lobby.gateway.feeds.at(0)->records == lobby.gateway.job().records);
  CHECK(lobby.gateway.audits == Names{"stream.start by anna"});
  CHECK(lobby.gateway.host.metrics().value("active") == 1);
}

TEST_CASE("a stream goes to servers, and what they do is told once a second to who may stream") {
  Lobby lobby;
  const Answer started = lobby.ask(lobby.anna, "stream:start",
                                   StreamGateway::wish({StreamGateway::to_youtube(), read(R"({"type": "hls"})")}));
  REQUIRE(started.ok());
  CHECK(lobby.gateway.commands() == Names{"target"});
  CHECK(lobby.gateway.job().told.at(0).at("target").at("url") == "rtmp://a.rtmp.youtube.com/live2/wxyz-1234-secret");
  CHECK(lobby.gateway.job().options.arguments.find("wxyz") == lobby.gateway.job().options.arguments.end());

  lobby.gateway.report("target", target("1", livestream::TargetState::live));
  livestream::ProgramFigures figures;
  figures.frames_per_second = 30;
  figures.frames = 60;
  figures.overloaded = true;
  figures.targets = {{.id = "1", .bits_per_second = 2'600'000, .bytes = 1'000, .dropped_frames = 1, .reconnects = 2}};
  lobby.gateway.report("figures", figures);
  const json::value status = lobby.anna.last("stream:status");
  CHECK(status.at("state") == "live");
  const json::value& target = status.at("targets").at(0);
  CHECK(target.at("targetId") == "1");
  CHECK(target.at("name") == "YouTube");
  CHECK(target.at("state") == "live");
  CHECK(!target.as_object().contains("reason"));
  CHECK(target.at("bitsPerSecond") == 2'600'000);
  CHECK(target.at("reconnects") == 2);
  CHECK(status.at("program").at("framesPerSecond") == 30.0);
  CHECK(status.at("problem").as_string().find("too slow") != std::string::npos);
  CHECK(!lobby.ben.got("stream:status"));
  CHECK(lobby.gateway.host.metrics().value("frames_total") == 60);
  CHECK(lobby.gateway.host.metrics().value("sent_bytes_total", {{"by", "rtmp"}}) == 1'000);
  CHECK(lobby.gateway.host.metrics().value("targets", {{"state", "live"}}) == 1);

  const std::size_t told = lobby.anna.sent("stream:status").size();
  lobby.gateway.host.advance(seconds{3});
  CHECK(lobby.anna.sent("stream:status").size() == told);  // nothing has changed
}

TEST_CASE("a key is in nothing that anybody is told") {
  Lobby lobby;
  const std::string key = StreamGateway::kKey;
  std::string texts =
      json::serialize(lobby.ask(lobby.anna, "stream:start", StreamGateway::wish({StreamGateway::to_youtube()})).data());
  lobby.gateway.report("target", target("1", livestream::TargetState::reconnecting,
                                        "rtmp://a.rtmp.youtube.com/live2/" + key + ": refused"));
  CHECK(lobby.anna.last("stream:status").at("targets").at(0).at("reason").as_string().find("refused") !=
        std::string::npos);
  livestream::ProgramFigures figures;
  figures.recording_problem = "what " + key + " is";
  lobby.gateway.report("figures", figures);
  lobby.gateway.die("publishing " + key + " failed");
  lobby.gateway.host.advance(seconds{1});
  CHECK(lobby.anna.last("stream:status").at("problem").as_string().find("failed") != std::string::npos);
  lobby.gateway.report("figures", figures);
  texts += json::serialize(lobby.ask(lobby.anna, "stream:status").data());
  texts += json::serialize(lobby.ask(lobby.ben, "stream:status").data());
  texts += lobby.ask(lobby.anna, "stream:start", StreamGateway::wish({StreamGateway::to_youtube()})).message();
  json::value bad = StreamGateway::to_youtube();
  bad.as_object()["url"] = "rtmp://";
  texts += lobby.ask(lobby.anna, "stream:target-add", bad).message();
  bad.as_object()["url"] = 7;
  texts += lobby.ask(lobby.anna, "stream:target-add", bad).message();
  texts += lobby.gateway.admin("GET", "/livestream/streams").response().body;
  lobby.ask(lobby.anna, "stream:target-remove", read(R"({"targetId": "1"})"));
  lobby.ask(lobby.anna, "stream:stop");
  texts += lobby.gateway.all_texts({&lobby.anna, &lobby.ben});
  CHECK(texts.find(key) == std::string::npos);
  CHECK(texts.find("youtube.com/live2/") != std::string::npos);  // the address itself is shown
}

TEST_CASE("only who may stream does, and who wants a file of it may record, too") {
  TemporaryFolder files;
  Lobby lobby{R"({"recording": {"folder": ")" + (files / "programs") + R"("}})"};
  for (const char* event : {"stream:start", "stream:stop"}) {
    CHECK(lobby.ask(lobby.ben, event).code() == "PERMISSION_DENIED");
  }
  CHECK(lobby.ask(lobby.ben, "stream:layout", read(R"({"layout": "grid"})")).code() == "PERMISSION_DENIED");
  CHECK(lobby.ask(lobby.ben, "stream:target-add", StreamGateway::to_youtube()).code() == "PERMISSION_DENIED");
  CHECK(lobby.ask(lobby.ben, "stream:target-remove", read(R"({"targetId": "1"})")).code() == "PERMISSION_DENIED");
  CHECK(lobby.gateway.jobs() == 0);

  StreamGateway::allow(lobby.room, Permission::record, std::nullopt);
  const json::value recorded = read(R"({"record": true})");
  CHECK(lobby.ask(lobby.anna, "stream:start", recorded).code() == "PERMISSION_DENIED");
  StreamGateway::allow(lobby.room, Permission::record, Role::host);
  REQUIRE(lobby.ask(lobby.anna, "stream:start", recorded).ok());
  const auto order = from_json<livestream::ProgramOrder>(json::value(lobby.gateway.job().options.arguments));
  CHECK(order.recording_file.starts_with(files / "programs/lobby-20010909T014640Z-"));
  CHECK(order.recording_file.ends_with(".mp4"));
}

TEST_CASE("what is not configured is not promised") {
  Lobby lobby{R"({"hls": {"enabled": false}, "rtmp": {"allowed_hosts": ["*.youtube.com"], "max_targets": 1}})"};
  CHECK(lobby.ask(lobby.anna, "stream:start").code() == "UNSUPPORTED");
  CHECK(lobby.ask(lobby.anna, "stream:start", read(R"({"record": true})")).code() == "UNSUPPORTED");
  json::value elsewhere = StreamGateway::to_youtube();
  elsewhere.as_object()["url"] = "rtmp://live.twitch.tv/app";
  const Answer refused = lobby.ask(lobby.anna, "stream:start", StreamGateway::wish({elsewhere}));
  CHECK(refused.code() == "PERMISSION_DENIED");
  CHECK(refused.message().find("live.twitch.tv") != std::string::npos);
  CHECK(lobby
            .ask(lobby.anna, "stream:start",
                 StreamGateway::wish({StreamGateway::to_youtube(), StreamGateway::to_youtube()}))
            .code() == "LIMIT_EXCEEDED");
  REQUIRE(lobby.ask(lobby.anna, "stream:start", StreamGateway::wish({StreamGateway::to_youtube()})).ok());
  CHECK(lobby.ben.last("stream:started").at("hls").is_null());
  CHECK(lobby.gateway.channels.empty());
  CHECK(lobby.ask(lobby.anna, "stream:target-add", StreamGateway::to_youtube()).code() == "LIMIT_EXCEEDED");
  CHECK(lobby.gateway.watch("lobby").status() == 404);
}

TEST_CASE("targets come and go while the stream runs") {
  Lobby lobby;
  CHECK(lobby.ask(lobby.anna, "stream:target-add", StreamGateway::to_youtube()).code() == "CONFLICT");
  REQUIRE(lobby.ask(lobby.anna, "stream:start").ok());
  const Answer added = lobby.ask(lobby.anna, "stream:target-add", StreamGateway::to_youtube());
  REQUIRE(added.ok());
  CHECK(added["targetId"] == "1");
  CHECK(added["maskedRtmpUrl"].as_string().starts_with("rtmp://a.rtmp.youtube.com/live2/"));
  CHECK(lobby.ask(lobby.anna, "stream:target-add", read(R"({"type": "hls"})")).code() == "CONFLICT");
  CHECK(lobby.ask(lobby.anna, "stream:target-remove", read(R"({"targetId": "9"})")).code() == "NOT_FOUND");
  REQUIRE(lobby.ask(lobby.anna, "stream:target-remove", read(R"({"targetId": "1"})")).ok());
  REQUIRE(lobby.ask(lobby.anna, "stream:layout", read(R"({"layout": "speaker"})")).ok());
  CHECK(lobby.gateway.commands() == Names{"target", "removeTarget", "layout"});
  CHECK(lobby.ask(lobby.anna, "stream:status")["layout"] == "speaker");
  CHECK(lobby.gateway.audits == Names{"stream.start by anna", "stream.target_add by anna",
                                      "stream.target_remove by anna", "stream.layout by anna"});
}

TEST_CASE("everybody may ask whether the room is streamed, and learns how many watch") {
  Lobby lobby;
  CHECK(lobby.ask(lobby.ben, "stream:status")["live"] == json::value(false));
  REQUIRE(lobby.ask(lobby.anna, "stream:start").ok());
  lobby.gateway.channels.at(0)->viewers = 7;
  lobby.gateway.channels.at(0)->figures = {.viewers_in_all = 9, .peak_viewers = 8, .bytes = 500};
  lobby.gateway.host.advance(seconds{6});
  const json::value told = lobby.ben.last("stream:status");
  CHECK(told.at("live") == json::value(true));
  CHECK(told.at("viewers") == 7);
  CHECK(told.at("startedAt") == 1'000'000'000'000);
  CHECK(told.as_object().find("targets") == told.as_object().end());
  CHECK(lobby.ben.sent("stream:status").size() == 1);
  CHECK(lobby.anna.last("stream:status").at("peakViewers") == 8);
  CHECK(lobby.ask(lobby.ben, "stream:status").data().as_object().contains("targets") == false);
  CHECK(lobby.gateway.audiences == std::vector<std::size_t>{7});
  auto* const service = lobby.gateway.host.services().require<Livestream>();
  CHECK(service->audience(lobby.room)->in_all == 9);
  CHECK(lobby.gateway.host.metrics().value("viewers") == 7);
  CHECK(lobby.gateway.host.metrics().value("sent_bytes_total", {{"by", "hls"}}) == 500);
  FakeClient& outside = lobby.gateway.host.connect(user("carl"));
  CHECK(lobby.ask(outside, "stream:status").code() == "NOT_IN_ROOM");
}

TEST_CASE("a room has one stream at a time, and the gateway no more than it may") {
  Lobby lobby{R"({"max_streams_at_once": 1})"};
  const Answer first = lobby.ask(lobby.anna, "stream:start");
  const Answer again = lobby.ask(lobby.anna, "stream:start");
  CHECK(again.code() == "CONFLICT");
  CHECK(again.details().at("streamId") == first["streamId"]);
  FakeRoom& other = lobby.gateway.room("other");
  FakeClient& dora = lobby.gateway.join(other, "dora", Role::host);
  CHECK(lobby.ask(dora, "stream:start").code() == "LIMIT_EXCEEDED");
  REQUIRE(lobby.ask(lobby.anna, "stream:stop").ok());
  CHECK(lobby.ask(dora, "stream:start").code() == "LIMIT_EXCEEDED");  // its process still runs
  FakeJobs::enter_end(lobby.gateway.job(), {});
  CHECK(lobby.ask(dora, "stream:start").ok());
}

}  // namespace sluice::testing
