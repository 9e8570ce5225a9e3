#include "core/media/recovery/score_meter.h"

#include <algorithm>

namespace sluice {

namespace {

constexpr double kBest = 10;
constexpr double kOfUnrepaired = 6;
constexpr double kOfRepaired = 0.5;
constexpr double kMostOfDelay = 0.5;
constexpr double kUnnoticedSeconds = 0.15;
constexpr double kFall = 0.5;
constexpr double kRise = 0.25;

double score_of(double unrepaired, double repaired, const ScoreMeter::Delay& delay) noexcept {
  using Seconds = std::chrono::duration<double>;
  const double one_way = Seconds{delay.round_trip}.count() / 2 + Seconds{delay.jitter}.count() * 2;
  const double late = std::clamp(one_way - kUnnoticedSeconds, 0.0, kMostOfDelay);
  return kBest * std::max(0.0, 1 - kOfUnrepaired * unrepaired - kOfRepaired * repaired) * (1 - late);
}

}  // namespace

void ScoreMeter::update(const Totals& totals, const Delay& delay) noexcept {
  const Totals before = before_.value_or(Totals{});
  const std::int64_t expected = totals.expected - before.expected;
  if (expected == 0) return;
  before_ = totals;
  if (expected < 0) return;  // it began anew

  // What an interval lost may come again in the next one: there it makes up for nothing, and costs as a repair.
  const std::int64_t lost = std::clamp<std::int64_t>(totals.lost - before.lost, 0, expected);
  const std::int64_t repaired = std::clamp<std::int64_t>(totals.repaired - before.repaired, 0, expected);
  const auto share = static_cast<double>(expected);
  const double score = score_of(static_cast<double>(std::max<std::int64_t>(lost - repaired, 0)) / share,
                                static_cast<double>(repaired) / share, delay);
  const double last = value_.value_or(score);
  value_ = last + (score - last) * (score < last ? kFall : kRise);
}

}  // namespace sluice
