#include "mixer_source.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "sluice/media/audio_mixer.h"

namespace sluice::media {

namespace {

constexpr std::size_t kChannels = AudioBlock::kChannels;
constexpr std::int64_t kDriftFrames = AudioMixer::kDrift.count() * AudioBlock::kSampleRate / 1'000'000;

/// Times of files are rounded to a millisecond: no drift yet.
constexpr double kTolerance = 48;
/// Of a block's difference in the average.
constexpr double kSmoothing = 1.0 / 16;
/// A block makes up for that part of the difference,
constexpr double kPart = 1.0 / 64;
/// and is stretched or squeezed by no more than that: nobody hears 0.5 %.
constexpr std::int64_t kMaxStretch = 200;

/// From 0 to 1 over kFade frames, without corners.
float fade(std::int64_t frame) {
  const auto part = static_cast<double>(frame) / static_cast<double>(MixerSource::kFade);
  return static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(part, 0.0, 1.0)));
}

/// A cubic through four points (Catmull-Rom), between the middle ones.
float between(float a, float b, float c, float d, float t) {
  const auto slope_b = (c - a) / 2;
  const auto slope_c = (d - b) / 2;
  const auto difference = b - c;
  return ((2 * difference + slope_b + slope_c) * t - (3 * difference + 2 * slope_b + slope_c)) * t * t + slope_b * t +
         b;
}

/// `samples` in another number of frames, joined to the two frames before.
std::vector<float> stretched(std::span<const float> samples, std::span<const float, 4> history, std::int64_t frames) {
  const auto have = static_cast<std::int64_t>(samples.size() / kChannels);
  const auto at = [&](std::int64_t frame, std::size_t channel) {
    if (frame < 0) return history[static_cast<std::size_t>(std::max(frame + 2, std::int64_t{0})) * kChannels + channel];
    return samples[static_cast<std::size_t>(std::min(frame, have - 1)) * kChannels + channel];
  };
  std::vector<float> out(static_cast<std::size_t>(frames) * kChannels);
  for (std::int64_t i = 0; i < frames; ++i) {
    // The first lies one step behind the last frame of the block before, the last one is the block's last frame.
    const auto from = static_cast<double>(i + 1) * static_cast<double>(have) / static_cast<double>(frames) - 1;
    const auto frame = static_cast<std::int64_t>(std::floor(from));
    const auto t = static_cast<float>(from - static_cast<double>(frame));
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
      out[static_cast<std::size_t>(i) * kChannels + channel] =
          between(at(frame - 1, channel), at(frame, channel), at(frame + 1, channel), at(frame + 2, channel), t);
    }
  }
  return out;
}

}  // namespace

void MixerSource::add(std::int64_t at, std::span<const float> samples) {
  const auto frames = static_cast<std::int64_t>(samples.size() / kChannels);
  if (frames == 0) return;
  const auto off = at - end_;
  if (going_ && std::abs(off) <= kDriftFrames) {
    append(samples, off);
    return;
  }
  if (going_) {
    // Too early: what lies before the end was heard already.
    if (off < 0 && frames <= -off) return;
    const auto skipped = std::max<std::int64_t>(-off, 0);
    place_tail();
    place(at + skipped, samples.subspan(static_cast<std::size_t>(skipped) * kChannels), true);
  } else {
    if (at + frames <= position_) return;
    place(at, samples, true);
  }
  going_ = true;
  average_off_ = 0;
  end_ = at + frames;
  const auto kept = std::min(samples.size(), history_.size());
  history_.fill(samples[samples.size() - kChannels]);
  std::ranges::copy(samples.last(kept), history_.end() - static_cast<std::ptrdiff_t>(kept));
}

void MixerSource::append(std::span<const float> samples, std::int64_t off) {
  const auto frames = static_cast<std::int64_t>(samples.size() / kChannels);
  const auto more = correction(off, frames);
  if (more == 0) {
    place(end_, samples, false);
  } else {
    place(end_, stretched(samples, history_, frames + more), false);
  }
  end_ += frames + more;
  // Of a block of a single frame, the one before moves up.
  if (samples.size() < history_.size()) std::ranges::copy_n(history_.begin() + kChannels, kChannels, history_.begin());
  const auto kept = std::min(samples.size(), history_.size());
  std::ranges::copy(samples.last(kept), history_.end() - static_cast<std::ptrdiff_t>(kept));
}

/// Frames more (or fewer) that the block is to take, so that the source comes back to where it says that it is.
std::int64_t MixerSource::correction(std::int64_t off, std::int64_t frames) {
  average_off_ += (static_cast<double>(off) - average_off_) * kSmoothing;
  if (std::abs(average_off_) <= kTolerance) return 0;
  const auto most = std::max<std::int64_t>(frames / kMaxStretch, 1);
  auto more = std::clamp(static_cast<std::int64_t>(std::round(average_off_ * kPart)), -most, most);
  if (more == 0) more = average_off_ > 0 ? 1 : -1;
  if (frames + more <= 0) return 0;
  average_off_ -= static_cast<double>(more);
  return more;
}

void MixerSource::settle(std::int64_t frames) {
  if (!going_ || end_ >= position_ + frames) return;
  place_tail();
  going_ = false;
}

void MixerSource::place_tail() {
  std::array<float, kFade * kChannels> tail{};
  for (std::int64_t i = 0; i < kFade; ++i) {
    const auto gain = 1 - fade(i + 1);
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
      tail[static_cast<std::size_t>(i) * kChannels + channel] = history_[kChannels + channel] * gain;
    }
  }
  place(end_, tail, false);
}

void MixerSource::place(std::int64_t at, std::span<const float> samples, bool fade_in) {
  const auto past = std::clamp<std::int64_t>(position_ - at, 0, static_cast<std::int64_t>(samples.size() / kChannels));
  samples = samples.subspan(static_cast<std::size_t>(past) * kChannels);
  if (samples.empty()) return;
  const auto begin = head_ + static_cast<std::size_t>(at + past - position_) * kChannels;
  samples_.resize(std::max(samples_.size(), begin + samples.size()), 0.0F);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto value = std::isfinite(samples[i]) ? samples[i] : 0.0F;
    const auto frame = static_cast<std::int64_t>(i / kChannels);
    samples_[begin + i] += fade_in && frame < kFade ? value * fade(frame) : value;
  }
}

void MixerSource::mix_into(std::span<float> sum, std::size_t offset) const {
  const auto begin = head_ + offset * kChannels;
  if (begin >= samples_.size()) return;
  const auto count = std::min(sum.size(), samples_.size() - begin);
  for (std::size_t i = 0; i < count; ++i) sum[i] += samples_[begin + i];
}

void MixerSource::advance(std::size_t frames) {
  position_ += static_cast<std::int64_t>(frames);
  head_ = std::min(head_ + frames * kChannels, samples_.size());
  // Moved to the front once half of it is over: each sample moves once, or so.
  if (head_ < samples_.size() / 2 || head_ == 0) return;
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
}

void MixerSource::cut() {
  const auto kept = std::min(samples_.size() - head_, static_cast<std::size_t>(kFade) * kChannels);
  samples_.resize(head_ + kept);
  for (std::size_t i = 0; i < kept; ++i) samples_[head_ + i] *= 1 - fade(static_cast<std::int64_t>(i / kChannels));
  going_ = false;
}

}  // namespace sluice::media
