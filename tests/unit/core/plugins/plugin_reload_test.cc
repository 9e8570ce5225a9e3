// Plugins that change while the others run, with the libraries of tests/integration/plugins.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/metrics/process_usage.h"
#include "core/net/http_router.h"
#include "core/plugins/plugin_manager.h"
#include "sluice/tokens.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;

class NoMedia final : public Media {
 public:
  [[nodiscard]] std::unique_ptr<Router> create_router() override { return nullptr; }
  [[nodiscard]] std::vector<IceServer> ice_servers(std::string_view) const override { return {}; }
  [[nodiscard]] std::size_t worker_count() const noexcept override { return 0; }
  [[nodiscard]] std::vector<WorkerStats> workers() const override { return {}; }
};

class NoTokens final : public Tokens {
 public:
  [[nodiscard]] std::string issue(const TokenRequest&) override { return {}; }
  [[nodiscard]] Result<Identity, Error> verify(const std::string&) const override {
    return Error{ErrorCode::unauthorized, "no"};
  }
};

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "sluice-reload-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path path;
};

AuthorizeRequest nobody() {
  return [](const net::HttpRequest&) -> Result<Identity, Error> { return Error{ErrorCode::unauthorized, "no"}; };
}

struct Fixture {
  Fixture() {
    logs.set_levels(LogLevel::off, {});
    REQUIRE(fs::exists(built / "turncoat.so"));
  }

