#pragma once

#include <cstdint>

#include "sluice/media_types.h"

namespace sluice {

/// Names one microphone among those that are compared: the number of its producer.
using SpeakerId = StrongNumber<struct SpeakerIdTag, std::uint64_t>;

/// How much somebody speaks, seen over three times: what a SpeakerActivity counts, and a DominantSpeaker weighs.
struct SpeechActivity {
  static constexpr std::uint8_t kImmediateMax = 13;
  static constexpr std::uint8_t kMediumMax = 5;
  static constexpr std::uint8_t kLongMax = 10;
  /// An immediate activity from here on is taken for speech.
  static constexpr std::uint8_t kSpeech = 7;

  std::uint8_t immediate = 0;  ///< of the newest 20 ms: how far it stands out of the noise
  std::uint8_t medium = 0;     ///< of the last 100 ms: how many times 20 ms of them were speech
  std::uint8_t long_term = 0;  ///< of the last second: how many times 100 ms of it were speech

  [[nodiscard]] constexpr bool silent() const noexcept { return immediate == 0 && medium == 0 && long_term == 0; }
  friend constexpr bool operator==(const SpeechActivity&, const SpeechActivity&) noexcept = default;
};

/// What a worker tells of one microphone.
struct SpeakerReport {
  SpeakerId id;
  SpeechActivity activity{};
  std::uint8_t minus_dbov = 127;  ///< the loudest since the report before; 127: nothing was heard
  bool voice = false;             ///< the sender said, at any time since, that somebody speaks (RFC 6464's V)

  [[nodiscard]] constexpr bool heard() const noexcept { return minus_dbov < 127; }
};

}  // namespace sluice
