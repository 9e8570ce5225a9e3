#include "quality/sample_ring.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace sluice::analytics {

namespace {

// Units of the packed figures: a tenth of a millisecond and of a frame, 0.002 % of loss, a thousandth of a score.
constexpr double kPerMillisecond = 10;
constexpr double kPerFrame = 10;
constexpr double kPerLoss = 50'000;
constexpr double kPerMos = 1'000;

constexpr std::uint16_t kMissing = std::numeric_limits<std::uint16_t>::max();

static_assert(sizeof(PackedSample) == 36, "kept a hundred times for each participant");

std::uint16_t pack(std::optional<double> figure, double per_unit = 1) noexcept {
  if (!figure) return kMissing;
  return static_cast<std::uint16_t>(std::clamp(std::round(*figure * per_unit), 0.0, kMissing - 1.0));
}

std::uint16_t pack(std::optional<int> figure) noexcept {
  return figure ? pack(std::optional{static_cast<double>(*figure)}) : kMissing;
}

std::optional<double> real(std::uint16_t packed, double per_unit = 1) noexcept {
  return packed == kMissing ? std::nullopt : std::optional{packed / per_unit};
}

std::optional<int> whole(std::uint16_t packed) noexcept {
  return packed == kMissing ? std::nullopt : std::optional<int>{packed};
}

std::uint32_t pack_rate(std::int64_t bps) noexcept {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(bps, 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

PackedSample::PackedSample(const TimedSample& sample) noexcept {
  using std::chrono::milliseconds;
  const auto at = std::chrono::duration_cast<milliseconds>(sample.at.time_since_epoch()).count();
  at_s_ = static_cast<std::uint32_t>(at / 1'000);
  at_ms_ = static_cast<std::uint16_t>(at % 1'000);
  const QualitySample& q = sample.quality;
  up_bps_ = pack_rate(q.up_bps);
  down_bps_ = pack_rate(q.down_bps);
  round_trip_ = pack(q.round_trip_ms, kPerMillisecond);
  jitter_ = pack(q.jitter_ms, kPerMillisecond);
  loss_up_ = pack(q.loss_up, kPerLoss);
  loss_down_ = pack(q.loss_down, kPerLoss);
  width_ = pack(q.width);
  height_ = pack(q.height);
  frame_rate_ = pack(q.frames_per_second, kPerFrame);
  freezes_ = pack(q.freezes);
  frozen_ms_ = pack(q.frozen_ms);
  mos_ = pack(q.mos, kPerMos);
  grade_ = q.grade ? static_cast<std::uint16_t>(*q.grade) : kMissing;
}

TimedSample PackedSample::unpack() const noexcept {
  const std::chrono::milliseconds at{std::int64_t{at_s_} * 1'000 + at_ms_};
  QualitySample q{.round_trip_ms = real(round_trip_, kPerMillisecond),
                  .jitter_ms = real(jitter_, kPerMillisecond),
                  .loss_up = real(loss_up_, kPerLoss),
                  .loss_down = real(loss_down_, kPerLoss),
                  .up_bps = up_bps_,
                  .down_bps = down_bps_,
                  .width = whole(width_),
                  .height = whole(height_),
                  .frames_per_second = real(frame_rate_, kPerFrame),
                  .freezes = whole(freezes_),
                  .frozen_ms = real(frozen_ms_),
                  .mos = real(mos_, kPerMos)};
  if (grade_ != kMissing) q.grade = static_cast<Grade>(grade_);
  return {.at = WallTime{at}, .quality = q};
}

void SampleRing::push(const TimedSample& sample) {
  if (slots_.size() < capacity_) {
    slots_.emplace_back(sample);
    return;
  }
  slots_[next_] = PackedSample{sample};
  next_ = (next_ + 1) % slots_.size();
}

void SampleRing::resize(std::size_t capacity) {
  if (capacity == capacity_) return;
  std::ranges::rotate(slots_, slots_.begin() + static_cast<std::ptrdiff_t>(next_));
  next_ = 0;
  capacity_ = capacity;
  if (slots_.size() <= capacity) return;
  slots_.erase(slots_.begin(), slots_.end() - static_cast<std::ptrdiff_t>(capacity));
  slots_.shrink_to_fit();
}

TimedSample SampleRing::newest() const noexcept { return slots_[(next_ + slots_.size() - 1) % slots_.size()].unpack(); }

std::vector<TimedSample> SampleRing::all() const {
  std::vector<TimedSample> out;
  out.reserve(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) out.push_back(slots_[(next_ + i) % slots_.size()].unpack());
  return out;
}

}  // namespace sluice::analytics
