#include "core/config/yaml_reader.h"

#include <doctest/doctest.h>

#include "tests/unit/core/config/fake_source.h"

namespace sluice::config {
namespace {

struct Read {
  std::optional<YamlNode> root;
  std::string problems;
};

Read read(const std::string& text, const FakeSource& fake = {}) {
  ConfigProblems problems;
  auto root = read_yaml(text, "f", fake.source(), problems);
  return {std::move(root), problems.to_string()};
}

/// What the text of key `a` becomes.
std::string value_of_a(const std::string& scalar, const FakeSource& fake) {
  const auto [root, problems] = read("a: " + scalar + "\n", fake);
  if (!problems.empty() || !root) return problems;
  return root->find("a")->value.text;
}

}  // namespace

TEST_CASE("every value knows where it stands") {
  const auto [root, problems] = read("a:\n  b: [x, yy]\nc: |\n  text\n");
  REQUIRE(root);
  const auto& b = root->find("a")->value.entries.at(0);
  CHECK(b.at.line == 2);
  CHECK(b.at.column == 3);
  CHECK(b.value.entries.at(1).value.at.line == 2);
  CHECK(b.value.entries.at(1).value.at.column == 10);
  CHECK(*b.at.file == "f");
  CHECK(root->find("c")->value.text == "text\n");
}

TEST_CASE("environment variables are filled in") {
  FakeSource fake;
  fake.variable("HOST", "example.org").variable("EMPTY", "").variable("NESTED", "${HOST}");
  CHECK(value_of_a("${HOST}", fake) == "example.org");
  CHECK(value_of_a("https://${HOST}:${PORT:-443}/", fake) == "https://example.org:443/");
  CHECK(value_of_a("'${HOST:-other}'", fake) == "example.org");
  CHECK(value_of_a("${EMPTY}", fake) == "");
  CHECK(value_of_a("${EMPTY:-default}", fake) == "default");
  CHECK(value_of_a("${NONE:-}", fake) == "");
  CHECK(value_of_a("${NESTED}", fake) == "${HOST}");
  CHECK(value_of_a("costs $5 and $${HOST}", fake) == "costs $5 and ${HOST}");
  CHECK(value_of_a("$$HOST", fake) == "$$HOST");
}

TEST_CASE("a variable that is not set, or no variable at all, is an error at its place") {
  const FakeSource fake;
  CHECK(value_of_a("x${NONE}", fake) == "f:1:4: environment variable 'NONE' is not set; '${NONE:-}' would allow that");
  CHECK(value_of_a("'${'", fake) == "f:1:4: '${' without '}'; '$${' means '${'");
  CHECK(value_of_a("'${}'", fake) == "f:1:4: '${' is not followed by the name of a variable; '$${' means '${'");
  CHECK(value_of_a("'${1A}'", fake) == "f:1:4: '${' is not followed by the name of a variable; '$${' means '${'");
}

TEST_CASE("variables in keys are left alone") {
  FakeSource fake;
  fake.variable("A", "b");
  const auto [root, problems] = read("'${A}': 1\n", fake);
  REQUIRE(root);
  CHECK(root->find("${A}") != nullptr);
}

TEST_CASE("an alias is a copy of what it names") {
  const auto [root, problems] = read("a: &x {k: [1, 2]}\nb: *x\n");
  REQUIRE(root);
  CHECK(problems == "");
  CHECK(root->find("b")->value.find("k")->value.entries.size() == 2);
}

TEST_CASE("aliases that multiply are stopped at a bound, not at the end of memory") {
  std::string text = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string inner = "*l" + std::to_string(i - 1);
    text += "l" + std::to_string(i) + ": &l" + std::to_string(i) + " [" + inner;
    for (int n = 0; n < 9; ++n) text += ", " + inner;
    text += "]\n";
  }
  const auto [root, problems] = read(text);
  CHECK_FALSE(root);
  CHECK(problems.find("the document expands to more than 16777216 bytes") != std::string::npos);
}

TEST_CASE("one long text that is named again and again is stopped as well") {
  std::string text = "a: &a " + std::string(60'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 1'000; ++i) text += ", *a";
  CHECK(read(text + "]\n").problems.find("the document expands to more than") != std::string::npos);
}

TEST_CASE("a value may be as long as the bound and no longer") {
  CHECK(read("a: " + std::string(kMaxScalarBytes, 'x')).problems == "");
  CHECK(read("a: " + std::string(kMaxScalarBytes + 1, 'x')).problems == "f:1:4: the value is longer than 65536 bytes");
  FakeSource fake;
  fake.variable("BIG", std::string(kMaxScalarBytes, 'x'));
  CHECK(read("a: ${BIG}${BIG}", fake).problems == "f:1:4: the value is longer than 65536 bytes");
}

TEST_CASE("nesting is bounded") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(read(nested(kMaxDepth)).problems == "");
  CHECK(read(nested(kMaxDepth + 1)).problems == "f:1:33: nested deeper than 32 levels");
  CHECK_FALSE(read(std::string(100'000, '[')).root);
}

TEST_CASE("a NUL character is refused: it would cut the name of a file short") {
  CHECK(read("a: \"x\\0y\"\n").problems == "f:1:4: the value contains a NUL character");
}

TEST_CASE("of a key that is written twice the first one stays, and nested ones are found too") {
  const auto [root, problems] = read("a:\n  k: 1\n  j: 2\n  k: 3\n");
  REQUIRE(root);
  CHECK(problems == "f:4:3: key 'k' is written twice; the first one is in line 2");
  CHECK(root->find("a")->value.find("k")->value.text == "1");
}

TEST_CASE("quotes make a text of anything") {
  const auto [root, problems] = read("a: '1'\nb: 1\nc: !!str 1\nd: 'null'\ne: null\n");
  REQUIRE(root);
  CHECK(root->find("a")->value.quoted);
  CHECK_FALSE(root->find("b")->value.quoted);
  CHECK(root->find("c")->value.quoted);
  CHECK(root->find("d")->value.kind == YamlNode::Kind::scalar);
  CHECK(root->find("e")->value.kind == YamlNode::Kind::null);
}

}  // namespace sluice::config
