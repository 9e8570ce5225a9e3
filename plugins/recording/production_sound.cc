#include "production_sound.h"

#include <algorithm>
#include <utility>

namespace sluice::recording {

namespace {

/// Read ahead of what is mixed: the mixer smooths over blocks that come a little late.
constexpr MediaTime kAhead = std::chrono::milliseconds{200};
/// Gaps that the decoder can fill: a packet or a few were lost. Longer ones are silence, as those of a sender that has
/// nothing to say.
constexpr MediaTime kLeastGap = std::chrono::milliseconds{5};
constexpr MediaTime kMaxConcealed = std::chrono::milliseconds{80};
/// A source that was given nothing for so long is dropped from the mixer.
constexpr MediaTime kFadedOut = std::chrono::seconds{1};

constexpr MediaTime length_of(std::size_t frames) noexcept {
  return MediaTime{static_cast<std::int64_t>(frames) * 1'000'000 / media::AudioBlock::kSampleRate};
}

constexpr std::size_t frames_in(MediaTime time) noexcept {
  return static_cast<std::size_t>(std::max<std::int64_t>(time.count(), 0) * media::AudioBlock::kSampleRate / 1'000'000);
}

}  // namespace

SoundMix::SoundMix(std::vector<TrackStream> streams, const Timeline& timeline) : timeline_{timeline} {
  voices_.reserve(streams.size());
  for (TrackStream& stream : streams) voices_.emplace_back(std::move(stream));
}

media::AudioBlock SoundMix::next(std::size_t frames) {
  const MediaTime until = timeline_.session_time(mixer_.position() + length_of(frames) + kAhead);
  for (Voice& voice : voices_) advance(voice, until);
  remove_silent();
  return mixer_.mix(frames);
}

void SoundMix::remove_silent() {
  const MediaTime before = mixer_.position() - kFadedOut;
  std::erase_if(sources_, [&](const auto& source) {
    if (source.second >= before) return false;
    mixer_.remove(source.first);
    return true;
  });
}

void SoundMix::advance(Voice& voice, MediaTime until) {
  while (auto frame = voice.stream.next(until)) {
    try {
      decode(voice, *frame);
    } catch (const media::MediaError&) {
      voice.decoder.reset();  // begun anew with the next
    }
  }
}

void SoundMix::decode(Voice& voice, const TrackStream::Frame& frame) {
  if (!voice.decoder) voice.decoder.emplace(voice.stream.format());
  conceal(voice, frame.at);
  const auto block = voice.decoder->decode(frame.packet);
  if (!block) return;
  const MediaTime at = voice.stream.time_of(block->pts);
  voice.end = at + length_of(block->frames());
  lay(voice, *block, at);
}

/// Before the packet that comes after the gap is decoded: the decoder goes on from what it had.
void SoundMix::conceal(Voice& voice, MediaTime until) {
  if (!voice.end) return;
  const MediaTime gap = until - *voice.end;
  if (gap < kLeastGap || gap > kMaxConcealed) return;
  if (const auto block = voice.decoder->conceal(gap)) lay(voice, *block, *voice.end);
}

/// Each piece between the pauses is a source of its own, so that what comes after a pause is laid where it belongs, and
/// not taken for what belongs right behind the sound before it.
void SoundMix::lay(Voice& voice, const media::AudioBlock& block, MediaTime at) {
  if (voice.stream.track().is_paused(at)) return;  // muted
  const MediaTime end = at + length_of(block.frames());
  const auto& pieces = timeline_.pieces();
  auto piece = std::ranges::upper_bound(pieces, at, {}, &Span::end);
  for (; piece != pieces.end() && piece->begin < end; ++piece) {
    const std::size_t from = frames_in(piece->begin - at);
    const std::size_t to = std::min(block.frames(), frames_in(piece->end - at));
    if (from >= to) continue;
    media::AudioBlock part;
    part.pts = timeline_.product_time(std::max(at, piece->begin));
    const auto sample = [&block](std::size_t frame) {
      return block.samples.begin() + static_cast<std::ptrdiff_t>(frame * media::AudioBlock::kChannels);
    };
    part.samples.assign(sample(from), sample(to));
    const std::string source = voice.stream.track().began.track + "#" + std::to_string(piece - pieces.begin());
    sources_[source] = part.pts + length_of(part.frames());
    mixer_.add(source, part);
  }
}

}  // namespace sluice::recording
