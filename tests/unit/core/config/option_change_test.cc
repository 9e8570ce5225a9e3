#include "core/config/option_change.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/config/masked_json.h"
#include "sluice/config.h"

namespace sluice::config {
namespace {

struct Target {
  std::string url;
  Secret key;

  static Schema<Target> schema() {
    return Schema<Target>{"Where to."}
        .option("url", &Target::url, "Its address.")
        .option("key", &Target::key, "Of it.");
  }
};

struct Limits {
  int most = 10;
  double share = 0.5;

  static Schema<Limits> schema() {
    return Schema<Limits>{"Limits."}
        .option("most", &Limits::most, "Most.", range(1, 100))
        .reloadable()
        .option("share", &Limits::share, "Share.", range(0.0, 1.0));
  }
};

struct Options {
  std::string greeting = "hello";
  bool loud = false;
  Secret secret;
  std::optional<int> retries;
  Limits limits;
  std::vector<Target> targets;
  std::map<std::string, Target> named;

  static Schema<Options> schema() {
    return Schema<Options>{"For tests."}
        .option("greeting", &Options::greeting, "Words.")
        .reloadable()
        .option("loud", &Options::loud, "Loud.")
        .option("secret", &Options::secret, "Secret.")
        .option("retries", &Options::retries, "Retries.")
        .option("limits", &Options::limits, "Limits.")
        .option("targets", &Options::targets, "Targets.")
        .option("named", &Options::named, "By name.");
  }
};

const SchemaNode& node() {
  static const SchemaNode node = Options::schema().node();
  return node;
}

json::value canonical(const std::string& text) {
  auto checked = validate_json(node(), json::parse(text), "plugins.p");
  REQUIRE(checked);
  return *checked;
}

std::string problems(const std::string& text) {
  const auto checked = validate_json(node(), json::parse(text), "plugins.p");
  REQUIRE(!checked);
  std::string out;
  for (const ConfigProblem& problem : checked.error().kept()) out += problem.text + "\n";
  return out;
}

json::value restored(const json::value& wanted, const json::value& in_force) {
  auto out = with_secrets(node(), wanted, in_force, "plugins.p");
  REQUIRE(out);
  return *out;
}

}  // namespace

TEST_CASE("JSON is checked like a file, and the defaults are filled in") {
  const json::value options = canonical(R"({"greeting":"80","limits":{"share":1.0},"retries":3})");
  CHECK(options.at("greeting") == "80");
  CHECK(options.at("loud") == false);
  CHECK(options.at("retries") == 3);
  CHECK(options.at("limits").at("most") == 10);
  CHECK(options.at("limits").at("share") == 1.0);
  CHECK(canonical("{}").at("retries").is_null());
}

TEST_CASE("what is wrong is told by its key") {
  CHECK(problems(R"({"limits":{"most":101}})").find("'plugins.p.limits.most' must be") != std::string::npos);
  CHECK(problems(R"({"greetin":"x"})").find("did you mean 'greeting'?") != std::string::npos);
  CHECK(problems(R"({"limits":{"most":"5"}})").find("plugins.p.limits.most") != std::string::npos);
  CHECK(problems(R"({"loud":"true"})").find("plugins.p.loud") != std::string::npos);
  CHECK(problems(R"({"limits":[1]})").find("plugins.p.limits") != std::string::npos);
  CHECK(problems("[]").find("plugins.p") != std::string::npos);
}

TEST_CASE("a value of the wrong type for a secret is not repeated") {
  CHECK(problems(R"({"secret":{"x":"hunter2"}})").find("hunter2") == std::string::npos);
}

TEST_CASE("a merge patch does what RFC 7396 shows") {
  struct Row {
    const char* target;
    const char* patch;
    const char* result;
  };
  // RFC 7396 appendix A.
  const Row rows[] = {{R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
                      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
                      {R"({"a":"b"})", R"({"a":null})", R"({})"},
                      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
                      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
                      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
                      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
                      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
                      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
                      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
                      {R"({"a":"foo"})", "null", "null"},
                      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
                      {"[1,2]", R"({"a":"b","c":null})", R"({"a":"b"})"},
                      {"{}", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"}};
  for (const Row& row : rows) {
    CAPTURE(row.patch);
    CHECK(merge_patch(json::parse(row.target), json::parse(row.patch)) == json::parse(row.result));
  }
}

TEST_CASE("options that went out masked come back with their secrets") {
  const json::value in_force = canonical(
      R"({"secret":"s1","targets":[{"url":"a","key":"k1"},{"url":"b","key":"k2"}],"named":{"x":{"url":"c","key":"k3"}}})");
  const json::value shown = masked(node(), in_force);
  REQUIRE(json::serialize(shown).find("k1") == std::string::npos);
  CHECK(restored(shown, in_force) == in_force);

  json::value shorter = shown;
  shorter.at("targets").as_array().erase(shorter.at("targets").as_array().begin());
  CHECK(restored(shorter, in_force).at("targets") == json::parse(R"([{"url":"b","key":"k2"}])"));
}

TEST_CASE("a mask that stands for no secret is refused with its key") {
  const json::value in_force = canonical(R"({"targets":[{"url":"a","key":"k1"}]})");
  const auto refused = [&](const std::string& text) {
    const auto out = with_secrets(node(), json::parse(text), in_force, "plugins.p");
    return out ? std::string{} : out.error();
  };
  CHECK(refused(R"({"secret":"***"})") == "plugins.p.secret");
  CHECK(refused(R"({"targets":[{"url":"other","key":"***"}]})") == "plugins.p.targets[0]");
  CHECK(refused(R"({"named":{"new":{"url":"a","key":"***"}}})") == "plugins.p.named.new.key");
  CHECK(refused(R"({"secret":"new","greeting":"***"})").empty());  // three stars are a fine greeting
}

TEST_CASE("two entries that look the same when masked are not guessed at") {
  const json::value in_force = canonical(R"({"targets":[{"url":"a","key":"k1"},{"url":"a","key":"k2"}]})");
  CHECK(!with_secrets(node(), masked(node(), in_force), in_force, "p"));
}

TEST_CASE("only what is reloadable is taken while running") {
  const json::value before = canonical(R"({"greeting":"a","loud":false,"limits":{"most":1,"share":0.1}})");
  const json::value after = canonical(R"({"greeting":"b","loud":true,"limits":{"most":2,"share":0.2},"retries":4})");
  const json::value taken = take_reloadable(node(), before, after);
  CHECK(taken.at("greeting") == "b");
  CHECK(taken.at("loud") == false);
  CHECK(taken.at("limits") == json::parse(R"({"most":2,"share":0.1})"));
  CHECK(taken.at("retries").is_null());
}

}  // namespace sluice::config
