#include "tests/unit/plugins/livestream/control/stream_gateway.h"

namespace sluice::testing {

namespace {

struct Streamed {
  Streamed() {
    const json::value wish = StreamGateway::wish({StreamGateway::to_youtube(), read(R"({"type": "hls"})")});
    REQUIRE(gateway.host.call(anna, "stream:start", wish).ok());
  }
  StreamGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
};

}  // namespace

TEST_CASE("a program that dies is started anew, with its targets, and HLS goes on") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  const std::string folder = gateway.channels.at(0)->options.folder;
  gateway.report("target", target("1", livestream::TargetState::live));
  gateway.die();
  CHECK(!gateway.feeds.at(0)->alive);
  CHECK(gateway.host.call(streamed.anna, "stream:status")["state"] == "restarting");
  gateway.host.advance(milliseconds{999});
  CHECK(gateway.jobs() == 1);
  gateway.host.advance(milliseconds{1});
  REQUIRE(gateway.jobs() == 2);
  CHECK(streamed.anna.last("stream:status").at("targets").at(0).at("state") == "reconnecting");
  CHECK(gateway.feeds.at(1)->alive);
  CHECK(gateway.commands() == Names{"target"});
  const auto order = from_json<livestream::ProgramOrder>(json::value(gateway.job().options.arguments));
  CHECK(order.hls_folder == folder + "/run-2");
  CHECK(gateway.channels.at(0)->did == Names{"restarted " + folder + "/run-2"});
  CHECK(gateway.host.metrics().value("job_deaths_total") == 1);
  gateway.report("figures", livestream::ProgramFigures{});
  CHECK(!streamed.anna.last("stream:status").as_object().contains("problem"));
  CHECK(streamed.anna.last("stream:status").at("restarts") == 1);
  CHECK(!streamed.anna.got("stream:stopped"));
}

TEST_CASE("the pause before a new start is doubled with each death, and the fifth within a minute is the end") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  std::size_t jobs = 1;
  for (const int pause : {1, 2, 4, 8}) {
    gateway.die();
    gateway.host.advance(seconds{pause} - milliseconds{1});
    CHECK(gateway.jobs() == jobs);
    gateway.host.advance(milliseconds{1});
    REQUIRE(gateway.jobs() == ++jobs);
  }
  gateway.die();
  CHECK(streamed.anna.last("stream:stopped").at("reason") == "program_failed");
  CHECK(streamed.anna.last("stream:stopped").at("by").is_null());
  gateway.host.advance(seconds{60});
  CHECK(gateway.jobs() == jobs);
  CHECK(gateway.channels.at(0)->did.back() == "end");
  CHECK(!gateway.channels.at(0)->alive);
}

TEST_CASE("deaths that are a minute ago are forgotten") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  for (int i = 0; i < 8; ++i) {
    gateway.die();
    gateway.host.advance(seconds{1});
    REQUIRE(gateway.jobs() == static_cast<std::size_t>(i) + 2);
    gateway.host.advance(seconds{61});
  }
  CHECK(!streamed.anna.got("stream:stopped"));
}

TEST_CASE("the job's wish for a key frame goes to the feed") {
  Streamed streamed;
  streamed.gateway.report("keyFrame", livestream::KeyFrameWanted{.track = 3});
  streamed.gateway.report("keyFrame", livestream::KeyFrameWanted{.track = -1});
  streamed.gateway.report("keyFrame", livestream::KeyFrameWanted{.track = std::int64_t{1} << 40});
  CHECK(streamed.gateway.feeds.at(0)->asked == std::vector<livestream::TrackNumber>{3});
}

TEST_CASE("files of the job are the channel's, and the first makes the stream live") {
  Streamed streamed;
  streamed.gateway.report("hls", hls_file("init-0.mp4"));
  CHECK(streamed.gateway.channels.at(0)->did == Names{"add init-0.mp4"});
  CHECK(streamed.anna.last("stream:status").at("state") == "live");
}

TEST_CASE("nonsense of the job is complained of once and changes nothing") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  FakeJobs::enter_message(gateway.job(), read(R"({"figures": 7})").as_object());
  FakeJobs::enter_message(gateway.job(), read(R"({"hls": {"name": []}})").as_object());
  FakeJobs::enter_message(gateway.job(), read(R"({"what": "else"})").as_object());
  gateway.report("target", target("99", livestream::TargetState::failed));
  std::size_t warnings = 0;
  for (const auto& [level, line] : gateway.host.log().lines) warnings += level == LogLevel::warning ? 1 : 0;
  CHECK(warnings == 1);
  CHECK(gateway.host.call(streamed.anna, "stream:status")["state"] == "starting");
}

TEST_CASE("a stopped stream says goodbye, can be watched for half a minute, and is gone") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  gateway.channels.at(0)->figures.peak_viewers = 5;
  REQUIRE(gateway.host.call(streamed.anna, "stream:stop").ok());
  CHECK(streamed.anna.last("stream:stopped").at("reason") == "stopped");
  CHECK(streamed.anna.last("stream:stopped").at("by") == "User anna");
  CHECK(gateway.stopped == std::vector<std::size_t>{5});
  CHECK(gateway.job().stop_asked);
  CHECK(gateway.job().alive);
  CHECK(!gateway.feeds.at(0)->alive);
  CHECK(gateway.channels.at(0)->did.empty());
  gateway.report("hls", hls_file("segment-9.m4s"));  // its last
  FakeJobs::enter_end(gateway.job(), {});
  CHECK(gateway.channels.at(0)->did == Names{"add segment-9.m4s", "end"});
  CHECK(gateway.watch("lobby").status() == 200);
  CHECK(gateway.host.call(streamed.anna, "stream:status")["live"] == json::value(false));
  gateway.host.advance(seconds{29});
  CHECK(gateway.channels.at(0)->alive);
  gateway.host.advance(seconds{2});
  CHECK(!gateway.channels.at(0)->alive);
  const HttpAnswer gone = gateway.watch("lobby");
  CHECK(gone.status() == 404);
  CHECK(gone.response().body.find("ended") != std::string::npos);
}

TEST_CASE("a program that does not end is killed") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  gateway.host.call(streamed.anna, "stream:stop");
  gateway.host.advance(milliseconds{4'999});
  CHECK(gateway.job().alive);
  gateway.host.advance(milliseconds{1});
  CHECK(!gateway.job().alive);
  CHECK(gateway.channels.at(0)->did == Names{"end"});
}

TEST_CASE("a stream that is stopped while its program is dead stays so") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  gateway.die();
  gateway.host.call(streamed.anna, "stream:stop");
  gateway.host.advance(seconds{60});
  CHECK(gateway.jobs() == 1);
  CHECK(gateway.channels.at(0)->did == Names{"end"});
}

TEST_CASE("streams are started and stopped again and again, and not all of them are kept") {
  Streamed streamed;
  StreamGateway& gateway = streamed.gateway;
  for (int i = 0; i < 40; ++i) {
    gateway.host.call(streamed.anna, "stream:stop");
    FakeJobs::enter_end(gateway.job(), {});
    REQUIRE(gateway.host.call(streamed.anna, "stream:start").ok());
  }
  gateway.host.advance(seconds{1});
  std::size_t alive = 0;
  for (const auto& channel : gateway.channels) alive += channel->alive ? 1 : 0;
  CHECK(alive == livestream::Streams::kMostEnded + 1);
  CHECK(gateway.channels.back()->alive);
}

}  // namespace sluice::testing
