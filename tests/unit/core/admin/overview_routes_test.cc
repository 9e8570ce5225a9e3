#include "core/admin/overview_routes.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/core/admin/admin_routes_fixture.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

PluginStatus plugin(PluginState state) {
  PluginStatus status;
  status.state = state;
  return status;
}

struct Fixture : AdminRoutesFixture {
  std::vector<std::string> reasons;
  OverviewRoutes overview{site,
                          {.name = "gate-1",
                           .version = "0.1.0",
                           .cores = 4,
                           .process =
                               [] {
                                 ProcessUsage usage;
                                 usage.cpu_seconds = 1.5;
                                 usage.resident_bytes = 1000;
                                 usage.open_files = 12;
                                 usage.max_open_files = 1024;
                                 usage.threads = 9;
                                 return usage;
                               },
                           .clients = [] { return 3U; },
                           .workers =
                               [] {
                                 return std::vector<WorkerStats>{{.index = 0, .receiving_bps = 10, .sending_bps = 100},
                                                                 {.index = 1, .receiving_bps = 20, .sending_bps = 200}};
                               },
                           .plugins =
                               [] {
                                 return std::vector{plugin(PluginState::running), plugin(PluginState::not_loaded),
                                                    plugin(PluginState::stopped)};
                               },
                           .not_ready_for = [this] { return reasons; }}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the overview adds up what the parts say") {
  clock.advance(2s);
  const json::value shown = get("/admin/v1/overview");
  CHECK(shown.at("time") == 2000);
  CHECK(shown.at("uptimeMs") == 2000);
  CHECK(shown.at("name") == "gate-1");
  CHECK(shown.at("version") == "0.1.0");
  CHECK(shown.at("ready") == true);
  CHECK(shown.at("process") == json::value{{"cpuCores", 4},
                                           {"cpuSeconds", 1.5},
                                           {"memoryBytes", 1000},
                                           {"openFiles", 12},
                                           {"maxOpenFiles", 1024},
                                           {"threads", 9}});
  CHECK(shown.at("clients") == 3);
  CHECK(shown.at("workers").as_array().size() == 2);
  CHECK(shown.at("workers").at(1).at("sendingBps") == 200);
  CHECK(shown.at("plugins") == json::value{{"running", 1}, {"notLoaded", 2}});
  CHECK(shown.at("bitrate") == json::value{{"receivingBps", 30}, {"sendingBps", 300}});
}

TEST_CASE_FIXTURE(Fixture, "the overview says why clients should not come") {
  reasons = {"the gateway is draining"};
  const json::value shown = get("/admin/v1/overview");
  CHECK(shown.at("ready") == false);
  CHECK(shown.at("reasons") == json::array{"the gateway is draining"});
}

}  // namespace sluice