  // As an installation does: by a rename.
  void install(const std::string& library, const std::string& as) const {
    fs::copy_file(built / library, folder.path / "incoming");
    fs::rename(folder.path / "incoming", folder.path / as);
  }
  static PluginRequest request(const std::string& name, json::object options = {}) {
    return {.name = name,
            .file = "",
            .optional = false,
            .position = "",
            .read_options = [options](const SchemaNode&) -> Result<json::value, std::string> {
              return json::value(options);
            }};
  }
  void start(const std::vector<std::string>& names) {
    std::vector<PluginRequest> requests;
    for (const std::string& name : names) requests.push_back(request(name));
    manager->start(open_plugins(std::move(requests), {folder.path.string()}));
  }
  std::string states() const {
    std::string out;
    for (const PluginStatus& status : manager->status()) {
      out += (out.empty() ? "" : ", ") + status.name + " " + status.version + " ";
      out += status.state == PluginState::running ? "runs" : status.state == PluginState::stopped ? "stopped" : "not";
    }
    return out;
  }
  std::string refused(PluginRequest wanted) {
    try {
      manager->reload(std::move(wanted), true);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  // Until the markers of replaced libraries have come back.
  void settle() {
    while (manager->retired_libraries() > 0) {
      std::promise<void> idle;
      pool.after_waiting([&] { idle.set_value(); });
      idle.get_future().get();
      loop.run_ready();
    }
  }
  // Inodes of the mapped files of that name: versions of the library that are in memory.
  std::set<std::string> mapped(const std::string& file) const {
    std::set<std::string> inodes;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
      if (line.find((folder.path / file).string()) == std::string::npos) continue;
      std::istringstream words{line};
      std::string word;
      for (int i = 0; i < 5; ++i) words >> word;
      inodes.insert(word);
    }
    return inodes;
  }

  const fs::path built{SLUICE_TEST_PLUGINS};
  Folder folder;
  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry metrics;
  LogBook logs{LogOptions{}};
  BackgroundPool pool{2};
  Dispatcher dispatcher{[](const std::optional<std::string>&) -> Result<Identity, Error> {
                          return Error{ErrorCode::unauthorized, "no"};
                        },
                        10, clock, null_log(), metrics.component("signalling")};
  LocalDoor local_door{dispatcher, loop};
  net::HttpRouter router;
  ControlRoutes public_routes{router, loop, nobody(), ""};
  ControlRoutes admin_routes{router, loop, nobody(), "/admin/v1"};
  NoMedia media;
  EventBus bus;
  ServiceTable services;
  NoTokens tokens;
  HostParts parts{.clock = clock,
                  .loop = loop,
                  .pool = pool,
                  .dispatcher = dispatcher,
                  .local_door = local_door,
                  .public_routes = public_routes,
                  .admin_routes = admin_routes,
                  .media = media,
                  .logs = logs,
                  .metrics = metrics,
                  .bus = bus,
                  .services = services,
                  .tokens = tokens,
                  .random = [](MutableBytes bytes) { std::ranges::fill(bytes, std::uint8_t{7}); },
                  .make_store = [](const std::string&) { return std::unique_ptr<Store>{}; },
                  .after_store = [](Function<void()> done) { done(); },
                  .callback_warn = {}};
  std::optional<PluginManager> manager{std::in_place, parts, null_log()};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a plugin whose file is the same starts anew with the same code") {
  install("turncoat.so", "turncoat.so");
  start({"turncoat"});
  const PluginChange change = manager->reload(request("turncoat", {{"colour", "blue"}}), true);
  REQUIRE(change.plugins.size() == 1);
  CHECK(change.plugins[0].state == PluginState::running);
  CHECK(!change.new_code);
  CHECK(manager->retired_libraries() == 0);
  CHECK(mapped("turncoat.so").size() == 1);
  CHECK(states() == "turncoat 1.0.0 runs");
}

TEST_CASE_FIXTURE(Fixture, "a file that was replaced is new code, and the old code leaves") {
  install("turncoat.so", "turncoat.so");
  start({"turncoat"});
  install("turncoat-2.so", "turncoat.so");
  CHECK(manager->reload(request("turncoat"), true).new_code);
  CHECK(states() == "turncoat 2.0.0 runs");
  CHECK(mapped("turncoat.so").size() == 2);
  settle();
  CHECK(mapped("turncoat.so").size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "work of the pool keeps the old code until it is done") {
  std::promise<void> release;
  install("turncoat.so", "turncoat.so");
  start({"turncoat"});
  REQUIRE(pool.submit([waits = release.get_future().share()] { waits.get(); }));
  install("turncoat-2.so", "turncoat.so");
  manager->reload(request("turncoat"), true);
  loop.run_ready();
  loop.run_ready();
  CHECK(manager->retired_libraries() == 1);
  CHECK(mapped("turncoat.so").size() == 2);
  release.set_value();
  settle();
  CHECK(mapped("turncoat.so").size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a library that was written over instead of replaced is refused") {
  install("turncoat.so", "turncoat.so");
  start({"turncoat"});
  fs::last_write_time(folder.path / "turncoat.so",
                      fs::last_write_time(folder.path / "turncoat.so") + std::chrono::seconds{9});
  CHECK(refused(request("turncoat")).find("by a rename") != std::string::npos);
  CHECK(states() == "turncoat 1.0.0 runs");
}

TEST_CASE_FIXTURE(Fixture, "dependents are started anew with what they depend on, and nobody else") {
  for (const char* name : {"lamp.so", "reader.so", "turncoat.so"}) install(name, name);
  start({"lamp", "reader", "turncoat"});
  const PluginChange change = manager->reload(request("lamp"), true);
  REQUIRE(change.plugins.size() == 2);
  CHECK(change.plugins[0].name == "lamp");
  CHECK(change.plugins[1].name == "reader");
  CHECK(manager->reload(request("reader"), true).plugins.size() == 1);
  CHECK(states() == "lamp 1.2.3 runs, reader 1.0.0 runs, turncoat 1.0.0 runs");
}

TEST_CASE_FIXTURE(Fixture, "the code of a plugin that called another's service stays until that one has ended, too") {
  for (const char* name : {"lamp.so", "reader.so"}) install(name, name);
  start({"lamp", "reader"});
  install("reader.so", "reader.so");
  CHECK(manager->reload(request("reader"), true).new_code);
  loop.run_ready();
  loop.run_ready();
  CHECK(manager->retired_libraries() == 1);
  manager->reload(request("lamp"), true);
  settle();
  CHECK(mapped("reader.so").size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "what cannot be loaded is refused, and the old one goes on") {
  install("turncoat.so", "turncoat.so");
  install("lamp.so", "lamp.so");
  start({"lamp", "turncoat"});
  install("other-abi.so", "turncoat.so");
  CHECK(refused(request("turncoat")).find("was built for") != std::string::npos);
  install("lamp.so", "turncoat.so");
  CHECK(refused(request("turncoat")).find("holds the plugin 'lamp'") != std::string::npos);
  fs::remove(folder.path / "turncoat.so");
  CHECK(refused(request("turncoat")).find("no turncoat.so") != std::string::npos);
  CHECK(states() == "lamp 1.2.3 runs, turncoat 1.0.0 runs");
  CHECK(manager->retired_libraries() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a plugin without the service that it requires is refused, and taken with it") {
  for (const char* name : {"lamp.so", "reader.so"}) install(name, name);
  start({});
  CHECK(refused(request("reader")).find("test.lamp/1") != std::string::npos);
  manager->reload(request("lamp"), true);
  manager->reload(request("reader"), true);
  CHECK(states() == "lamp 1.2.3 runs, reader 1.0.0 runs");
}

TEST_CASE_FIXTURE(Fixture, "a start that fails takes dependents along, and a reload brings them back") {
  for (const char* name : {"lamp.so", "reader.so"}) install(name, name);
  start({"lamp", "reader"});
  const PluginChange change = manager->reload(request("lamp", {{"throws", "no current"}}), true);
  REQUIRE(change.plugins.size() == 2);
  CHECK(change.plugins[0].problem == "its start failed: no current");
  CHECK(change.plugins[1].state == PluginState::not_loaded);
  CHECK(states() == "lamp 1.2.3 not, reader 1.0.0 not");
  manager->reload(request("lamp"), true);
  CHECK(states() == "lamp 1.2.3 runs, reader 1.0.0 runs");
}

TEST_CASE_FIXTURE(Fixture, "a plugin that is stopped stays so until it is started") {
  for (const char* name : {"lamp.so", "reader.so"}) install(name, name);
  start({"lamp", "reader"});
  manager->stop_plugin("lamp");
  CHECK(states() == "lamp 1.2.3 stopped, reader 1.0.0 not");
  CHECK_THROWS_AS(manager->stop_plugin("lamp"), Error);
  CHECK_THROWS_AS(manager->stop_plugin("nobody"), Error);
  manager->reload(request("lamp"), true);
  CHECK(states() == "lamp 1.2.3 runs, reader 1.0.0 runs");
}

TEST_CASE_FIXTURE(Fixture, "nothing changes any more while the gateway drains") {
  install("turncoat.so", "turncoat.so");
  start({"turncoat"});
  manager->drain();
  CHECK(!refused(request("turncoat")).empty());
  CHECK(states() == "turncoat 1.0.0 runs");
}

TEST_CASE_FIXTURE(Fixture, "a hundred new versions leave no file, thread or code behind") {
  install("turncoat.so", "turncoat.so");
  start({"turncoat"});
  const auto held = [&] {
    const ProcessUsage usage = read_process_usage();
    return std::vector<std::size_t>{usage.open_files, usage.threads, mapped("turncoat.so").size()};
  };
  manager->reload(request("turncoat"), true);
  const auto before = held();
  for (int i = 0; i < 100; ++i) {
    install(i % 2 == 0 ? "turncoat-2.so" : "turncoat.so", "turncoat.so");
    manager->reload(request("turncoat"), true);
    settle();
  }
  CHECK(held() == before);
  CHECK(states() == "turncoat 1.0.0 runs");
}

TEST_CASE("each spelling of a name is another one, and all of them the same file") {
  std::set<std::string> spellings;
  for (std::uint32_t generation = 1; generation <= 1000; ++generation) {
    const std::string spelling = another_spelling("/a/b.so", generation);
    CHECK(spellings.insert(spelling).second);
    CHECK(fs::path{spelling}.lexically_normal() == "/a/b.so");
  }
  CHECK(another_spelling("b.so", 1) == "././b.so");
  CHECK(another_spelling("/a/b.so", 0xffffffff).size() < 100);
}

}  // namespace sluice
