#include <doctest/doctest.h>

#include "core/config/gateway_config.h"
#include "core/config/masked_json.h"
#include "core/config/print_defaults.h"
#include "core/config/validator.h"
#include "core/config/yaml_reader.h"
#include "tests/unit/core/config/fake_source.h"

namespace sluice::config {
namespace {

struct RoomOptions {
  std::string id;
  std::optional<int> max_participants;
  static Schema<RoomOptions> schema() {
    return Schema<RoomOptions>{"A room."}
        .option("id", &RoomOptions::id, "Its name.", not_empty())
        .required()
        .option("max_participants", &RoomOptions::max_participants, "Its own limit.", range(1, 10'000));
  }
};

struct VideoroomOptions {
  bool create_on_join = true;
  int max_participants = 100;
  std::vector<RoomOptions> rooms;
  std::optional<RoomOptions> fallback;
  Secret key{"initial"};
  std::string greeting = "costs ${5}, \"really\"";

  static Schema<VideoroomOptions> schema() {
    using Options = VideoroomOptions;
    return Schema<Options>{"Rooms."}
        .option("create_on_join", &Options::create_on_join, "Rooms come into being when joined.")
        .option("max_participants", &Options::max_participants, "Limit of a room.", range(1, 10'000))
        .option("rooms", &Options::rooms, "Rooms that are always there.", max_items(2))
        .option("fallback", &Options::fallback, "Where lost people go.")
        .option("key", &Options::key, "Signs tokens.")
        .option("greeting", &Options::greeting, "Said to everybody.");
  }
};

ConfigDocument document(const std::string& text) {
  auto config = parse_gateway_config(text, "s.yaml", {});
  if (!config) FAIL(config.error().to_string());
  return std::move(config)->document;
}

std::string problems(const std::string& text, std::string_view plugin = "videoroom") {
  const auto canonical = document(text).plugin_options(plugin, VideoroomOptions::schema().node());
  return canonical ? "valid" : canonical.error().to_string();
}

}  // namespace

TEST_CASE("a plugin's options are checked later, with the same places and suggestions") {
  CHECK(problems("plugins:\n  videoroom:\n    max_participant: 5\n") ==
        "s.yaml:3:5: key 'plugins.videoroom.max_participant' is unknown; did you mean 'max_participants'?");
  CHECK(problems("plugins:\n  videoroom:\n    rooms:\n      - id: a\n        max_participants: 0\n") ==
        "s.yaml:5:27: key 'plugins.videoroom.rooms[0].max_participants' must be between 1 and 10000");
  CHECK(problems("plugins: {videoroom: {rooms: [{}]}}") ==
        "s.yaml:1:31: key 'plugins.videoroom.rooms[0].id' is required");
  CHECK(problems("plugins: {videoroom: {rooms: [{id: a}, {id: b}, {id: c}]}}") ==
        "s.yaml:1:30: key 'plugins.videoroom.rooms' must have at most 2 entries");
}

TEST_CASE("the keys of the gateway are not the plugin's business") {
  CHECK(problems("plugins: {videoroom: {optional: true, file: x.so, create_on_join: false}}") == "valid");
}

TEST_CASE("a plugin that is only named, or not named, has its defaults") {
  for (const char* text : {"plugins: {videoroom: }", "plugins: {videoroom: {}}", "plugins: {videoroom: null}", ""}) {
    CAPTURE(text);
    const auto canonical = document(text).plugin_options("videoroom", VideoroomOptions::schema().node());
    REQUIRE(canonical);
    const auto options = Config{*canonical}.as<VideoroomOptions>();
    CHECK(options.max_participants == 100);
    CHECK_FALSE(options.fallback.has_value());
    CHECK(options.key.matches("initial"));
  }
}

TEST_CASE("a plugin without options says so when it is given one") {
  const auto canonical = document("plugins:\n  echo: {volume: 3}\n").plugin_options("echo", ConfigSchema{}.node());
  REQUIRE_FALSE(canonical);
  CHECK(canonical.error().to_string() ==
        "s.yaml:2:10: key 'plugins.echo.volume' is unknown; there are no options here");
}

TEST_CASE("the loader can name the line in which a plugin stands") {
  const auto config = document("plugins:\n  echo:\n");
  CHECK(config.plugin_position("echo") == "s.yaml:2:3");
  CHECK(config.plugin_position("chat").empty());
}

TEST_CASE("a plugin's defaults print as YAML that loads, without its secrets") {
  const auto schema = VideoroomOptions::schema();
  const std::string text = print_defaults(schema.node());
  CHECK(text.find("initial") == std::string::npos);
  CHECK(text.find("# Each entry:\n#   # Its name.\n#   # (string; not empty; required)\n#   # id:\n") !=
        std::string::npos);

  ConfigProblems found;
  const FakeSource fake;
  const auto root = read_yaml(text, "defaults.yaml", fake.source(), found);
  REQUIRE(root);
  const auto canonical = validate(schema.node(), *root, {}, found);
  CHECK(found.to_string() == "");
  CHECK(canonical == schema.write(VideoroomOptions{}));
}

}  // namespace sluice::config
