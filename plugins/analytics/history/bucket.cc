#include "history/bucket.h"

#include <algorithm>
#include <cmath>

namespace sluice::analytics {

template <class T>
void Bucket::Spread::add(const std::optional<T>& value) noexcept {
  if (!value) return;
  const auto number = static_cast<double>(*value);
  if (!std::isfinite(number)) return;  // a client's own report
  min = count == 0 ? number : std::min(min, number);
  max = count == 0 ? number : std::max(max, number);
  sum += number;
  ++count;
}

std::optional<double> Bucket::Spread::mean() const noexcept {
  return count == 0 ? std::nullopt : std::optional{sum / static_cast<double>(count)};
}
std::optional<double> Bucket::Spread::most() const noexcept { return count == 0 ? std::nullopt : std::optional{max}; }
std::optional<double> Bucket::Spread::least() const noexcept { return count == 0 ? std::nullopt : std::optional{min}; }

void Bucket::add(const QualitySample& sample) noexcept {
  ++samples_;
  round_trip_.add(sample.round_trip_ms);
  jitter_.add(sample.jitter_ms);
  loss_up_.add(sample.loss_up);
  loss_down_.add(sample.loss_down);
  height_.add(sample.height);
  rate_.add(sample.frames_per_second);
  mos_.add(sample.mos);
  up_bits_ += sample.up_bps;
  down_bits_ += sample.down_bps;
  freezes_ += sample.freezes.value_or(0);
  if (sample.frozen_ms && std::isfinite(*sample.frozen_ms)) frozen_ms_ += *sample.frozen_ms;
  if (sample.grade) ++grades_.at(static_cast<std::size_t>(*sample.grade));
}

QualityFigures Bucket::figures() const {
  const std::int64_t count = std::max<std::int64_t>(samples_, 1);
  return {.samples = samples_,
          .round_trip_ms = round_trip_.mean(),
          .round_trip_max_ms = round_trip_.most(),
          .jitter_ms = jitter_.mean(),
          .jitter_max_ms = jitter_.most(),
          .loss_up = loss_up_.mean(),
          .loss_up_max = loss_up_.most(),
          .loss_down = loss_down_.mean(),
          .loss_down_max = loss_down_.most(),
          .up_bps = up_bits_ / count,
          .down_bps = down_bits_ / count,
          .height = height_.mean(),
          .frames_per_second = rate_.mean(),
          .freezes = freezes_,
          .frozen_ms = static_cast<std::int64_t>(frozen_ms_),
          .mos = mos_.mean(),
          .mos_min = mos_.least(),
          .poor = grades_[0],
          .fair = grades_[1],
          .good = grades_[2],
          .excellent = grades_[3]};
}

}  // namespace sluice::analytics
