#include "core/media/speakers/speaker_activity.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/speakers/synthetic_speech.h"

namespace sluice::test {
namespace {

struct Heard {
  /// A packet each `interval`, for `time`.
  void hear(AudioLevel level, Duration time, Duration interval = kPacket) {
    for (const Instant end = now + time; now < end; now += interval) onsets += activity.on_level(level, now) ? 1 : 0;
  }
  void pass(Duration time) { now += time; }
  SpeechActivity counts() { return activity.activity(now - kPacket); }

  Instant now = Instant{} + 1h;
  SpeakerActivity activity;
  int onsets = 0;
};

}  // namespace

TEST_CASE("nothing was heard: nothing is counted") {
  SpeakerActivity activity;
  CHECK(activity.activity(Instant{} + 1h).silent());
  CHECK(!activity.report(SpeakerId{1}, Instant{} + 1h).heard());
}

TEST_CASE_FIXTURE(Heard, "a second of loud speech fills all three counts, and ages out of them one after the other") {
  hear(voice(-20), 1s);
  CHECK(counts() == SpeechActivity{.immediate = 13, .medium = 5, .long_term = 10});
  hear(kQuiet, 100ms);
  CHECK(counts() == SpeechActivity{.immediate = 0, .medium = 0, .long_term = 9});
  hear(kQuiet, 400ms);
  CHECK(counts() == SpeechActivity{.immediate = 0, .medium = 0, .long_term = 5});
  hear(kQuiet, 500ms);
  CHECK(counts().silent());
}

TEST_CASE_FIXTURE(Heard, "of 100 ms three fifths must be speech") {
  hear(voice(-20), 40ms);
  hear(kQuiet, 60ms);
  CHECK(counts() == SpeechActivity{.immediate = 0, .medium = 2, .long_term = 0});
  pass(1s);
  hear(kQuiet, 40ms);
  hear(voice(-20), 60ms);
  CHECK(counts() == SpeechActivity{.immediate = 13, .medium = 3, .long_term = 1});
}

TEST_CASE("packets of any usual length count alike, also when they jitter") {
  for (const Duration length : {10ms, 20ms, 40ms, 60ms}) {
    CAPTURE(length.count());
    Heard heard;
    heard.hear(voice(-20), 1200ms, length);
    CHECK(heard.activity.activity(heard.now - length).long_term == 10);
  }
  Heard jittered;
  const Instant start = jittered.now;
  for (int i = 0; i < 60; ++i) {
    const Duration late = i % 3 == 0 ? 17ms : i % 3 == 1 ? 0ms : 9ms;
    jittered.activity.on_level(voice(-20), start + i * kPacket + late);
  }
  CHECK(jittered.activity.activity(start + 59 * kPacket) == SpeechActivity{13, 5, 10});
}

TEST_CASE_FIXTURE(Heard, "where packets stop, the last level holds for 100 ms and no longer") {
  hear(voice(-20), 1s);
  const Instant last = now - kPacket;
  CHECK(activity.activity(last + 100ms) == SpeechActivity{13, 5, 10});
  CHECK(activity.activity(last + 120ms) == SpeechActivity{0, 4, 10});
  CHECK(activity.activity(last + 600ms).long_term == 5);
  CHECK(activity.activity(last + 1100ms).silent());
}

TEST_CASE_FIXTURE(Heard, "a discontinuous transmission's rare packets keep nobody speaking") {
  hear(voice(-20), 1s);
  for (int i = 0; i < 5; ++i) {
    pass(400ms);
    hear(no_voice(-80), 20ms);
  }
  CHECK(counts().silent());
}

TEST_CASE_FIXTURE(Heard, "an onset is told once, and again after a second of silence") {
  hear(kQuiet, 2s);
  CHECK(onsets == 0);
  hear(voice(-20), 400ms);
  CHECK(onsets == 1);
  hear(kQuiet, 500ms);
  hear(voice(-20), 400ms);
  CHECK(onsets == 1);
  SUBCASE("heard as silence") { hear(kQuiet, 1200ms); }
  SUBCASE("not heard at all") { pass(1500ms); }
  SUBCASE("after a mute") { activity.fall_silent(); }
  hear(voice(-20), 400ms);
  CHECK(onsets == 2);
}

TEST_CASE_FIXTURE(Heard, "noise that goes on is no speech after some seconds; a voice above it is") {
  hear(fan({}), 20s);
  CHECK(counts().medium == 0);
  CHECK(counts().long_term == 0);
  hear(voice(-20), 500ms);
  CHECK(counts().medium == 5);
}

TEST_CASE_FIXTURE(Heard, "a long monologue does not become noise") {
  for (int i = 0; i < 30; ++i) {
    const Instant begin = now;
    for (; now < begin + 1060ms; now += kPacket) activity.on_level(speech(now - begin), now);
    CHECK(activity.activity(now - kPacket).long_term >= 5);
  }
}

TEST_CASE_FIXTURE(Heard, "quiet talkers count on a quiet line") {
  hear(no_voice(-80), 1s);
  hear(voice(-46), 1s);
  CHECK(counts().long_term == 10);
}

TEST_CASE_FIXTURE(Heard, "V counts once the sender has said both") {
  SUBCASE("always set") {
    hear(voice(-20), 1s);
    CHECK(counts().long_term == 10);
  }
  SUBCASE("never set") {
    hear(no_voice(-20), 1s);
    CHECK(counts().long_term == 10);
  }
  SUBCASE("set for speech alone: loud noise without it is none") {
    hear(voice(-20), 1s);
    hear(no_voice(-20), 1s);
    CHECK(counts().long_term == 0);
    CHECK(counts().immediate < SpeechActivity::kSpeech);
    CHECK(counts().immediate > 0);
  }
}

TEST_CASE_FIXTURE(Heard, "a report tells the loudest since the one before, and what stands out of the noise alone") {
  hear(voice(-40), 40ms);
  hear(voice(-25), 20ms);
  hear(voice(-31), 40ms);
  SpeakerReport report = activity.report(SpeakerId{7}, now);
  CHECK(report.id == SpeakerId{7});
  CHECK(report.minus_dbov == 25);
  CHECK(report.voice);
  CHECK(report.activity.medium > 0);
  report = activity.report(SpeakerId{7}, now);
  CHECK(!report.heard());
  CHECK(!report.voice);
  hear(no_voice(-80), 100ms);
  CHECK(!activity.report(SpeakerId{7}, now).heard());
}

TEST_CASE_FIXTURE(Heard, "a clock that stands still or goes back is survived") {
  hear(voice(-20), 200ms);
  const SpeechActivity before = activity.activity(now);
  CHECK(activity.activity(now - 10s) == before);
  activity.on_level(voice(-20), now - 10s);
  CHECK(activity.activity(now).medium == 5);
}

}  // namespace sluice::test
