#include "core/plugins/load_order.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice {
namespace {

Manifest plugin(std::string name, std::vector<std::string> provides, std::vector<std::string> requires_,
                std::vector<std::string> uses = {}) {
  Manifest manifest;
  manifest.name = std::move(name);
  manifest.provides = std::move(provides);
  manifest.requires_ = std::move(requires_);
  manifest.uses = std::move(uses);
  return manifest;
}

std::string names(const std::vector<Manifest>& plugins, const LoadOrder& order) {
  std::string text;
  for (const std::size_t index : order.order) text += plugins[index].name + " ";
  return text;
}

}  // namespace

TEST_CASE("providers start before those who need them, otherwise in the order of the configuration") {
  const std::vector<Manifest> plugins{plugin("chat", {}, {"rooms"}), plugin("log", {}, {}),
                                      plugin("wait", {}, {"rooms", "door"}), plugin("room", {"rooms", "door"}, {"db"}),
                                      plugin("base", {"db"}, {})};
  const LoadOrder order = load_order(plugins, {});
  CHECK(order.problems.empty());
  CHECK(names(plugins, order) == "base room chat log wait ");
}

TEST_CASE("a service that is only used comes first if it is there, and may be missing or part of a cycle") {
  const std::vector<Manifest> plugins{plugin("a", {"x"}, {}, {"y", "nowhere"}), plugin("b", {"y"}, {}, {"x"})};
  const LoadOrder order = load_order(plugins, {});
  CHECK(order.problems.empty());
  CHECK(names(plugins, order) == "b a ");
}

TEST_CASE("a missing service names the installed plugin that would provide it") {
  const std::vector<Manifest> plugins{plugin("chat", {}, {"rooms"}), plugin("fine", {}, {})};
  const LoadOrder known = load_order(plugins, {{"rooms", "videoroom"}});
  REQUIRE(known.problems.size() == 1);
  CHECK(known.problems[0].plugin == 0);
  CHECK(known.problems[0].text.find("add 'videoroom:' under 'plugins:'") != std::string::npos);
  CHECK(names(plugins, known) == "fine ");
  CHECK(load_order(plugins, {}).problems[0].text.find("install a plugin") != std::string::npos);
}

TEST_CASE("a cycle of required services is named whole, and who depends on it cannot start either") {
  const std::vector<Manifest> plugins{plugin("a", {"x"}, {"y"}), plugin("b", {"y"}, {"x"}), plugin("c", {}, {"x"}),
                                      plugin("self", {"s"}, {"s"})};
  const LoadOrder order = load_order(plugins, {});
  CHECK(order.order.empty());
  REQUIRE(order.problems.size() == 4);
  CHECK(order.problems[0].text.find("a -> b -> a") != std::string::npos);
  CHECK(order.problems[1].text.find("a -> b -> a") != std::string::npos);
  CHECK(order.problems[2].text.find("of plugin 'a', which cannot start") != std::string::npos);
  CHECK(order.problems[3].text.find("self -> self") != std::string::npos);
}

TEST_CASE("two providers of one service are a conflict that names both") {
  const std::vector<Manifest> plugins{plugin("a", {"x"}, {}), plugin("b", {"x"}, {})};
  const LoadOrder order = load_order(plugins, {});
  REQUIRE(order.problems.size() == 1);
  CHECK(order.problems[0].plugin == 1);
  CHECK(order.problems[0].text.find("plugin 'a' provides already") != std::string::npos);
  CHECK(names(plugins, order) == "a ");
}

}  // namespace sluice
