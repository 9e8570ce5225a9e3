#include "core/log/log_line.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice {

TEST_CASE("a readable line names the component and quotes only what needs it") {
  CHECK(text_line("net", "listening", {{"port", 8080}, {"name", "public"}, {"why", "two words"}}) ==
        R"([net] listening port=8080 name=public why="two words")");
}

TEST_CASE("a hostile value cannot start a line of its own") {
  const std::string line = text_line("net", "a\nb", {{"name", "x\r\n2026 error fake"}});
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\r') == std::string::npos);
}

TEST_CASE("a JSON line is JSON, and a field cannot replace what the line itself says") {
  const auto line = json::parse(json_line("T", LogLevel::warning, "ice", "lost", {{"level", "fake"}, {"n", 3}}));
  CHECK(line.at("level").as_string() == "warning");
  CHECK(line.at("component").as_string() == "ice");
  CHECK(line.at("n").as_int64() == 3);
}

TEST_CASE("a component's level may differ, and may change while running") {
  const auto file = std::filesystem::temp_directory_path() / ("sluice-log-" + std::to_string(::getpid()) + ".txt");
  {
    LogBook book{{.level = LogLevel::warning, .file = file.string(), .levels = {{"ice", LogLevel::debug}}}};
    Log& ice = book.component("ice");
    Log& net = book.component("net");
    CHECK(&ice == &book.component("ice"));
    CHECK(ice.enabled(LogLevel::debug));
    CHECK_FALSE(net.enabled(LogLevel::info));
    net.info("unseen");
    ice.debug("seen");
    book.set_levels(LogLevel::info, {});
    CHECK_FALSE(ice.enabled(LogLevel::debug));
    CHECK(net.enabled(LogLevel::info));
    book.flush();
  }
  std::ifstream in{file};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  CHECK(text.find("[ice] seen") != std::string::npos);
  CHECK(text.find("unseen") == std::string::npos);
  std::filesystem::remove(file);
}

}  // namespace sluice
