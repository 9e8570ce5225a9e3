#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/media/speakers/dominant_speaker.h"
#include "core/media/speakers/speaker_activity.h"

/// Sounds as a microphone's level extension tells them, in steps of 20 ms, and a room of microphones. Repeatable.
namespace sluice::test {

using namespace std::chrono_literals;

inline constexpr Duration kPacket = 20ms;
inline constexpr AudioLevel kQuiet{.voice = false, .minus_dbov = 127};

constexpr AudioLevel voice(int dbov) { return {.voice = true, .minus_dbov = static_cast<std::uint8_t>(-dbov)}; }
constexpr AudioLevel no_voice(int dbov) { return {.voice = false, .minus_dbov = static_cast<std::uint8_t>(-dbov)}; }

/// Speech: syllables of 160 ms with dips of 40 ms between them, and 260 ms between words of four syllables.
inline AudioLevel speech(Duration since, int dbov = -28) {
  constexpr Duration kWord = 4 * 200ms + 260ms;
  const Duration in_word = since % kWord;
  if (in_word >= 4 * 200ms) return no_voice(-70);
  const Duration in_syllable = in_word % 200ms;
  if (in_syllable >= 160ms) return voice(dbov - 20);
  return voice(dbov + static_cast<int>(in_syllable / kPacket) % 3);
}
/// One burst of 320 ms.
inline AudioLevel cough(Duration since) { return since < 320ms ? voice(-15) : no_voice(-75); }
/// A key is struck each 130 ms.
inline AudioLevel typing(Duration since) { return since % 120ms < kPacket ? no_voice(-35) : no_voice(-68); }
inline AudioLevel fan(Duration) { return no_voice(-38); }

/// Microphones that are heard as their script says.
class TestRoom {
 public:
  using Sound = AudioLevel (*)(Duration since);

  explicit TestRoom(DominantSpeaker::Config config = {}) : speaker{config} {}

  /// From now on it sounds like that; null: its packets stop.
  void sounds(int who, std::optional<AudioLevel (*)(Duration)> sound) { scripts_[who] = {sound, now}; }
  void speaks(int who) {
    sounds(who, [](Duration since) { return speech(since); });
  }
  void falls_silent(int who) {
    sounds(who, [](Duration) { return kQuiet; });
  }

  void run(Duration time) {
    for (const Instant end = now + time; now < end; now += kPacket) {
      for (auto& [who, script] : scripts_) {
        if (script.sound) microphones_[who].on_level((*script.sound)(now - script.since), now);
      }
      if (now.time_since_epoch() % 100ms == Duration::zero()) report();
    }
  }
  [[nodiscard]] std::optional<int> leads() const {
    if (!speaker.current()) return std::nullopt;
    return static_cast<int>(speaker.current()->value());
  }
  static SpeakerId id(int who) { return SpeakerId{static_cast<std::uint64_t>(who)}; }

  Instant now = Instant{} + 1h;
  DominantSpeaker speaker;
  std::vector<int> changes;  // who came to lead, in order

 private:
  struct Script {
    std::optional<AudioLevel (*)(Duration)> sound;
    Instant since;
  };

  void report() {
    for (auto& [who, microphone] : microphones_) speaker.update(id(who), microphone.activity(now));
    if (speaker.decide(now)) changes.push_back(leads().value());
  }

  std::map<int, Script> scripts_;
  std::map<int, SpeakerActivity> microphones_;
};

}  // namespace sluice::test
