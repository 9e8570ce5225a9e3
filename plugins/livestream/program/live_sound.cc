#include "program/live_sound.h"

#include <utility>

namespace sluice::livestream {

namespace {

/// Gaps that the decoder can fill: a packet or a few were lost. Longer ones are silence, as those of a sender that has
/// nothing to say.
constexpr MediaTime kLeastGap = std::chrono::milliseconds{5};
constexpr MediaTime kMaxConcealed = std::chrono::milliseconds{80};

MediaTime length_of(const media::AudioBlock& block) noexcept {
  return MediaTime{static_cast<std::int64_t>(block.frames()) * 1'000'000 / media::AudioBlock::kSampleRate};
}

std::string source_of(const LiveTrack& track) { return std::to_string(track.plan().number); }

}  // namespace

void LiveSound::add(LiveTrack track) {
  const TrackNumber number = track.plan().number;
  voices_.try_emplace(number, std::move(track));
}

std::uint64_t LiveSound::remove(TrackNumber track) {
  const auto voice = voices_.find(track);
  if (voice == voices_.end()) return 0;
  const std::uint64_t lost = voice->second.track.lost_packets();
  mixer_.remove(source_of(voice->second.track));
  voices_.erase(voice);
  return lost;
}

void LiveSound::set_paused(TrackNumber track, bool paused) {
  const auto voice = voices_.find(track);
  if (voice == voices_.end()) return;
  voice->second.paused = paused;
  if (paused) mixer_.remove(source_of(voice->second.track));
}

void LiveSound::insert(const FeedPacket& packet, const ProgramClock& clock) {
  const auto voice = voices_.find(packet.track);
  if (voice != voices_.end()) voice->second.track.insert(packet, clock);
}

media::AudioBlock LiveSound::mix(std::size_t frames, Instant now, const ProgramClock& clock) {
  for (auto& [number, voice] : voices_) {
    while (auto timed = voice.track.next(now, clock)) decode(voice, std::move(*timed));
  }
  return mixer_.mix(frames);
}

void LiveSound::decode(Voice& voice, TimedFrame&& timed) {
  try {
    if (!voice.decoder) voice.decoder.emplace(media::TrackFormat{.codec = voice.track.plan().codec});
    conceal(voice, timed.at);
    auto block = voice.decoder->decode(
        {.data = std::move(timed.frame.data), .pts = timed.at, .dts = timed.at, .key_frame = true});
    if (!block) return;
    voice.end = block->pts + length_of(*block);
    lay(voice, std::move(*block));
  } catch (const media::MediaError&) {
    voice.decoder.reset();  // begun anew with the next
  }
}

/// Before the packet that comes after the gap is decoded: the decoder goes on from what it had.
void LiveSound::conceal(Voice& voice, MediaTime until) {
  if (!voice.end) return;
  const MediaTime gap = until - *voice.end;
  if (gap < kLeastGap || gap > kMaxConcealed) return;
  auto block = voice.decoder->conceal(gap);
  if (!block) return;
  block->pts = *voice.end;
  lay(voice, std::move(*block));
}

void LiveSound::lay(Voice& voice, media::AudioBlock&& block) {
  if (!voice.paused) mixer_.add(source_of(voice.track), block);
}

std::uint64_t LiveSound::lost_packets() const noexcept {
  std::uint64_t lost = 0;
  for (const auto& [number, voice] : voices_) lost += voice.track.lost_packets();
  return lost;
}

}  // namespace sluice::livestream
