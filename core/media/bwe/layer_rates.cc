#include "core/media/bwe/layer_rates.h"

#include <algorithm>

namespace sluice {

namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

void LayerRates::on_packet(LayerPosition position, LayerUse use, std::size_t bytes, Instant now) noexcept {
  const std::size_t spatial = std::min<std::size_t>(position.spatial, kMaxSpatial - 1);
  const std::size_t index = spatial * kMaxTemporal + std::min<std::size_t>(position.temporal, kMaxTemporal - 1);
  const std::int64_t slot = now.time_since_epoch() / kSlot;
  if (slot > newest_) rotate(slot);

  const auto add = [&](Counted& to) {
    (use == LayerUse::own ? to.own : to.upwards) += static_cast<std::uint32_t>(bytes);
  };
  add(slots_[static_cast<std::size_t>(newest_) % kSlots][index]);
  add(sums_[index]);

  for (std::uint16_t& missed : missed_) missed += missed < kSpatialMissed ? 1 : 0;
  missed_[spatial] = 0;
  Cell& cell = cells_[index];
  if (!cell.since) {
    cell.since = now;
    changed_ = true;
  }
  cell.last = last_packet_ = now;
}

std::span<const LayerRate> LayerRates::rates(Instant now) noexcept {
  if (changed_ || now - refreshed_ >= kRefresh) refresh(now);
  return std::span{rates_}.first(count_);
}

// Slots between the newest one and this one are empty, and what falls out of the window no longer counts.
void LayerRates::rotate(std::int64_t slot) noexcept {
  newest_ = std::max(newest_, slot - static_cast<std::int64_t>(kSlots));
  while (newest_ < slot) {
    Counts& oldest = slots_[static_cast<std::size_t>(++newest_) % kSlots];
    for (std::size_t i = 0; i < kCells; ++i) {
      sums_[i].own -= oldest[i].own;
      sums_[i].upwards -= oldest[i].upwards;
    }
    oldest = {};
  }
}

void LayerRates::refresh(Instant now) noexcept {
  const std::int64_t slot = now.time_since_epoch() / kSlot;
  if (slot > newest_) rotate(slot);
  forget_silent(now);
  count_ = 0;
  for (std::size_t spatial = 0; spatial < kMaxSpatial; ++spatial) {
    for (std::size_t temporal = 0; temporal < kMaxTemporal; ++temporal) {
      Cell& cell = cells_[spatial * kMaxTemporal + temporal];
      if (!cell.since) continue;
      smooth(cell, measured(spatial, temporal, now), now);
      rates_[count_++] = {
          .layer = {.spatial = static_cast<std::uint8_t>(spatial), .temporal = static_cast<std::uint8_t>(temporal)},
          .rate = DataRate::bps(static_cast<std::int64_t>(cell.rate))};
    }
  }
  refreshed_ = now;
  changed_ = false;
}

void LayerRates::forget_silent(Instant now) noexcept {
  const bool all = now - last_packet_ > kForgotten;
  for (std::size_t i = 0; i < kCells; ++i) {
    Cell& cell = cells_[i];
    if (!cell.since) continue;
    // By the time of the last packet: while nothing comes at all, nothing is switched off.
    const Duration silence = last_packet_ - cell.last;
    const auto first = cells_.begin() + static_cast<std::ptrdiff_t>(i / kMaxTemporal * kMaxTemporal);
    const Instant last_of_spatial = std::max_element(first, first + kMaxTemporal, [](const Cell& a, const Cell& b) {
                                      return a.last < b.last;
                                    })->last;
    const bool spatial_off =
        missed_[i / kMaxTemporal] >= kSpatialMissed && last_packet_ - last_of_spatial > kSpatialSilence;
    if (all || spatial_off || silence > kTemporalSilence) cell.since.reset();
  }
}

// In bits per second: what who takes this layer is sent, each layer since it is there.
double LayerRates::measured(std::size_t spatial, std::size_t temporal, Instant now) const noexcept {
  const Instant window{(newest_ - static_cast<std::int64_t>(kSlots) + 1) * kSlot};
  double rate = 0;
  for (std::size_t s = 0; s <= spatial; ++s) {
    for (std::size_t t = 0; t <= temporal; ++t) {
      const std::size_t index = s * kMaxTemporal + t;
      const Cell& cell = cells_[index];
      if (!cell.since) continue;
      const double bytes = sums_[index].upwards + (s == spatial ? sums_[index].own : 0.0);
      rate += bytes * 8 / seconds(std::max(now - std::max(window, *cell.since), kShortest));
    }
  }
  return rate;
}

void LayerRates::smooth(Cell& cell, double measured, Instant now) const noexcept {
  const Duration elapsed = now - refreshed_;
  if (now - *cell.since < kYoung) {
    cell.rate = measured;
  } else if (measured > cell.rate) {
    cell.rate += (measured - cell.rate) * std::min(1.0, seconds(elapsed) / seconds(kRise));
  } else if (now - last_packet_ < kSlot) {  // it moves
    cell.rate += (measured - cell.rate) * std::min(1.0, seconds(elapsed) / seconds(kFall));
  }
}

}  // namespace sluice
