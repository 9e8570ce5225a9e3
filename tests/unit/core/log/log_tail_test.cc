#include "core/log/log_tail.h"

#include <doctest/doctest.h>

#include <array>

namespace sluice {
namespace {

LogEntry line(std::string_view component, LogLevel level, std::string_view message, std::string_view room = "lobby") {
  const std::array fields{LogField{"room", room}};
  return make_log_entry("T", level, component, message, fields);
}

std::string messages(const LogPage& page) {
  std::string out;
  for (const LogEntry& entry : page.lines) out += entry.message + " ";
  return out;
}

struct Fixture {
  Fixture() {
    tail.push(line("net", LogLevel::info, "one"));
    tail.push(line("ice", LogLevel::debug, "two"));
    tail.push(line("plugin.chat", LogLevel::warning, "three", "Kitchen"));
    tail.push(line("plugin.whip", LogLevel::error, "four"));
  }

  LogTail tail;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the first question gets the latest lines in their order, the next one what is new") {
  const LogPage first = tail.find({.limit = 2});
  CHECK(messages(first) == "three four ");
  CHECK(first.lines.front().seq == 3);
  CHECK(first.next == 4);
  CHECK(tail.find({.after = first.next}).lines.empty());
  tail.push(line("net", LogLevel::info, "five"));
  const LogPage second = tail.find({.after = first.next});
  CHECK(messages(second) == "five ");
  CHECK(second.next == 5);
}

TEST_CASE_FIXTURE(Fixture, "who asks for few at a time misses none") {
  std::string all;
  std::uint64_t after = 1;
  for (int i = 0; i < 3; ++i) {
    const LogPage page = tail.find({.after = after, .limit = 1});
    all += messages(page);
    after = page.next;
  }
  CHECK(all == "two three four ");
}

TEST_CASE_FIXTURE(Fixture, "lines are chosen by level, component and text") {
  CHECK(messages(tail.find({.level = LogLevel::warning})) == "three four ");
  CHECK(messages(tail.find({.component = "plugin."})) == "three four ");
  CHECK(messages(tail.find({.component = "ice"})) == "two ");
  CHECK(messages(tail.find({.text = "KITCHEN"})) == "three ");  // of a field
  CHECK(messages(tail.find({.text = "o"})) == "one two three four ");
  CHECK(messages(tail.find({.level = LogLevel::error, .component = "plugin.", .text = "four"})) == "four ");
  CHECK(tail.find({.level = LogLevel::error, .component = "net"}).next == 4);  // nothing, and not asked for again
}

TEST_CASE_FIXTURE(Fixture, "a number of an earlier run starts afresh") {
  CHECK(messages(tail.find({.after = 4711, .limit = 1})) == "four ");
}

TEST_CASE("the tail is bounded in lines and in bytes") {
  LogTail many;
  for (std::size_t i = 0; i <= LogTail::kMaxLines; ++i) many.push(line("net", LogLevel::info, "x"));
  const LogPage lines = many.find({.limit = LogTail::kMaxLines * 2});
  CHECK(lines.lines.size() == LogTail::kMaxLines);
  CHECK(lines.lines.front().seq == 2);

  LogTail large;
  const std::string text(4000, 'x');
  for (int i = 0; i < 1000; ++i) large.push(line("net", LogLevel::info, text));
  const LogPage kept = large.find({.limit = 1000});
  CHECK(kept.lines.size() > 200);
  CHECK(kept.lines.size() * text.size() < LogTail::kMaxBytes);
  CHECK(messages(large.find({.after = 1, .limit = 1})).size() > 0);  // what is gone is skipped
}

}  // namespace sluice
