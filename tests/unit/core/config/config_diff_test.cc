#include "core/config/config_diff.h"

#include <doctest/doctest.h>

#include "core/config/gateway_config.h"

namespace sluice::config {
namespace {

std::vector<ConfigChange> changes(const std::string& before, const std::string& after) {
  const auto old_config = parse_gateway_config(before, "old.yaml", {});
  const auto new_config = parse_gateway_config(after, "new.yaml", {});
  REQUIRE(old_config);
  REQUIRE(new_config);
  return diff(GatewayOptions::schema().node(), old_config->canonical, new_config->canonical);
}

}  // namespace

TEST_CASE("a configuration that says the same in other words has no changes") {
  CHECK(changes("", "http: {public: {port: 8080}}").empty());
  CHECK(changes("log: {levels: {a: info, b: info}}", "log: {levels: {b: info, a: info}}").empty());
}

TEST_CASE("each change is named, with whether it needs a restart") {
  CHECK(changes("", "log: {level: debug, format: json}\nhttp: {admin: {token: t}}") ==
        std::vector<ConfigChange>{{"log.level", Reload::applies},
                                  {"log.format", Reload::needs_restart},
                                  {"http.admin.token", Reload::needs_restart}});
}

TEST_CASE("the entries of a map are compared one by one") {
  CHECK(changes("plugins: {echo: , chat: }", "plugins: {echo: {optional: true}, videoroom: }") ==
        std::vector<ConfigChange>{{"plugins.echo.optional", Reload::needs_restart},
                                  {"plugins.chat", Reload::needs_restart},
                                  {"plugins.videoroom", Reload::needs_restart}});
  CHECK(changes("log: {levels: {a: info}}", "log: {levels: {a: debug}}") ==
        std::vector<ConfigChange>{{"log.levels.a", Reload::applies}});
}

TEST_CASE("a list is one option, however much of it changed") {
  CHECK(changes("", "media: {codecs: [{mime_type: audio/opus}]}") ==
        std::vector<ConfigChange>{{"media.codecs", Reload::needs_restart}});
}

}  // namespace sluice::config
