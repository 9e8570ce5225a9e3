#include "plugins/livestream/hls/playlist.h"

#include <doctest/doctest.h>

#include "tests/unit/plugins/livestream/hls/hls_files.h"

namespace sluice::testing {

namespace {

using namespace livestream;
using namespace std::chrono_literals;

constexpr WallTime kNow{std::chrono::milliseconds{kNoon}};

/// A playlist, and whole segments of four parts, a second each.
struct Stream {
  explicit Stream(PlaylistOptions options = {}) : playlist{std::move(options)} {
    CHECK(playlist.add(initialisation(0), kNow));
  }
  bool add(const HlsFile& file) { return playlist.add(file, kNow + 1s * file.sequence + file.part * 250ms); }
  void add_parts(std::int64_t sequence, int count = 4) {
    for (int number = 0; number < count; ++number) CHECK(add(part(sequence, number)));
  }
  void add_segments(std::int64_t first, std::int64_t last) {
    for (std::int64_t sequence = first; sequence <= last; ++sequence) {
      add_parts(sequence);
      HlsFile whole = segment(sequence);
      CHECK(add(whole));
    }
  }
  [[nodiscard]] bool has_line(const std::string& line) {
    return playlist.text().find("\n" + line + "\n") != std::string::npos;
  }

  Playlist playlist;
};

std::string head(std::uint64_t first, int discontinuities = 0) {
  return "#EXTM3U\n"
         "#EXT-X-VERSION:9\n"
         "#EXT-X-TARGETDURATION:1\n"
         "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=6.0,HOLD-BACK=3.0,PART-HOLD-BACK=0.75\n"
         "#EXT-X-PART-INF:PART-TARGET=0.25\n"
         "#EXT-X-MEDIA-SEQUENCE:" +
         std::to_string(first) + "\n#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(discontinuities) +
         "\n"
         "#EXT-X-INDEPENDENT-SEGMENTS\n";
}

}  // namespace

TEST_CASE("the first segment of a stream is whole, the second one runs") {
  Stream stream;
  HlsFile first = part(0, 0);
  first.began_unix_ms = kNoon;
  CHECK(stream.add(first));
  for (int number = 1; number < 4; ++number) CHECK(stream.add(part(0, number)));
  CHECK(stream.playlist.empty());
  CHECK(stream.add(segment(0)));
  HlsFile second = part(1, 0, 233);
  second.began_unix_ms = kNoon + 1'000;
  CHECK(stream.add(second));
  CHECK(stream.playlist.text() == head(0) +
                                      "#EXT-X-MAP:URI=\"init-0.mp4\"\n"
                                      "#EXT-X-PROGRAM-DATE-TIME:2026-07-30T12:00:00.000Z\n"
                                      "#EXT-X-PART:DURATION=0.25,URI=\"segment-0.0.m4s\",INDEPENDENT=YES\n"
                                      "#EXT-X-PART:DURATION=0.25,URI=\"segment-0.1.m4s\"\n"
                                      "#EXT-X-PART:DURATION=0.25,URI=\"segment-0.2.m4s\"\n"
                                      "#EXT-X-PART:DURATION=0.25,URI=\"segment-0.3.m4s\"\n"
                                      "#EXTINF:1.0,\n"
                                      "segment-0.m4s\n"
                                      "#EXT-X-PROGRAM-DATE-TIME:2026-07-30T12:00:01.000Z\n"
                                      "#EXT-X-PART:DURATION=0.233,URI=\"segment-1.0.m4s\",INDEPENDENT=YES\n"
                                      "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"segment-1.1.m4s\"\n");
}

TEST_CASE("each URI carries the key, the query of the playlist's own address does not") {
  Stream stream{{.query = "?key=abc"}};
  stream.add_segments(0, 0);
  for (const char* const line : {"#EXT-X-MAP:URI=\"init-0.mp4?key=abc\"", "segment-0.m4s?key=abc",
                                 "#EXT-X-PART:DURATION=0.25,URI=\"segment-0.3.m4s?key=abc\"",
                                 "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"segment-1.0.m4s?key=abc\""}) {
    CHECK_MESSAGE(stream.has_line(line), line);
  }
}

TEST_CASE("the date of a segment is when its first part came, less its duration, and stays") {
  Playlist playlist{{}};
  CHECK(playlist.add(initialisation(0), kNow));
  CHECK(playlist.add(part(0, 0), kNow + 250ms));
  CHECK(playlist.add(segment(0), kNow + 5s));
  const std::string date = "#EXT-X-PROGRAM-DATE-TIME:2026-07-30T12:00:00.000Z\n";
  CHECK(playlist.text().find(date) != std::string::npos);

  SUBCASE("a clock that was put back tells nobody that the same second came twice") {
    CHECK(playlist.add(part(1, 0), kNow - 1h));
    CHECK(playlist.text().find("#EXT-X-PROGRAM-DATE-TIME:2026-07-30T12:00:00.500Z\n") != std::string::npos);
  }
}

TEST_CASE("parts are listed for three target durations, and dropped as whole segments go by") {
  Stream stream;
  stream.add_segments(0, 4);
  CHECK(stream.playlist.take_removed() ==
        std::vector<std::string>{"segment-0.0.m4s", "segment-0.1.m4s", "segment-0.2.m4s", "segment-0.3.m4s"});
  CHECK(stream.has_line("#EXT-X-PART:DURATION=0.25,URI=\"segment-1.0.m4s\",INDEPENDENT=YES"));
  CHECK(stream.has_line("segment-0.m4s"));
  CHECK(stream.playlist.take_removed().empty());
}

TEST_CASE("segments leave when the window is full, and their numbers and map are not lost") {
  Stream stream{{.dvr = 8s}};
  stream.add_segments(0, 9);
  const auto removed = stream.playlist.take_removed();
  CHECK(std::ranges::count(removed, "segment-0.m4s") == 1);
  CHECK(std::ranges::count(removed, "segment-1.m4s") == 1);
  CHECK(std::ranges::count(removed, "segment-2.m4s") == 0);
  const std::string text = stream.playlist.text();
  CHECK(text.find("#EXT-X-MEDIA-SEQUENCE:2\n") != std::string::npos);
  CHECK(text.find("#EXT-X-MAP:URI=\"init-0.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2026-07-30T12:00:01.750Z\n#EXTINF:1.0,\n"
                  "segment-2.m4s\n") != std::string::npos);

  SUBCASE("six stay, however short the window") {
    Stream shorter{{.dvr = 1s}};
    shorter.add_segments(0, 9);
    CHECK(shorter.has_line("#EXT-X-MEDIA-SEQUENCE:4"));
  }
  SUBCASE("a window that is too short for deltas does not offer them") {
    CHECK(text.find("CAN-SKIP-UNTIL") == std::string::npos);
    CHECK(stream.playlist.delta() == text);
  }
}

TEST_CASE("another format comes after a discontinuity, with its map; the count of those that left goes on") {
  Stream stream{{.dvr = 1s}};
  stream.add_segments(0, 0);
  CHECK(stream.add(initialisation(1)));
  stream.add_segments(1, 1);
  CHECK(stream.playlist.text().find("segment-0.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"init-1.mp4\"\n"
                                    "#EXT-X-PROGRAM-DATE-TIME:") != std::string::npos);
  stream.add_segments(2, 6);
  CHECK(stream.has_line("#EXT-X-MEDIA-SEQUENCE:1"));
  CHECK(stream.has_line("#EXT-X-DISCONTINUITY-SEQUENCE:0"));
  CHECK(std::ranges::count(stream.playlist.take_removed(), "init-0.mp4") == 1);
  stream.add_segments(7, 7);
  CHECK(stream.has_line("#EXT-X-DISCONTINUITY-SEQUENCE:1"));
  CHECK(!stream.has_line("#EXT-X-DISCONTINUITY"));
  CHECK(stream.has_line("#EXT-X-MAP:URI=\"init-1.mp4\""));

  SUBCASE("a discontinuity of the same format repeats no map") {
    HlsFile after = part(8, 0);
    after.discontinuity = true;
    CHECK(stream.add(after));
    CHECK(stream.playlist.text().find("segment-7.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:") !=
          std::string::npos);
  }
}

TEST_CASE("a job that died leaves a gap, the next one goes on behind it under other names") {
  Stream stream;
  stream.add_segments(0, 1);
  stream.add_parts(2, 2);
  stream.playlist.begin_run("1-");
  CHECK(stream.playlist.awaits("1-segment-0.0.m4s"));
  CHECK(!stream.add(part(0, 0)));  // the new one has told no format yet
  HlsFile format = initialisation(0);
  format.name = "1-" + format.name;
  CHECK(stream.playlist.add(format, kNow));
  HlsFile first = part(0, 0);
  first.name = "1-" + first.name;
  CHECK(stream.playlist.add(first, kNow + 9s));
  const std::string text = stream.playlist.text();
  const std::size_t gap = text.find(
      "#EXT-X-PART:DURATION=0.25,URI=\"segment-2.1.m4s\"\n"
      "#EXT-X-GAP\n"
      "#EXTINF:0.5,\n"
      "segment-2.m4s\n"
      "#EXT-X-DISCONTINUITY\n"
      "#EXT-X-MAP:URI=\"1-init-0.mp4\"\n"
      "#EXT-X-PROGRAM-DATE-TIME:2026-07-30T12:00:08.750Z\n"
      "#EXT-X-PART:DURATION=0.25,URI=\"1-segment-0.0.m4s\",INDEPENDENT=YES\n"
      "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1-segment-0.1.m4s\"\n");
  CHECK(gap != std::string::npos);
  CHECK(stream.playlist.has({.segment = 3, .part = 0}));
}

TEST_CASE("a delta update has one line for what lies beyond the skip boundary") {
  Stream stream;
  stream.add_segments(0, 5);
  CHECK(stream.playlist.delta() == stream.playlist.text());  // nothing lies beyond six seconds
  stream.add_segments(6, 9);
  const std::string& delta = stream.playlist.delta();
  CHECK(delta.starts_with(head(0) + "#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n"
                                    "#EXT-X-PROGRAM-DATE-TIME:2026-07-30T12:00:03.750Z\n"
                                    "#EXTINF:1.0,\n"
                                    "segment-4.m4s\n"));
  CHECK(stream.playlist.text().ends_with(delta.substr(delta.find("segment-4.m4s\n"))));
}

TEST_CASE("the end: no hint, no delta, and what never became a segment is a gap") {
  Stream stream;
  stream.add_segments(0, 9);
  stream.add_parts(10, 1);
  stream.playlist.end();
  CHECK(stream.playlist.text().ends_with("#EXT-X-GAP\n#EXTINF:0.25,\nsegment-10.m4s\n#EXT-X-ENDLIST\n"));
  CHECK(stream.playlist.text().find("PRELOAD-HINT") == std::string::npos);
  CHECK(stream.playlist.delta() == stream.playlist.text());
  CHECK(!stream.add(part(10, 1)));
  CHECK(!stream.playlist.awaits("segment-10.1.m4s"));
}

TEST_CASE("the hint is the part that is likely to come; the other one may be waited for, too") {
  Stream stream;
  stream.add_segments(0, 0);
  const auto hint = [&] {
    const std::string& text = stream.playlist.text();
    const std::size_t begin = text.find("URI=\"", text.find("PRELOAD-HINT")) + 5;
    return text.substr(begin, text.find('"', begin) - begin);
  };
  CHECK(hint() == "segment-1.0.m4s");
  stream.add_parts(1, 3);
  CHECK(hint() == "segment-1.3.m4s");
  CHECK(stream.add(part(1, 3)));
  CHECK(hint() == "segment-2.0.m4s");
  CHECK(stream.playlist.awaits("segment-1.4.m4s"));
  CHECK(stream.playlist.awaits("segment-2.0.m4s"));
  CHECK(!stream.playlist.awaits("segment-1.5.m4s"));
  CHECK(!stream.playlist.awaits("segment-3.0.m4s"));
  CHECK(!stream.playlist.awaits(""));

  SUBCASE("a segment that parts do not divide ends with a short one") {
    CHECK(stream.add(segment(1)));
    for (int number = 0; number < 4; ++number) CHECK(stream.add(part(2, number, 233)));
    CHECK(hint() == "segment-2.4.m4s");
    CHECK(stream.add(part(2, 4, 67)));
    CHECK(hint() == "segment-3.0.m4s");
  }
}

TEST_CASE("what has no place is not taken, and changes nothing") {
  Stream stream;
  CHECK(!Playlist{{}}.add(part(0, 0), kNow));  // before its initialisation
  stream.add_segments(0, 1);
  stream.add_parts(2, 2);
  const std::string before = stream.playlist.text();
  HlsFile endless = part(2, 2);
  endless.duration_us = 0;
  HlsFile huge = segment(2);
  huge.duration_us = std::int64_t{1} << 60;
  HlsFile negative = part(2, -1);
  for (const HlsFile& file : {part(2, 1), part(1, 4), segment(1), part(-1, 0), endless, huge, negative,
                              part(std::int64_t{1} << 60, 0), part(2, std::int64_t{1} << 60), initialisation(0)}) {
    CHECK_MESSAGE(!stream.playlist.add(file, kNow), file.name);
  }
  CHECK(stream.playlist.text() == before);
}

TEST_CASE("a number that is left out is not listed; a segment that was begun and left is a gap") {
  Stream stream;
  stream.add_segments(0, 0);
  stream.add_parts(1, 1);
  stream.add_segments(3, 3);
  CHECK(stream.has_line("#EXT-X-GAP"));
  CHECK(stream.playlist.has({.segment = 2}));
  CHECK(!stream.playlist.has({.segment = 3}));
}

TEST_CASE("a target duration holds what frames make of the segments that were ordered") {
  struct Row {
    std::chrono::milliseconds segment;
    int target;
  };
  for (const Row& row : {Row{1'000ms, 1}, Row{500ms, 1}, Row{1'400ms, 2}, Row{1'500ms, 2}, Row{2'000ms, 2},
                         Row{2'450ms, 3}, Row{6'000ms, 6}}) {
    CAPTURE(row.segment.count());
    CHECK(Playlist{{.segment = row.segment}}.target_duration() == std::chrono::seconds{row.target});
  }
  SUBCASE("a segment that is longer raises it: what is told is true") {
    Stream stream;
    CHECK(stream.add(segment(0, 1'499)));
    CHECK(stream.has_line("#EXT-X-TARGETDURATION:1"));
    CHECK(stream.add(segment(1, 1'500)));
    CHECK(stream.has_line("#EXT-X-TARGETDURATION:2"));
  }
}

TEST_CASE("a segment that begins without a key frame takes the promise back that all do") {
  Stream stream;
  stream.add_segments(0, 0);
  CHECK(stream.has_line("#EXT-X-INDEPENDENT-SEGMENTS"));
  HlsFile dependent = part(1, 0);
  dependent.independent = false;
  CHECK(stream.add(dependent));
  CHECK(!stream.has_line("#EXT-X-INDEPENDENT-SEGMENTS"));
}

TEST_CASE("durations are written as short as they are exact") {
  CHECK(seconds_text(1s) == "1.0");
  CHECK(seconds_text(250ms) == "0.25");
  CHECK(seconds_text(std::chrono::microseconds{1'033'333}) == "1.033333");
  CHECK(seconds_text(std::chrono::microseconds{5}) == "0.000005");
  CHECK(seconds_text(100s) == "100.0");
}

}  // namespace sluice::testing
