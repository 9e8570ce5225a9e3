#include "plugins/recording/timeline_chapters.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using namespace sluice::recording;
using sluice::media::Chapter;

namespace {

constexpr std::int64_t kSecond = 1'000'000;

TrackBegan screen(std::string track, std::string participant, std::int64_t second) {
  TrackBegan began;
  began.at_us = second * kSecond;
  began.track = std::move(track);
  began.participant = std::move(participant);
  began.kind = sluice::MediaKind::video;
  began.source = sluice::TrackSource::screen;
  began.clock_rate = 90'000;
  return began;
}

Settings titled(std::string title) {
  Settings settings;
  settings.title = std::move(title);
  return settings;
}

/// `12 Anna` and so on, by chapter.
std::vector<std::string> chapters(std::vector<JournalEntry> changes, std::chrono::seconds end,
                                  const Settings& settings = titled("Planning"), std::vector<Span> pauses = {}) {
  std::vector<JournalEntry> entries{SessionBegan{}, ParticipantCame{0, "anna", "Anna"},
                                    ParticipantCame{0, "ben", "Ben"}, ParticipantCame{0, "cleo", "Cleo"}};
  std::ranges::move(changes, std::back_inserter(entries));
  const Timeline timeline{std::move(pauses), end};
  const std::vector<Chapter> made = make_chapters(read_session(entries), timeline, settings);
  std::vector<std::string> out;
  MediaTime last{};
  for (const Chapter& chapter : made) {
    CHECK(chapter.begin == last);
    last = chapter.end;
    out.push_back(std::to_string(chapter.begin / 1s) + " " + chapter.title);
  }
  if (!made.empty()) CHECK(last == timeline.duration());
  return out;
}

SpeakerLed led(std::int64_t second, std::string who) { return {second * kSecond, std::move(who)}; }

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("where nobody leads and nothing is shared there are no chapters") { CHECK(chapters({}, 60s).empty()); }

TEST_CASE("each change of the speaker begins a chapter") {
  CHECK(chapters({led(10, "anna"), led(20, "ben"), led(40, "anna")}, 60s) ==
        Titles{"0 Planning", "10 Anna", "20 Ben", "40 Anna"});
}

TEST_CASE("who speaks within the first seconds has the first chapter") {
  CHECK(chapters({led(2, "anna"), led(20, "ben")}, 60s) == Titles{"0 Anna", "20 Ben"});
}

TEST_CASE("silence ends no chapter") {
  CHECK(chapters({led(0, "anna"), led(10, ""), led(20, "anna"), led(30, "ben")}, 60s) == Titles{"0 Anna", "30 Ben"});
}

TEST_CASE("who says a word in between makes no chapter") {
  CHECK(chapters({led(0, "anna"), led(20, "ben"), led(22, "cleo"), led(24, "ben"), led(26, "anna")}, 60s) ==
        Titles{"0 Anna"});
}

TEST_CASE("the last words are joined to what was before") {
  CHECK(chapters({led(0, "anna"), led(58, "ben")}, 60s) == Titles{"0 Anna"});
}

TEST_CASE("sharing a screen begins a chapter, and so does its end") {
  const std::vector<JournalEntry> shared{led(0, "anna"), screen("s", "ben", 20), TrackEnd{40 * kSecond, "s"}};
  CHECK(chapters(shared, 60s) == Titles{"0 Anna", "20 Ben shares the screen", "40 Anna"});

  SUBCASE("not where screens are not recorded") {
    Settings settings;
    settings.screen_share = false;
    CHECK(chapters(shared, 60s, settings) == Titles{"0 Anna"});
  }
  SUBCASE("also when its owner leaves") {
    CHECK(chapters({led(0, "anna"), screen("s", "ben", 20), ParticipantWent{40 * kSecond, "ben"}}, 60s) ==
          Titles{"0 Anna", "20 Ben shares the screen", "40 Anna"});
  }
  SUBCASE("a speaker who comes soon after does not take the screen's chapter") {
    CHECK(chapters({led(0, "anna"), screen("s", "ben", 20), led(21, "ben"), led(30, "anna")}, 60s) ==
          Titles{"0 Anna", "20 Ben shares the screen", "30 Anna"});
  }
  SUBCASE("a glimpse of a screen makes none") {
    CHECK(chapters({led(0, "anna"), screen("s", "ben", 20), TrackEnd{22 * kSecond, "s"}}, 60s) == Titles{"0 Anna"});
  }
  SUBCASE("of two screens the newer counts until it ends") {
    CHECK(chapters({led(0, "anna"), screen("s", "ben", 10), screen("t", "cleo", 20), TrackEnd{30 * kSecond, "t"},
                    TrackEnd{40 * kSecond, "s"}},
                   60s) == Titles{"0 Anna", "10 Ben shares the screen", "20 Cleo shares the screen",
                                  "30 Ben shares the screen", "40 Anna"});
  }
}

TEST_CASE("chapters are on the product's time line") {
  CHECK(chapters({led(0, "anna"), led(20, "ben"), led(50, "anna")}, 60s, {}, {{10s, 30s}}) ==
        Titles{"0 Anna", "10 Ben", "30 Anna"});
}

TEST_CASE("a meeting of a thousand changes has at most 500 chapters") {
  std::vector<JournalEntry> changes;
  for (int i = 0; i < 3'000; ++i) changes.push_back(led(i * 6, i % 2 == 0 ? "anna" : "ben"));
  const Titles titles = chapters(changes, 18'000s);
  CHECK(titles.size() <= kMaxChapters);
  CHECK(!titles.empty());
}
