#include "core/log/log_entry.h"

#include <doctest/doctest.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <vector>

namespace sluice {
namespace {

LogEntry entry(std::string_view component, std::string_view message, std::vector<LogField> fields) {
  return make_log_entry("T", LogLevel::warning, component, message, fields);
}

}  // namespace

TEST_CASE("a readable line names time, level and component, and quotes only what needs it") {
  CHECK(text_line(entry("net", "listening", {{"port", 8080}, {"name", "public"}, {"why", "two words"}})) ==
        R"(T warning [net] listening port=8080 name=public why="two words")");
}

TEST_CASE("a hostile value cannot start a line of its own") {
  const std::string line = text_line(entry("net", "a\nb", {{"name", "x\r\n2026 error fake"}}));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\r') == std::string::npos);
}

TEST_CASE("a JSON line is JSON, and a field cannot replace what the line itself says") {
  const auto line = json::parse(json_line(entry("ice", "lost", {{"level", "fake"}, {"n", 3}})));
  CHECK(line == json::value{{"time", "T"}, {"level", "warning"}, {"component", "ice"}, {"message", "lost"}, {"n", 3}});
}

TEST_CASE("a plugin's JSON line names the plugin, whatever its fields say") {
  const auto line = json::parse(json_line(entry("plugin.chat", "sent", {{"plugin", "other"}, {"room", "lobby"}})));
  CHECK(line.at("component") == "plugin.chat");
  CHECK(line.at("plugin") == "chat");
  CHECK(line.at("room") == "lobby");
  const auto cores = json::parse(json_line(entry("plugins", "loaded", {{"plugin", "chat"}})));
  CHECK(cores.at("plugin") == "chat");
}

TEST_CASE("texts are cut at a character's boundary, and large values become the beginning of their text") {
  std::string text(LogEntry::kMaxTextBytes - 1, 'x');
  text += "\xc3\xa4 and more";
  const LogEntry cut = entry("net", text, {{"text", text}});
  CHECK(cut.message == std::string(LogEntry::kMaxTextBytes - 1, 'x') + "...");
  CHECK(cut.fields.at("text").as_string() == cut.message);

  json::array many(10'000, json::value(1));
  const LogEntry list = entry("net", "list", {{"list", many}, {"short", json::array{1, 2}}});
  CHECK(list.fields.at("list").as_string().size() == LogEntry::kMaxTextBytes + 3);
  CHECK(list.fields.at("short") == json::array{1, 2});
}

TEST_CASE("nothing secret gets into an entry") {
  const LogEntry said = entry("plugin.livestream", "publishing to rtmp://a:hunter2@host/app?key=abc",
                              {{"streamKey", "abc"}, {"target", json::value{{"password", "hunter2"}, {"host", "h"}}}});
  const std::string line = json_line(said);
  CHECK(line.find("hunter2") == std::string::npos);
  CHECK(line.find("abc") == std::string::npos);
  CHECK(line.find("host") != std::string::npos);
}

}  // namespace sluice
