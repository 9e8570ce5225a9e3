#include "core/media/speakers/dominant_speaker.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/speakers/synthetic_speech.h"

namespace sluice::test {

TEST_CASE("the scores grow with what was counted as speech, and can always be divided") {
  const ActivityScores none = score({});
  CHECK(none.immediate > 0);
  CHECK(none.medium > 0);
  CHECK(none.long_term > 0);
  for (std::uint8_t i = 1; i <= SpeechActivity::kLongMax; ++i) {
    const auto less = static_cast<std::uint8_t>(i - 1);
    CHECK(score({.long_term = i}).long_term > score({.long_term = less}).long_term);
  }
  for (std::uint8_t i = 1; i <= SpeechActivity::kMediumMax; ++i) {
    const auto less = static_cast<std::uint8_t>(i - 1);
    CHECK(score({.medium = i}).medium > score({.medium = less}).medium);
  }
  CHECK(score({.immediate = SpeechActivity::kSpeech}).immediate > 1);
}

TEST_CASE_FIXTURE(TestRoom, "nobody leads where nobody speaks") {
  falls_silent(1);
  sounds(2, fan);
  run(15s);  // the fan is heard as somebody, at first
  speaker.remove(id(2));
  changes.clear();
  run(10s);
  CHECK(!leads());
}

TEST_CASE_FIXTURE(TestRoom, "whoever speaks leads within a second, and goes on through its pauses") {
  falls_silent(2);
  speaks(1);
  run(1s);
  CHECK(leads() == 1);
  run(30s);
  falls_silent(1);
  run(60s);
  CHECK(changes == std::vector{1});
}

TEST_CASE_FIXTURE(TestRoom, "three who speak in turn lead in turn, each within one and a half seconds") {
  for (const int who : {1, 2, 3, 1}) {
    speaks(who);
    run(1500ms);
    CHECK(leads() == who);
    run(5s);
    falls_silent(who);
    run(500ms);
  }
  CHECK(changes == std::vector{1, 2, 3, 1});
}

TEST_CASE_FIXTURE(TestRoom, "who coughs does not lead, whether somebody does or not") {
  SUBCASE("in a silent room") {}
  SUBCASE("while another speaks") { speaks(1); }
  SUBCASE("after another has spoken") {
    speaks(1);
    run(5s);
    falls_silent(1);
    run(3s);
  }
  run(3s);
  changes.clear();
  for (int i = 0; i < 10; ++i) {
    sounds(2, cough);
    run(1500ms);
  }
  CHECK(changes.empty());
}

TEST_CASE_FIXTURE(TestRoom, "nor does who types") {
  speaks(1);
  run(3s);
  sounds(2, typing);
  run(10s);
  falls_silent(1);
  run(10s);
  CHECK(changes == std::vector{1});
}

TEST_CASE_FIXTURE(TestRoom, "who says yes and no while another speaks does not take the lead") {
  speaks(1);
  run(3s);
  for (int i = 0; i < 10; ++i) {
    speaks(2);
    run(400ms);
    falls_silent(2);
    run(2s);
  }
  CHECK(changes == std::vector{1});
}

TEST_CASE_FIXTURE(TestRoom, "where two speak at once nobody flips; who goes on alone leads") {
  speaks(1);
  run(5s);
  run(130ms);
  speaks(2);
  run(10s);
  CHECK(changes.size() <= 2);
  falls_silent(1);
  run(1500ms);
  CHECK(leads() == 2);
  CHECK(changes.size() <= 2);
}

TEST_CASE_FIXTURE(TestRoom, "loudness is no merit: a quiet speaker goes on leading while a loud one butts in") {
  sounds(1, [](Duration since) { return speech(since, -40); });
  run(3s);
  REQUIRE(leads() == 1);
  sounds(2, [](Duration since) { return speech(since, -10); });
  run(600ms);
  CHECK(leads() == 1);
}

TEST_CASE_FIXTURE(TestRoom, "who is muted does not lead any more; the next one who speaks does") {
  speaks(1);
  run(3s);
  REQUIRE(leads() == 1);
  sounds(1, std::nullopt);
  run(1500ms);
  speaker.remove(id(1));
  CHECK(!leads());
  run(2s);
  CHECK(!leads());
  speaks(2);
  run(1500ms);
  CHECK(leads() == 2);
}

TEST_CASE_FIXTURE(TestRoom, "packets that stop in the middle of a word free the way for others") {
  speaks(1);
  run(3500ms);
  sounds(1, std::nullopt);
  speaks(2);
  run(1500ms);
  CHECK(leads() == 2);
}

TEST_CASE_FIXTURE(TestRoom, "of many who speak at once one leads, and changes are rare") {
  for (int who = 1; who <= 20; ++who) {
    speaks(who);
    run(70ms);
  }
  run(30s);  // a hundred decisions
  CHECK(leads().has_value());
  CHECK(changes.size() < 20);
}

TEST_CASE("ties are broken the same way every time") {
  DominantSpeaker speaker;
  for (const std::uint64_t id : {9U, 4U, 6U}) speaker.update(SpeakerId{id}, {13, 5, 8});
  CHECK(speaker.decide(Instant{} + 1h));
  CHECK(speaker.current() == SpeakerId{4});
  CHECK(!speaker.decide(Instant{} + 1h + 1s));
}

TEST_CASE("decisions keep their interval") {
  DominantSpeaker speaker{{.decision_interval = 300ms}};
  const Instant t0 = Instant{} + 1h;
  CHECK(!speaker.decide(t0));
  speaker.update(SpeakerId{1}, {13, 5, 8});
  CHECK(!speaker.decide(t0 + 299ms));
  CHECK(speaker.decide(t0 + 300ms));
}

}  // namespace sluice::test
