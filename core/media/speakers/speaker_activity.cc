#include "core/media/speakers/speaker_activity.h"

#include <algorithm>
#include <bit>

namespace sluice {

namespace {

constexpr std::int64_t kHoldSlots = SpeakerActivity::kHold / SpeakerActivity::kSlot;
constexpr int kMediumSlots = SpeechActivity::kMediumMax;
constexpr int kLongSlots = SpeechActivity::kLongMax * kMediumSlots;
constexpr std::uint64_t kLastSecond = (std::uint64_t{1} << kLongSlots) - 1;
constexpr std::uint64_t kLastMedium = (std::uint64_t{1} << kMediumSlots) - 1;
/// Of the five slots of 100 ms so many must be speech, for these 100 ms to count as speech: a word has its dips.
constexpr int kSlotsOfSpeech = 3;

/// Loudness here is decibels above -127 dBov: RFC 6464's level, turned round.
constexpr int kSilence = 127;
/// One step of immediate activity.
constexpr int kStepDb = 2;
/// Noise that goes on is known as such after a few seconds: 2 dB a second. What is quieter is believed at once, or
/// nearly: between two words the noise is all that is heard.
constexpr int kNoiseRiseDb = 2;
constexpr int kSlotsPerSecond = std::chrono::seconds{1} / SpeakerActivity::kSlot;
constexpr std::int32_t kNoiseFall = 4;

std::int64_t slot_of(Instant now) noexcept { return now.time_since_epoch() / SpeakerActivity::kSlot; }

std::uint64_t ones(std::int64_t count) noexcept { return (std::uint64_t{1} << count) - 1; }

}  // namespace

// Slots without a packet of their own go on with the level before, while it holds.
void SpeakerActivity::advance(Instant now) noexcept {
  const std::int64_t target = slot_of(now);
  const std::int64_t passed = target - slot_;
  if (passed <= 0) return;
  const std::int64_t held = std::clamp<std::int64_t>(heard_slot_ + kHoldSlots - slot_, 0, std::min(passed, kHoldSlots));
  const bool spoke = (speech_ & 1) != 0;
  speech_ = passed > kLongSlots ? 0 : speech_ << passed & kLastSecond;
  if (spoke && passed <= kLongSlots) speech_ |= ones(held) << (passed - held) & kLastSecond;
  if (held < passed) immediate_ = 0;
  slot_ = target;
}

void SpeakerActivity::adapt_noise(int loudness, std::int64_t slots) noexcept {
  const std::int32_t heard = loudness * kOneDb;
  if (heard < noise_) {
    noise_ -= (noise_ - heard) / kNoiseFall;
  } else {
    const auto rise = static_cast<std::int32_t>(std::min(slots, kHoldSlots)) * kNoiseRiseDb * kOneDb / kSlotsPerSecond;
    noise_ = std::min(noise_ + rise, heard);
  }
  noise_ = std::clamp(noise_, kLeastNoise, kMostNoise);
}

// V counts where the sender is known to say both: many set it always, or never. What is no voice then counts half,
// which is never speech.
std::uint8_t SpeakerActivity::immediate_of(AudioLevel level) noexcept {
  (level.voice ? said_voice_ : said_no_voice_) = true;
  const std::int32_t loudness = kSilence - std::int32_t{level.minus_dbov};
  const std::int32_t steps = (loudness * kOneDb - noise_) / (kStepDb * kOneDb);
  const auto counted = std::clamp<std::int32_t>(steps, 0, SpeechActivity::kImmediateMax);
  const bool known_as_noise = !level.voice && said_voice_ && said_no_voice_;
  return static_cast<std::uint8_t>(known_as_noise ? counted / 2 : counted);
}

bool SpeakerActivity::on_level(AudioLevel level, Instant now) noexcept {
  advance(now);
  const int loudness = kSilence - std::min<int>(level.minus_dbov, kSilence);
  const bool first_of_slot = heard_slot_ != slot_;
  if (first_of_slot) adapt_noise(loudness, slot_ - heard_slot_);
  heard_slot_ = slot_;
  const bool silent_before = speech_ == 0;

  const std::uint8_t immediate = immediate_of(level);
  immediate_ = first_of_slot ? immediate : std::max(immediate_, immediate);
  const bool speech = immediate_ >= SpeechActivity::kSpeech;
  speech_ = (speech_ & ~std::uint64_t{1}) | (speech ? 1 : 0);
  if (immediate > 0) {
    loudest_ = std::max(loudest_, static_cast<std::uint8_t>(loudness));
    voice_ = voice_ || level.voice;
  }
  return speech && silent_before;
}

SpeechActivity SpeakerActivity::activity(Instant now) noexcept {
  advance(now);
  SpeechActivity out{.immediate = immediate_,
                     .medium = static_cast<std::uint8_t>(std::popcount(speech_ & kLastMedium)),
                     .long_term = 0};
  for (std::uint64_t slots = speech_; slots != 0; slots >>= kMediumSlots) {
    if (std::popcount(slots & kLastMedium) >= kSlotsOfSpeech) ++out.long_term;
  }
  return out;
}

SpeakerReport SpeakerActivity::report(SpeakerId id, Instant now) noexcept {
  SpeakerReport out{.id = id, .activity = activity(now)};
  out.minus_dbov = static_cast<std::uint8_t>(kSilence - loudest_);
  out.voice = voice_;
  loudest_ = 0;
  voice_ = false;
  return out;
}

void SpeakerActivity::fall_silent() noexcept {
  speech_ = 0;
  immediate_ = 0;
  loudest_ = 0;
  voice_ = false;
}

}  // namespace sluice
