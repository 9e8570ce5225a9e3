#include "plugins/recording/timeline_transcript.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

using namespace std::chrono_literals;
using namespace sluice::recording;

namespace {

std::vector<TranscriptLine> transcript(std::vector<ChatSaid> said, std::vector<Span> pauses = {}) {
  std::vector<JournalEntry> entries{SessionBegan{}};
  for (ChatSaid& one : said) entries.emplace_back(std::move(one));
  return make_transcript(read_session(entries), Timeline{std::move(pauses), 100s});
}

}  // namespace

TEST_CASE("a message is a cue with its sender as the voice") {
  CHECK(to_webvtt(transcript({{3'661'234'567 / 100, "Anna", "Hello"}}), 100s) ==
        "WEBVTT\n\n00:00:36.612 --> 00:00:42.612\n<v Anna>Hello</v>\n");
}

TEST_CASE("nothing that is said becomes markup, ends its cue or begins another") {
  const std::string vtt = to_webvtt(
      transcript({{1'000'000, "<b>A&B\n\n00:00", "x --> y\r\n\r\n\n00:01.000 --> 00:02.000\n</v><c.red>&amp;"}}), 100s);
  CHECK(vtt ==
        "WEBVTT\n\n00:00:01.000 --> 00:00:07.000\n"
        "<v &lt;b&gt;A&amp;B00:00>x --&gt; y\n00:01.000 --&gt; 00:02.000\n&lt;/v&gt;&lt;c.red&gt;&amp;amp;</v>\n");
}

TEST_CASE("control characters and broken UTF-8 do not reach the files") {
  const auto lines =
      transcript({{0, std::string{"A\0nna", 5}, "\x1b[31mred\x07 \xff \xe2\x80\xae"}, {1, "Ben", "\n\r\n \t"}});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].name == "Anna");
  CHECK(lines[0].lines == std::vector<std::string>{"[31mred \xef\xbf\xbd"});
}

TEST_CASE("what was said in a pause is left out, what was said after it moves up") {
  const auto lines = transcript(
      {{1'000'000, "Anna", "before"}, {3'000'000, "Anna", "in it"}, {6'000'000, "Anna", "after"}}, {{2s, 5s}});
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].at == 3s);
  CHECK(lines[1].lines[0] == "after");
}

TEST_CASE("the last message is shown to the end, for a second at least") {
  CHECK(to_webvtt(transcript({{99'500'000, "", "bye"}}), 100s) ==
        "WEBVTT\n\n00:01:39.500 --> 00:01:40.500\n<v ->bye</v>\n");
}

TEST_CASE("as JSON a message has its time in milliseconds, its name and its text") {
  SessionBegan began;
  began.recording_id = "r1";
  began.wall_time_ms = 1'785'405'900'123;
  began.settings.title = "Planning";
  const std::string text = to_json_text(transcript({{1'500'000, "Anna \"A\"", "one\ntwo"}}), began);
  const auto value = boost::json::parse(text);
  CHECK(value.at("recordingId") == "r1");
  CHECK(value.at("title") == "Planning");
  CHECK(value.at("startedAt") == "2026-07-30T10:05:00.123Z");
  CHECK(value.at("messages").at(0).at("atMs") == 1'500);
  CHECK(value.at("messages").at(0).at("name") == "Anna \"A\"");
  CHECK(value.at("messages").at(0).at("text") == "one\ntwo");
}
