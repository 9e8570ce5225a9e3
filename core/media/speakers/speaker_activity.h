#pragma once

#include <chrono>
#include <cstdint>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/speakers/speech_activity.h"
#include "sluice/time.h"

namespace sluice {

/// Tells from the audio levels of one microphone's packets (RFC 6464) how much somebody speaks into it.
///
/// Time is cut into slots of 20 ms. A slot counts as speech if its level stands far enough out of the noise, whose
/// level is followed. A packet's level holds until the next one comes, for kHold at most: longer gaps (discontinuous
/// transmission, a track that was switched off) are silence. docs/speakers.md has the method and its constants.
/// @note Fixed memory; constant cost for each packet.
class SpeakerActivity {
 public:
  static constexpr Duration kSlot = std::chrono::milliseconds{20};
  /// Packets of 60 ms and some jitter leave no hole.
  static constexpr Duration kHold = std::chrono::milliseconds{100};

  /// A packet's level. @return whether somebody begins to speak after a second of silence.
  bool on_level(AudioLevel level, Instant now) noexcept;
  /// As of `now`.
  [[nodiscard]] SpeechActivity activity(Instant now) noexcept;
  /// A report as of `now`; the next one tells what is heard from here on.
  [[nodiscard]] SpeakerReport report(SpeakerId id, Instant now) noexcept;
  /// It stands out of the noise now.
  [[nodiscard]] bool audible() const noexcept { return immediate_ > 0; }
  /// What was heard is forgotten; what is known of the noise stays.
  void fall_silent() noexcept;

 private:
  // Noise is kept in 1/256 dB above -127 dBov. It is taken to be -65 dBov at least, and -40 dBov at most.
  static constexpr std::int32_t kOneDb = 256;
  static constexpr std::int32_t kLeastNoise = (127 - 65) * kOneDb;
  static constexpr std::int32_t kMostNoise = (127 - 40) * kOneDb;

  void advance(Instant now) noexcept;
  void adapt_noise(int loudness, std::int64_t slots) noexcept;
  [[nodiscard]] std::uint8_t immediate_of(AudioLevel level) noexcept;

  std::uint64_t speech_ = 0;     // by slot, the newest in bit 0; those of the last second
  std::int64_t slot_ = 0;        // the newest
  std::int64_t heard_slot_ = 0;  // of the last packet
  std::int32_t noise_ = kLeastNoise;
  std::uint8_t immediate_ = 0;  // of the newest slot
  std::uint8_t loudest_ = 0;    // dB above -127 dBov, since the last report
  bool voice_ = false;          // since the last report
  bool said_voice_ = false;     // ever
  bool said_no_voice_ = false;  // ever
};

}  // namespace sluice
