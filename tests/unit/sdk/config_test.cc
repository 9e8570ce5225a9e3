#include "sluice/config.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sstream>
#include <stdexcept>

namespace sluice {
namespace {

using namespace std::chrono_literals;

enum class Layout { grid, auto_ };
BOOST_DESCRIBE_ENUM(Layout, grid, auto_)

struct RoomOptions {
  std::string id;
  std::optional<int> max_participants;

  static Schema<RoomOptions> schema() {
    return Schema<RoomOptions>{"A room."}
        .option("id", &RoomOptions::id, "Its name in URLs.", not_empty())
        .required()
        .option("max_participants", &RoomOptions::max_participants, "Its own limit.", range(1, 10));
  }
};

struct GraceOptions {
  std::chrono::seconds grace_s{5};
  static Schema<GraceOptions> schema() {
    return Schema<GraceOptions>{"Waiting."}.option("grace_s", &GraceOptions::grace_s, "How long.");
  }
};

struct Options {
  bool record = false;
  std::uint16_t port = 7;
  double ratio = 0.5;
  std::string name = "main";
  std::chrono::milliseconds timeout_ms{30'000};
  Layout layout = Layout::auto_;
  Secret secret{"initial"};
  std::vector<RoomOptions> rooms;
  std::map<std::string, int> weights{{"a", 1}};
  GraceOptions grace{.grace_s = 9s};

  static Schema<Options> schema() {
    return Schema<Options>{"Everything."}
        .option("record", &Options::record, "d")
        .reloadable()
        .option("port", &Options::port, "d")
        .option("ratio", &Options::ratio, "d", range(0, 1))
        .option("name", &Options::name, "d", one_of("main", "other"))
        .option("timeout_ms", &Options::timeout_ms, "d", range(0, 60'000),
                check("whole seconds",
                      [](std::chrono::milliseconds time) -> std::optional<std::string> {
                        if (time % 1s == 0ms) return std::nullopt;
                        return "must be whole seconds";
                      }))
        .option("layout", &Options::layout, "d")
        .option("secret", &Options::secret, "d")
        .option("rooms", &Options::rooms, "d", max_items(2))
        .option("weights", &Options::weights, "d", each(range(1, 5)))
        .option("grace", &Options::grace, "d");
  }
};

/// The error of the first constraint of `option` that refuses `value`, as JSON text.
std::string refusal(std::string_view option, std::string_view value) {
  const SchemaNode root = Options::schema().node();
  const SchemaNode* node = root.find(option);
  REQUIRE(node != nullptr);
  for (const auto& constraint : node->constraints) {
    if (auto error = constraint.check(json::parse(value))) return *error;
  }
  return node->fits_type ? node->fits_type(json::parse(value)).value_or("") : "";
}

}  // namespace

TEST_CASE("a described struct reads canonical JSON into its typed fields") {
  const Config config{json::parse(R"({"record": true, "port": 65535, "ratio": 1, "name": "other", "timeout_ms": 2000,
      "layout": "grid", "secret": "s", "rooms": [{"id": "a", "max_participants": 3}, {"id": "b"}],
      "weights": {"x": 4}, "grace": {"grace_s": 1}})")};
  const auto options = config.as<Options>();
  CHECK(options.record);
  CHECK(options.port == 65'535);
  CHECK(options.ratio == 1.0);
  CHECK(options.name == "other");
  CHECK(options.timeout_ms == 2s);
  CHECK(options.layout == Layout::grid);
  CHECK(options.secret.reveal() == "s");
  REQUIRE(options.rooms.size() == 2);
  CHECK(options.rooms[0].max_participants == 3);
  CHECK_FALSE(options.rooms[1].max_participants.has_value());
  CHECK(options.weights == std::map<std::string, int>{{"x", 4}});
  CHECK(options.grace.grace_s == 1s);
}

TEST_CASE("keys that are missing keep the defaults of the struct") {
  const auto options = Config{}.as<Options>();
  CHECK(options.port == 7);
  CHECK(options.layout == Layout::auto_);
  CHECK(options.weights.at("a") == 1);
  CHECK(options.grace.grace_s == 9s);
}

TEST_CASE("the schema carries names, types, defaults and flags") {
  const SchemaNode root = Options::schema().node();
  CHECK(root.doc == "Everything.");
  CHECK(root.find("record")->reloadable);
  CHECK_FALSE(root.find("port")->reloadable);
  CHECK(root.find("timeout_ms")->default_value == json::value(30'000));
  CHECK(root.find("layout")->values == std::vector<std::string>{"grid", "auto"});
  CHECK(root.find("rooms")->entry().find("id")->required);
  CHECK(root.find("nothing") == nullptr);

  SUBCASE("the outer struct decides the defaults of a struct inside it") {
    CHECK(root.find("grace")->find("grace_s")->default_value == json::value(9));
    CHECK(GraceOptions::schema().node().find("grace_s")->default_value == json::value(5));
  }
  SUBCASE("types read as an operator says them") {
    CHECK(type_name(*root.find("record")) == "true or false");
    CHECK(type_name(*root.find("timeout_ms")) == "integer (milliseconds)");
    CHECK(type_name(*root.find("layout")) == "one of grid, auto");
    CHECK(type_name(*root.find("rooms")) == "list of sections");
    CHECK(type_name(*root.find("weights")) == "map of integers");
  }
}

TEST_CASE("constraints say what they demand") {
  CHECK(refusal("ratio", "1") == "");
  CHECK(refusal("ratio", "1.5") == "must be between 0 and 1");
  CHECK(refusal("name", "\"third\"") == "must be one of main, other");
  CHECK(refusal("timeout_ms", "60001") == "must be between 0 and 60000");
  CHECK(refusal("timeout_ms", "1500") == "must be whole seconds");
  CHECK(refusal("timeout_ms", "3000") == "");
  CHECK(refusal("rooms", "[1, 2, 3]") == "must have at most 2 entries");
  CHECK(refusal("weights", R"({"a": 5})") == "");
  CHECK(refusal("weights", R"({"a": 6})") == "['a'] must be between 1 and 5");
  CHECK(not_empty().check(json::value("")) == "must not be empty");
  CHECK(max_bytes(2).check(json::value("abc")) == "must have at most 2 bytes");
}

TEST_CASE("the C++ type bounds an option that has no range of its own") {
  CHECK(refusal("port", "65536") == "must be between 0 and 65535");
  CHECK(refusal("port", "-1") == "must be between 0 and 65535");
  CHECK(refusal("port", "65535") == "");
}

TEST_CASE("a duration whose name lacks the unit is refused when the schema is built") {
  struct Wrong {
    std::chrono::seconds timeout{1};
  };
  CHECK_THROWS_WITH_AS(Schema<Wrong>{""}.option("timeout_ms", &Wrong::timeout, ""),
                       "option 'timeout_ms' holds seconds: its name must end in _s", std::logic_error);
}

TEST_CASE("a name that is taken or is not snake_case is refused when the schema is built") {
  struct Twice {
    int a = 1;
  };
  CHECK_THROWS_WITH_AS(Schema<Twice>{""}.option("a", &Twice::a, "").option("a", &Twice::a, ""),
                       "option 'a' is declared twice", std::logic_error);
  CHECK_THROWS_AS(Schema<Twice>{""}.option("aB", &Twice::a, ""), std::logic_error);
  CHECK_THROWS_AS(Schema<Twice>{""}.reloadable(), std::logic_error);
}

TEST_CASE("writing and reading a struct gives it back") {
  Options options;
  options.rooms.push_back({.id = "a", .max_participants = 2});
  options.layout = Layout::grid;
  const json::value written = Options::schema().write(options);
  CHECK(Options::schema().write(Options::schema().bind(written)) == written);
  CHECK(written.at("rooms").at(0).at("max_participants") == json::value(2));
}

TEST_CASE("a secret streams as stars and compares whole") {
  const Secret secret{"hunter2"};
  std::ostringstream out;
  out << secret;
  CHECK(out.str() == "***");
  CHECK(secret.matches("hunter2"));
  CHECK_FALSE(secret.matches("hunter"));
  CHECK_FALSE(secret.matches("hunter22"));
  CHECK_FALSE(secret.matches("hunter3"));
  CHECK_FALSE(secret.matches(""));
  CHECK(Secret{}.matches(""));
  CHECK_FALSE(Secret{}.matches("x"));
}

TEST_CASE("a manifest without options describes an empty section") {
  CHECK(ConfigSchema{}.empty());
  CHECK(ConfigSchema{}.node().children.empty());
  constexpr ConfigSchema schema = options<Options>();
  CHECK_FALSE(schema.empty());
  CHECK(schema.node().find("port") != nullptr);
}

}  // namespace sluice
