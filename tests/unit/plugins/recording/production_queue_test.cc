#include "plugins/recording/production_plan.h"
#include "tests/unit/plugins/recording/recording_gateway.h"

using namespace std::chrono_literals;

namespace sluice::testing {

namespace {

struct Lobby {
  explicit Lobby(json::object options = {}) : gateway{std::move(options)} {}
  /// Records for a moment; the id.
  std::string captured() {
    const std::string id = gateway.begin(anna);
    gateway.host.call(anna, "recording:stop");
    gateway.host.run();
    return id;
  }
  FakeJobs::Started& job(std::size_t index) { return *gateway.host.jobs().started.at(index); }
  std::size_t jobs() { return gateway.host.jobs().started.size(); }
  void fail(std::size_t index, const std::string& why = "no disk") {
    FakeJobs::enter_end(job(index), {.exit_status = 1, .error = why});
    gateway.host.run();
  }

  RecordingGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  FakeClient& ben = gateway.join(room, "ben");
};

}  // namespace

TEST_CASE("a production gets its order, and as many run as may") {
  Lobby lobby{{{"production", {{"at_once", 2}, {"nice", 15}, {"threads", 3}, {"encoder", "h264_vaapi"}}}}};
  const std::string first = lobby.captured();
  lobby.captured();
  const std::string third = lobby.captured();
  REQUIRE(lobby.jobs() == 2);
  const JobOptions& options = lobby.job(0).options;
  CHECK(options.name == "produce");
  CHECK(options.nice == 15);
  CHECK(options.cpus == 3U);
  CHECK(options.arguments.at("sessionFolder") == json::value(lobby.gateway.folder / ("recordings/sessions/" + first)));
  CHECK(options.arguments.at("videoEncoder") == "h264_vaapi");
  CHECK(lobby.gateway.state(third) == "captured");
  lobby.gateway.produce(1);
  CHECK(lobby.jobs() == 3);
  CHECK(lobby.gateway.state(third) == "producing");
}

TEST_CASE("progress goes to who began it and to who moderates, not more than once a second") {
  Lobby lobby;
  const std::string id = lobby.captured();
  lobby.gateway.host.advance(5s);
  const auto progress = [&](int percent) {
    FakeJobs::enter_message(lobby.job(0), {{"progress", {{"percent", percent}, {"stage", "composing"}}}});
  };
  progress(10);
  progress(11);
  REQUIRE(lobby.anna.sent("recording:status").size() == 1);
  CHECK(lobby.anna.last("recording:status") ==
        json::value(json::object{{"recordingId", id}, {"percent", 10}, {"stage", "composing"}}));
  CHECK_FALSE(lobby.ben.got("recording:status"));
  lobby.gateway.host.advance(1s);
  progress(400);
  CHECK(lobby.anna.last("recording:status").at("percent") == 100);
  const json::value listed = lobby.gateway.host.call(lobby.ben, "recording:list")["recordings"].at(0);
  CHECK(listed.at("state") == "producing");
  CHECK(listed.at("percent") == 100);
}

TEST_CASE("what does not succeed is tried three times, and then it has failed and its session stays") {
  Lobby lobby;
  const std::string id = lobby.captured();
  for (std::size_t attempt = 0; attempt < 3; ++attempt) {
    REQUIRE(lobby.jobs() == attempt + 1);
    lobby.fail(attempt);
    if (attempt < 2) CHECK(lobby.gateway.state(id) == "captured");
    lobby.gateway.host.advance(30s);
  }
  CHECK(lobby.gateway.state(id) == "failed");
  CHECK(lobby.jobs() == 3);
  CHECK(lobby.gateway.exists("sessions/" + id));
  CHECK(lobby.anna.last("recording:failed").at("recordingId") == json::value(id));
  CHECK_FALSE(lobby.ben.got("recording:failed"));
  const json::value listed = lobby.gateway.host.call(lobby.anna, "recording:list")["recordings"].at(0);
  CHECK(listed.at("error") == "the recording could not be made");  // why is for operators
}

TEST_CASE("a production that gets no further is killed, and tried again") {
  Lobby lobby;
  const std::string id = lobby.captured();
  lobby.gateway.host.advance(59min);
  FakeJobs::enter_message(lobby.job(0), {{"progress", json::object{{"percent", 1}, {"stage", "composing"}}}});
  lobby.gateway.host.advance(59min);
  CHECK(lobby.job(0).alive);
  lobby.gateway.host.advance(1min);
  CHECK_FALSE(lobby.job(0).alive);
  CHECK(lobby.gateway.state(id) == "captured");
  lobby.gateway.host.advance(30s);
  CHECK(lobby.jobs() == 2);
  CHECK(lobby.job(1).alive);
}

TEST_CASE("a production is not trusted in what it says") {
  Lobby lobby;
  lobby.captured();
  const auto report = [&](const std::string& name, const std::string& type) {
    recording::ProductionReport out;
    out.files = {{.name = name, .kind = "recording", .content_type = type, .bytes = 1}};
    return json::object{{"report", to_json(out)}};
  };
  struct Row {
    const char* name;
    const char* type;
  };
  std::size_t attempt = 0;
  for (const Row& row :
       {Row{"../../../etc/passwd", "video/mp4"}, Row{".hidden", "video/mp4"}, Row{"a.html", "text/html"}}) {
    CAPTURE(row.name);
    FakeJobs::enter_message(lobby.job(attempt), {{"progress", "soon"}});
    FakeJobs::enter_message(lobby.job(attempt), report(row.name, row.type));
    FakeJobs::enter_end(lobby.job(attempt), {});
    lobby.gateway.host.run();
    lobby.gateway.host.advance(30s);
    ++attempt;
  }
  CHECK(lobby.gateway.host.call(lobby.anna, "recording:list")["recordings"].at(0).at("state") == "failed");
  CHECK(std::filesystem::is_empty(lobby.gateway.folder.path() / "recordings/products"));
}

TEST_CASE("whatever a production makes can be stored") {
  for (const recording::Format format : {recording::Format::mp4, recording::Format::webm, recording::Format::mp3}) {
    for (const bool video : {true, false}) {
      recording::ProductionOrder order;
      order.settings.format = format;
      order.settings.video = order.settings.screen_share = video;
      const recording::ProductPlan plan = recording::plan_product(order);
      CAPTURE(plan.content_type);
      Lobby lobby;
      const std::string id = lobby.captured();
      const std::string output{lobby.job(0).options.arguments.at("outputFolder").as_string()};
      std::filesystem::create_directories(output);
      std::ofstream{output + "/" + plan.file_name} << "film";
      recording::ProductionReport report;
      report.files = {{.name = plan.file_name, .kind = "recording", .content_type = plan.content_type, .bytes = 4}};
      FakeJobs::enter_message(lobby.job(0), {{"report", to_json(report)}});
      FakeJobs::enter_end(lobby.job(0), {});
      lobby.gateway.host.run();
      lobby.gateway.host.run();
      CHECK(lobby.gateway.state(id) == "ready");
    }
  }
}

TEST_CASE("a file that cannot be stored takes back those before it, and is tried again") {
  Lobby lobby;
  const std::string id = lobby.captured();
  recording::ProductionReport report;
  report.files = {{.name = "thumbnail.jpg", .kind = "thumbnail", .content_type = "image/jpeg", .bytes = 1},
                  {.name = "recording.mp4", .kind = "recording", .content_type = "video/mp4", .bytes = 1}};
  const std::string output{lobby.job(0).options.arguments.at("outputFolder").as_string()};
  std::filesystem::create_directories(output);
  std::ofstream{output + "/thumbnail.jpg"} << "x";  // and no film
  FakeJobs::enter_message(lobby.job(0), {{"report", to_json(report)}});
  FakeJobs::enter_end(lobby.job(0), {});
  lobby.gateway.host.run();
  lobby.gateway.host.run();
  CHECK(lobby.gateway.state(id) == "captured");
  CHECK_FALSE(lobby.gateway.exists("products/_/" + id));
  lobby.gateway.host.advance(30s);
  lobby.gateway.produce(1);
  CHECK(lobby.gateway.state(id) == "ready");
}

TEST_CASE("sessions are kept where that is configured") {
  Lobby lobby{{{"keep_sessions", true}}};
  const std::string id = lobby.gateway.ready(lobby.anna);
  CHECK(lobby.gateway.exists("sessions/" + id));
  CHECK_FALSE(lobby.gateway.exists("output/" + id));
  CHECK(lobby.gateway.exists("products/_/" + id + "/recording.mp4"));
}

}  // namespace sluice::testing
