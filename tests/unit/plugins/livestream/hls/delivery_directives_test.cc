#include "plugins/livestream/hls/delivery_directives.h"

#include <doctest/doctest.h>

#include "tests/unit/plugins/livestream/hls/hls_files.h"

namespace sluice::testing {

namespace {

using namespace livestream;

Playlist two_segments_and_two_parts() {
  Playlist playlist{{}};
  CHECK(playlist.add(initialisation(0), WallTime{}));
  for (const HlsFile& file : {part(0, 0), part(0, 1), part(0, 2), part(0, 3), segment(0), part(1, 0), part(1, 1),
                              part(1, 2), part(1, 3), segment(1), part(2, 0), part(2, 1)}) {
    CHECK(playlist.add(file, WallTime{}));
  }
  return playlist;
}

}  // namespace

TEST_CASE("a request is answered, waits or is refused as section 6.2.5.2 says") {
  enum class Answer : std::uint8_t { now, waits, refused };
  struct Row {
    const char* what;
    Position position;
    Answer answer;
  };
  const Playlist playlist = two_segments_and_two_parts();
  for (const Row& row : {
           Row{"an old segment", {0, {}}, Answer::now},
           Row{"the last segment", {1, {}}, Answer::now},
           Row{"the one that runs", {2, {}}, Answer::waits},
           Row{"two behind the last one", {3, {}}, Answer::waits},
           Row{"three behind the last one", {4, {}}, Answer::refused},
           Row{"a number that would overflow", {999'999'999'999'999, {}}, Answer::refused},
           Row{"a part of the past", {0, 2}, Answer::now},
           Row{"a part that an old segment never had", {0, 9}, Answer::now},
           Row{"the last segment's last part", {1, 3}, Answer::now},
           Row{"beyond the last segment's last part: the first one of the next, which is there", {1, 4}, Answer::now},
           Row{"a part of what runs", {2, 1}, Answer::now},
           Row{"the next part", {2, 2}, Answer::waits},
           Row{"the furthest that may be asked for: 3 s / 250 ms behind the last one", {2, 13}, Answer::waits},
           Row{"one further", {2, 14}, Answer::refused},
           Row{"the first part of the segment after", {3, 0}, Answer::waits},
           Row{"parts of the segment after, too far", {3, 12}, Answer::refused},
       }) {
    CAPTURE(row.what);
    CHECK(playlist.has(row.position) == (row.answer == Answer::now));
    CHECK(playlist.too_far(row.position) == (row.answer == Answer::refused));
  }
}

TEST_CASE("a part beyond the last one waits for the first one of the next segment") {
  Playlist playlist = two_segments_and_two_parts();
  CHECK(playlist.add(part(2, 2), WallTime{}));
  CHECK(!playlist.has({.segment = 2, .part = 3}));
  CHECK(playlist.add(segment(2, 750), WallTime{}));
  CHECK(!playlist.has({.segment = 2, .part = 3}));
  CHECK(playlist.has({.segment = 2, .part = 2}));
  CHECK(playlist.add(part(3, 0), WallTime{}));
  CHECK(playlist.has({.segment = 2, .part = 3}));
}

TEST_CASE("directives are read strictly") {
  using Query = std::map<std::string, std::string, std::less<>>;
  SUBCASE("what is well formed") {
    const auto none = read_directives({{"viewer", "7"}, {"_HLS_push", "maybe"}});
    REQUIRE(none);
    CHECK(!none->position);
    CHECK(none->version == PlaylistVersion::whole);
    const auto all = read_directives({{"_HLS_msn", "273"}, {"_HLS_part", "0"}, {"_HLS_skip", "YES"}});
    REQUIRE(all);
    REQUIRE(all->position);
    CHECK(all->position->segment == 273);
    CHECK(all->position->part == 0);
    CHECK(all->version == PlaylistVersion::delta);
    const auto v2 = read_directives({{"_HLS_skip", "v2"}});
    REQUIRE(v2);
    CHECK(v2->version == PlaylistVersion::delta);
  }
  SUBCASE("what is not") {
    for (const Query& query :
         {Query{{"_HLS_part", "1"}}, Query{{"_HLS_msn", ""}}, Query{{"_HLS_msn", "-1"}}, Query{{"_HLS_msn", "+1"}},
          Query{{"_HLS_msn", " 1"}}, Query{{"_HLS_msn", "1.5"}}, Query{{"_HLS_msn", "0x10"}},
          Query{{"_HLS_msn", "1234567890123456"}}, Query{{"_HLS_msn", "1"}, {"_HLS_part", ""}},
          Query{{"_HLS_msn", "1"}, {"_HLS_part", "a"}}, Query{{"_HLS_skip", "yes"}}, Query{{"_HLS_skip", ""}}}) {
      const auto read = read_directives(query);
      CAPTURE(query.begin()->second);
      REQUIRE(!read);
      CHECK(read.error().code() == ErrorCode::invalid_payload);
    }
  }
}

}  // namespace sluice::testing
