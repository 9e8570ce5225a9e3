#include "tests/simulation/bottleneck.h"

#include <algorithm>
#include <utility>

namespace sluice::simulation {
namespace {

constexpr std::int64_t kWorkPerByte = 8'000'000'000;

Duration time_for(std::int64_t work, DataRate rate) noexcept {
  return std::chrono::nanoseconds{(work + rate.bps() - 1) / rate.bps()};
}

}  // namespace

void Bottleneck::configure(const Config& config, Instant now) noexcept {
  advance_line(now);
  config_ = config;
}

void Bottleneck::set_rate(DataRate rate, Instant now) noexcept {
  Config config = config_;
  config.rate = rate;
  configure(config, now);
}

bool Bottleneck::has_room(std::size_t bytes) const noexcept {
  if (config_.rate.is_zero()) return true;
  const std::size_t total = queued_bytes_ + bytes;
  if (total > config_.queue_bytes) return false;
  return config_.queue_time == Duration::zero() || config_.rate.time_for(total) <= config_.queue_time;
}

bool Bottleneck::push(Parcel parcel, Instant now) {
  if (!has_room(parcel.bytes.size())) {
    ++counters_.dropped;
    return false;
  }
  queued_bytes_ += parcel.bytes.size();
  queue_.push_back({.parcel = std::move(parcel), .since = now});
  if (queue_.size() == 1) begin_line(now);
  return true;
}

void Bottleneck::begin_line(Instant now) noexcept {
  const Waiting& first = queue_.front();
  work_left_ = static_cast<std::int64_t>(first.parcel.bytes.size()) * kWorkPerByte;
  as_of_ = std::max(now, first.since);
  counters_.waits.add(as_of_ - first.since);
}

void Bottleneck::advance_line(Instant now) noexcept {
  if (queue_.empty() || now <= as_of_) return;
  const Duration elapsed = now - as_of_;
  as_of_ = now;
  // A rate of zero had made it free already.
  const bool done = config_.rate.is_zero() || elapsed >= time_for(work_left_, config_.rate);
  work_left_ = done ? 0 : work_left_ - elapsed.count() * config_.rate.bps();
}

std::optional<Instant> Bottleneck::next_departure() const noexcept {
  if (queue_.empty()) return std::nullopt;
  return config_.rate.is_zero() ? as_of_ : as_of_ + time_for(work_left_, config_.rate);
}

std::optional<Bottleneck::Departure> Bottleneck::pop(Instant now) {
  const auto at = next_departure();
  if (!at || *at > now) return std::nullopt;
  Departure departure{.parcel = std::move(queue_.front().parcel), .at = *at};
  queue_.pop_front();
  queued_bytes_ -= departure.parcel.bytes.size();
  ++counters_.datagrams;
  counters_.bytes += departure.parcel.bytes.size();
  if (!queue_.empty()) begin_line(*at);
  return departure;
}

}  // namespace sluice::simulation
