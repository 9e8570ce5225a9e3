#include "core/media/speakers/speaker_watch.h"

#include <doctest/doctest.h>

#include <memory>

#include "tests/unit/core/media/speakers/synthetic_speech.h"

namespace sluice::test {
namespace {

using Microphone = SpeakerWatch::Microphone;

struct Watched {
  bool poll() {
    reports.clear();
    bool sent = false;
    watch.poll(now, [&](std::span<const SpeakerReport> batch) {
      reports.assign(batch.begin(), batch.end());
      return sent = true;
    });
    return sent;
  }
  /// Until nothing is due any more; how many batches that took.
  int drain() {
    int batches = 0;
    while (watch.next_timeout()) {
      now = std::max(now, *watch.next_timeout());
      batches += poll() ? 1 : 0;
      REQUIRE(batches < 100);
    }
    return batches;
  }

  Instant now = Instant{} + 1h;
  SpeakerWatch watch;
  std::vector<SpeakerReport> reports;
  Microphone alice{watch, SpeakerId{1}};
  Microphone bob{watch, SpeakerId{2}};
};

}  // namespace

TEST_CASE_FIXTURE(Watched, "silence tells nothing and sets no timer") {
  for (int i = 0; i < 100; ++i, now += kPacket) alice.on_level(kQuiet, now);
  CHECK(!watch.next_timeout());
  CHECK(!poll());
}

TEST_CASE_FIXTURE(Watched, "an onset is told at once, what follows each 100 ms, the end once") {
  alice.on_level(voice(-20), now);
  CHECK(watch.next_timeout() == now);
  REQUIRE(poll());
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].id == SpeakerId{1});
  CHECK(reports[0].minus_dbov == 20);
  CHECK(reports[0].activity.medium == 1);
  CHECK(watch.next_timeout() == now + 100ms);
  CHECK(drain() <= 13);
  CHECK(reports[0].activity.silent());
  CHECK(!reports[0].heard());
}

TEST_CASE_FIXTURE(Watched, "a sound that is no speech waits for the interval") {
  alice.on_level(voice(-20), now);
  REQUIRE(poll());
  drain();
  bob.on_level(no_voice(-60), now);
  CHECK(watch.next_timeout() == now + 100ms);
}

TEST_CASE_FIXTURE(Watched, "onsets that follow each other closely share a batch") {
  alice.on_level(voice(-20), now);
  REQUIRE(poll());
  now += 5ms;
  bob.on_level(voice(-20), now);
  CHECK(watch.next_timeout() == now + 15ms);
  CHECK(!poll());
  now += 15ms;
  REQUIRE(poll());
  CHECK(reports.size() == 2);
}

TEST_CASE_FIXTURE(Watched, "a batch that nobody takes comes again later") {
  alice.on_level(voice(-20), now);
  for (int i = 0; i < 30; ++i) {
    watch.poll(now, [](std::span<const SpeakerReport>) { return false; });
    CHECK(watch.next_timeout() == now + 100ms);
    now += 100ms;
  }
  CHECK(drain() == 1);
  CHECK(reports[0].activity.silent());
}

TEST_CASE_FIXTURE(Watched, "a muted microphone is told of as silent at the next interval") {
  for (int i = 0; i < 50; ++i, now += kPacket) alice.on_level(voice(-20), now);
  REQUIRE(poll());
  alice.mute();
  now += 100ms;
  REQUIRE(poll());
  CHECK(reports[0].activity.silent());
  CHECK(!watch.next_timeout());
}

TEST_CASE_FIXTURE(Watched, "a microphone that is gone is not reported") {
  auto carol = std::make_unique<Microphone>(watch, SpeakerId{3});
  alice.on_level(voice(-20), now);
  carol->on_level(voice(-20), now);
  bob.on_level(voice(-20), now);
  carol.reset();
  REQUIRE(poll());
  CHECK(reports.size() == 2);
  for (const SpeakerReport& report : reports) CHECK(report.id != SpeakerId{3});
}

TEST_CASE_FIXTURE(Watched, "more than a batch holds take turns, and all are told of as silent in the end") {
  constexpr std::size_t kMany = SpeakerWatch::kMaxReports + 200;
  std::vector<std::unique_ptr<Microphone>> many;
  for (std::size_t i = 0; i < kMany; ++i) many.push_back(std::make_unique<Microphone>(watch, SpeakerId{100 + i}));
  std::map<SpeakerId, int> told;
  std::map<SpeakerId, bool> silent;
  for (int round = 0; round < 100 && (round == 0 || watch.next_timeout()); ++round) {
    if (round < 10) {
      for (const auto& microphone : many) microphone->on_level(voice(-20), now);
    }
    REQUIRE(poll());
    CHECK(reports.size() <= SpeakerWatch::kMaxReports);
    for (const SpeakerReport& report : reports) {
      ++told[report.id];
      silent[report.id] = report.activity.silent();
    }
    now += 100ms;
  }
  CHECK(told.size() == kMany);
  for (const auto& [id, quiet] : silent) CHECK(quiet);
  for (const auto& [id, times] : told) CHECK(times >= 10);
}

}  // namespace sluice::test
