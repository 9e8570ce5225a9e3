#include "tests/simulation/link.h"

#include <algorithm>

namespace sluice::simulation {

bool LinkNoise::loses(const Link& link, Random& random) noexcept {
  if (link.bursts.enter > 0) {
    if (random.happens(bad_ ? link.bursts.leave : link.bursts.enter)) bad_ = !bad_;
  } else {
    bad_ = false;
  }
  return random.happens(bad_ ? link.bursts.loss : link.loss);
}

LinkNoise::Arrivals LinkNoise::arrivals(const Link& link, Instant departure, Random& random) noexcept {
  const auto jitter = Duration{static_cast<Duration::rep>(random.unit() * static_cast<double>(link.jitter.count()))};
  Arrivals result{.first = departure + link.delay + jitter};
  if (link.jitter_order == JitterOrder::is_kept) latest_ = result.first = std::max(result.first, latest_);
  if (random.happens(link.reordering)) {
    result.reordered = true;
    result.first += link.reorder_delay;
  }
  if (random.happens(link.duplication)) result.duplicate = result.first + link.delay;
  return result;
}

}  // namespace sluice::simulation
