#include "limiter.h"

#include <algorithm>
#include <cmath>

namespace sluice::media {

namespace {

constexpr std::size_t kChannels = 2;
/// From silence to full in 300 ms.
constexpr float kReleasePerStep = 2.5F / 300;

/// The gain with which none of them is above the ceiling.
float allowed(std::span<const float> samples) {
  float peak = 0;
  for (const auto sample : samples) peak = std::max(peak, std::abs(sample));
  return peak <= Limiter::kCeiling ? 1 : Limiter::kCeiling / peak;
}

}  // namespace

void Limiter::apply(std::span<float> samples, std::span<const float> ahead) {
  constexpr auto kStepSamples = kStep * kChannels;
  auto step = samples.first(std::min(samples.size(), kStepSamples));
  auto allowed_now = allowed(step);
  while (!step.empty()) {
    samples = samples.subspan(step.size());
    const auto next = samples.first(std::min(samples.size(), kStepSamples));
    const auto allowed_next = allowed(next.empty() ? ahead : next);
    // Both ends of the line are allowed in this step, so all of it is; the end in the next one, too.
    const auto begin = std::min(gain_, allowed_now);
    const auto end = std::min({begin + kReleasePerStep, allowed_now, allowed_next});
    if (begin < 1 || end < 1) {
      const auto frames = step.size() / kChannels;
      for (std::size_t i = 0; i < frames; ++i) {
        const auto gain = begin + (end - begin) * static_cast<float>(i) / static_cast<float>(frames);
        step[i * kChannels] *= gain;
        step[i * kChannels + 1] *= gain;
      }
    }
    gain_ = end;
    allowed_now = allowed_next;
    step = next;
  }
}

}  // namespace sluice::media
