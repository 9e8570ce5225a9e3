#include "core/admin/plugin_routes.h"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>
#include <string>
#include <vector>

#include "tests/unit/core/admin/admin_routes_fixture.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using Method = net::HttpMethod;

/// Says what it was asked for.
class Operations final : public PluginOperations {
 public:
  [[nodiscard]] std::vector<PluginStatus> plugins() override { return all; }
  PluginChange reload(const std::string& name) override { return note("reload " + name); }
  PluginChange start(const std::string& name) override { return note("start " + name); }
  PluginChange stop(const std::string& name) override { return note("stop " + name); }
  OptionsChange set_options(const std::string& name, OptionsBody kind, const json::value& body,
                            bool may_reload) override {
    note((kind == OptionsBody::whole ? "put " : "patch ") + name + " " + json::serialize(body) +
         (may_reload ? " reload" : ""));
    return {.reloaded = may_reload, .change = change};
  }
  [[nodiscard]] std::size_t retired_libraries() const override { return 2; }

  std::vector<PluginStatus> all;
  std::vector<std::string> asked;
  PluginChange change{.plugins = {{.name = "chat", .state = PluginState::running, .problem = ""},
                                  {.name = "notes", .state = PluginState::not_loaded, .problem = "no paper"}},
                      .held = 12500us,
                      .new_code = true};
  bool refuses = false;

 private:
  PluginChange note(std::string what) {
    if (refuses) throw Error{ErrorCode::conflict, "left as it is"};
    asked.push_back(std::move(what));
    return change;
  }
};

struct Fixture : AdminRoutesFixture {
  Operations operations;
  PluginRoutes plugins{site, {.public_routes = public_routes, .plugins = operations}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a plugin is shown with its taps, jobs, options and how long its callbacks take") {
  PluginStatus recording;
  recording.name = "recording";
  recording.state = PluginState::running;
  recording.usage = {.calls = 4, .slow_calls = 1, .total = 10ms, .worst = 7ms, .p50 = 2ms, .p99 = 7ms};
  recording.options = json::value{{"secret", "***"}};
  recording.options_changed = true;
  recording.taps = {.count = 2, .queued_bytes = 10, .queue_bytes = 100, .dropped_packets = 3};
  recording.jobs = 1;
  operations.all.push_back(recording);
  const json::value shown = get("/admin/v1/plugins/recording");
  CHECK(shown.at("callbacks") == json::value{{"calls", 4},
                                             {"slow", 1},
                                             {"exceptions", 0},
                                             {"meanMs", 2.5},
                                             {"p50Ms", 2.0},
                                             {"p99Ms", 7.0},
                                             {"worstMs", 7.0}});
  CHECK(shown.at("taps") == json::value{{"count", 2}, {"queuedBytes", 10}, {"queueBytes", 100}, {"dropped", 3}});
  CHECK(shown.at("jobs") == 1);
  CHECK(shown.at("options") == json::value{{"secret", "***"}});
  CHECK(shown.at("optionsChanged") == true);
  CHECK(get("/admin/v1/plugins").at("plugins").at(0) == shown);
  CHECK(get("/admin/v1/plugins").at("replacedLibraries") == 2);
}

TEST_CASE_FIXTURE(Fixture, "a plugin that is only installed is shown as such") {
  PluginStatus idle;
  idle.name = "idle";
  idle.state = PluginState::not_configured;
  operations.all.push_back(idle);
  const json::value shown = get("/admin/v1/plugins/idle");
  CHECK(shown.at("state") == "not_configured");
  CHECK(shown.as_object().if_contains("options") == nullptr);
  CHECK(ask(Method::get, "/admin/v1/plugins/nobody").status == 404);
}

TEST_CASE_FIXTURE(Fixture, "a change says what became of each plugin and how long it held all others up") {
  for (const char* what : {"reload", "start", "stop"}) {
    const json::value done = post("/admin/v1/plugins/chat/" + std::string{what});
    CHECK(operations.asked.back() == std::string{what} + " chat");
    CHECK(done == json::value{{"plugins",
                               {{{"name", "chat"}, {"state", "running"}},
                                {{"name", "notes"}, {"state", "not_loaded"}, {"whyNotLoaded", "no paper"}}}},
                              {"heldMs", 12.5},
                              {"newCode", true}});
  }
}

TEST_CASE_FIXTURE(Fixture, "what cannot be done is refused as the gateway says") {
  operations.refuses = true;
  CHECK(code_of(post("/admin/v1/plugins/chat/reload", {}, 409)) == "CONFLICT");
}

TEST_CASE_FIXTURE(Fixture, "options are replaced or patched, with a reload only where that is said") {
  const auto path = "/admin/v1/plugins/chat/options";
  CHECK(ask_json(Method::put, path, R"({"a":1})") == json::value{{"reloaded", false}});
  CHECK(operations.asked.back() == R"(put chat {"a":1})");
  CHECK(ask_json(Method::patch, path, R"({"a":null})", 200, {{"reload", "false"}}).at("reloaded") == false);
  CHECK(operations.asked.back() == R"(patch chat {"a":null})");
  const json::value done = ask_json(Method::patch, path, "{}", 200, {{"reload", "true"}});
  CHECK(done.at("reloaded") == true);
  CHECK(done.at("change").at("heldMs") == 12.5);
  CHECK(operations.asked.size() == 3);
  for (const char* body : {"", "[]", "7", "{"}) CHECK(ask(Method::put, path, body).status == 400);
  CHECK(ask(Method::put, path, "{}", {{"reload", "perhaps"}}).status == 400);
  CHECK(operations.asked.size() == 3);
}

}  // namespace sluice
