#include "sluice/media/audio_mixer.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "limiter.h"
#include "mixer_source.h"

namespace sluice::media {

namespace {

constexpr std::size_t kChannels = AudioBlock::kChannels;
constexpr std::int64_t kRate = AudioBlock::kSampleRate;
constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

/// The nearest; `span` is short enough that nothing overflows.
std::int64_t to_frames(MediaTime span) {
  const auto scaled = span.count() * kRate;
  const auto half = scaled < 0 ? -kMicrosecondsPerSecond / 2 : kMicrosecondsPerSecond / 2;
  return (scaled + half) / kMicrosecondsPerSecond;
}

MediaTime to_time(std::int64_t frames) { return MediaTime{(frames * kMicrosecondsPerSecond + kRate / 2) / kRate}; }

/// Of a block's begin to where is mixed now: beyond it nothing is computed with its time.
constexpr MediaTime kMaxBehind = std::chrono::hours{1};

}  // namespace

class AudioMixer::Impl {
 public:
  explicit Impl(MediaTime begin) : begin_{begin} {}

  void add(const std::string& source, const AudioBlock& block) {
    const auto now = position();
    if (block.frames() > static_cast<std::size_t>(to_frames(kMaxAhead))) return;
    if (block.pts < now - kMaxBehind ||
        block.pts > now + kMaxAhead - to_time(static_cast<std::int64_t>(block.frames())))
      return;
    sources_.try_emplace(source, mixed_).first->second.add(to_frames(block.pts - begin_), block.samples);
  }

  void remove(const std::string& source) {
    const auto found = sources_.find(source);
    if (found == sources_.end()) return;
    found->second.cut();
    std::array<float, MixerSource::kFade * kChannels> rest{};
    found->second.mix_into(rest, 0);
    if (farewell_.size() < rest.size()) farewell_.resize(rest.size());
    for (std::size_t i = 0; i < rest.size(); ++i) farewell_[i] += rest[i];
    sources_.erase(found);
  }

  [[nodiscard]] AudioBlock mix(std::size_t frames) {
    AudioBlock block{.pts = position(), .samples = std::vector<float>(frames * kChannels)};
    std::array<float, Limiter::kStep * kChannels> ahead{};
    for (auto& [name, source] : sources_) {
      source.settle(static_cast<std::int64_t>(frames));
      source.mix_into(block.samples, 0);
      source.mix_into(ahead, frames);
      source.advance(frames);
    }
    say_farewell(block.samples);
    limiter_.apply(block.samples, ahead);
    mixed_ += static_cast<std::int64_t>(frames);
    return block;
  }

  [[nodiscard]] MediaTime position() const noexcept { return begin_ + to_time(mixed_); }

 private:
  void say_farewell(std::vector<float>& sum) {
    const auto count = std::min(sum.size(), farewell_.size());
    for (std::size_t i = 0; i < count; ++i) sum[i] += farewell_[i];
    farewell_.erase(farewell_.begin(), farewell_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  MediaTime begin_;
  std::int64_t mixed_ = 0;  // frames
  std::map<std::string, MixerSource> sources_;
  std::vector<float> farewell_;  // how sources that were removed fade out
  Limiter limiter_;
};

AudioMixer::AudioMixer(MediaTime begin) : impl_{std::make_unique<Impl>(begin)} {}
AudioMixer::~AudioMixer() = default;
AudioMixer::AudioMixer(AudioMixer&&) noexcept = default;
AudioMixer& AudioMixer::operator=(AudioMixer&&) noexcept = default;
void AudioMixer::add(const std::string& source, const AudioBlock& block) { impl_->add(source, block); }
void AudioMixer::remove(const std::string& source) { impl_->remove(source); }
AudioBlock AudioMixer::mix(std::size_t frames) { return impl_->mix(frames); }
MediaTime AudioMixer::position() const noexcept { return impl_->position(); }

}  // namespace sluice::media
