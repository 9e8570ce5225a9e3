#include "core/media/bwe/bitrate_allocator.h"

#include <algorithm>

namespace sluice {

namespace {

// At most a quarter of the frames that this resolution has, as far as its consumer wants them.
bool is_slide_show(LayerPosition layer, const AllocationRequest& request) {
  return std::ranges::any_of(request.layers, [&](const LayerRate& other) {
    return other.layer.spatial == layer.spatial && other.layer.temporal >= layer.temporal + 2 &&
           !other.rate.is_zero() && (!request.limit || other.layer <= *request.limit);
  });
}

}  // namespace

std::span<const AllocationResult> BitrateAllocator::allocate(DataRate available,
                                                             std::span<const AllocationRequest> requests, Instant now,
                                                             PathPressure pressure) {
  floor_.set(available, now);
  available_ = available;
  caps_ = {.keep = available, .rise = floor_.least() * (1 / kRiseMargin)};
  given_ = {};
  waits_ = false;
  if (pressure == PathPressure::felt) pressure_at_ = now;
  prepare(requests);
  judge_last_rise(now);

  give_comfort();
  give_lowest();
  give_the_rest();
  save_one_picture(now);
  conclude(now);
  return results_;
}

void BitrateAllocator::prepare(std::span<const AllocationRequest> requests) {
  steps_.clear();
  shares_.clear();
  results_.assign(requests.size(), {});
  DataRate most;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Share share = make_share(requests[i]);
    if (share.count == 0) continue;
    share.request = i;
    most += rate_at(share, share.count);
    shares_.push_back(share);
  }
  wanted_ = most * kWantedHeadroom;
  std::ranges::sort(shares_, [](const Share& a, const Share& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.request < b.request;
  });
}

// A layer that costs no more than a lower one makes that superfluous, as happens between encodings. So rates ascend.
// Nor is a slide show of a higher resolution a step: of three temporal layers it begins with the second.
BitrateAllocator::Share BitrateAllocator::make_share(const AllocationRequest& request) {
  Share share{.first = steps_.size(), .priority = request.priority, .is_new = request.is_new};
  for (const LayerRate& step : request.layers) {
    if (step.rate.is_zero()) continue;
    if (steps_.size() > share.first) {
      if (request.limit && step.layer > *request.limit) {
        share.limited = true;
        break;
      }
      if (step.layer.spatial > steps_[share.first].layer.spatial && is_slide_show(step.layer, request)) continue;
    }
    while (steps_.size() > share.first && steps_.back().rate >= step.rate) steps_.pop_back();
    steps_.push_back(step);
  }
  const std::span ladder = std::span{steps_}.subspan(share.first);
  share.count = ladder.size();
  if (ladder.empty()) return share;
  const int comfortable = ladder.front().layer.spatial + 1;
  share.comfort = static_cast<std::size_t>(
      std::ranges::count_if(ladder, [&](const LayerRate& step) { return step.layer.spatial <= comfortable; }));
  share.held = held_steps(request, share);
  return share;
}

// It also holds what costs no more than what it has: another encoding in its place is no rise. Who has something keeps
// the lowest at least, whatever the producer stopped sending.
std::size_t BitrateAllocator::held_steps(const AllocationRequest& request, const Share& share) const noexcept {
  if (!request.current) return 0;
  DataRate has;
  for (const LayerRate& step : request.layers) {
    if (step.layer <= *request.current) has = step.rate;
  }
  std::size_t held = 1;
  while (held < share.count) {
    const LayerRate& step = steps_[share.first + held];
    if (step.layer > *request.current && step.rate > has) break;
    ++held;
  }
  return held;
}

// When what everybody has no longer fits, the estimate fell or the producers send more. Soon after a rise, that was the
// error: the next one has to wait. Until then a consumer rises only by what others give up.
void BitrateAllocator::judge_last_rise(Instant now) noexcept {
  DataRate held;
  for (const Share& share : shares_) held += rate_at(share, share.held);
  if (last_rise_ && now - *last_rise_ > kProving) {
    last_rise_.reset();
    backoff_ = {};
  } else if (last_rise_ && held > caps_.keep) {
    last_rise_.reset();
    backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kMaxBackoff);
    blocked_until_ = now + backoff_;
  }
  if (now < blocked_until_) caps_.rise = std::min(caps_.rise, held);
}

void BitrateAllocator::give_comfort() noexcept {
  const Caps caps{.keep = caps_.keep * kComfortKept, .rise = std::min(caps_.rise, floor_.least() * kComfortShare)};
  for (Share& share : shares_) {
    if (share.priority == shares_.back().priority) return;
    while (share.taken < share.comfort && take(share, caps)) continue;
  }
}

void BitrateAllocator::give_lowest() noexcept {
  for (std::size_t first = 0; first < shares_.size();) {
    const Shares equals = same_priority(first);
    give_level(equals, 0);
    first += equals.size();
  }
}

void BitrateAllocator::give_the_rest() noexcept {
  for (std::size_t first = 0; first < shares_.size();) {
    const Shares equals = same_priority(first);
    const std::size_t levels = std::ranges::max(equals, {}, &Share::count).count;
    for (std::size_t level = 1; level < levels; ++level) give_level(equals, level);
    first += equals.size();
  }
}

void BitrateAllocator::save_one_picture(Instant now) noexcept {
  if (shares_.empty()) return;
  const Shares equals = same_priority(0);
  const auto holder = std::ranges::find_if(equals, [](const Share& share) { return share.held > 0; });
  Share& share = holder == equals.end() ? equals.front() : *holder;
  if (!given_.is_zero() || available_ >= rate_at(share, 1) * kLeastOfPicture) {
    trial_began_.reset();
    if (now - no_trial_until_ > kProving) trial_pause_ = {};
  } else if (!trial_runs(now)) {
    return;
  }
  if (!given_.is_zero()) return;
  share.taken = 1;
  share.held = std::max<std::size_t>(share.held, 1);  // this is no rise
}

// A trial goes on while the path bears it. One that failed is followed by a pause, each longer than the one before.
bool BitrateAllocator::trial_runs(Instant now) noexcept {
  if (now < no_trial_until_) return false;
  if (!trial_began_) trial_began_ = now;
  const bool pressed = pressure_at_ && now - *pressure_at_ < kTrial;
  if (now - *trial_began_ < kTrial || !pressed) return true;
  trial_began_.reset();
  trial_pause_ = std::clamp(trial_pause_ * 2, kFirstBackoff, kMaxBackoff);
  no_trial_until_ = now + trial_pause_;
  return false;
}

// Who has the layer comes first: of two equals of which one can have it, they would otherwise take it from each other.
void BitrateAllocator::give_level(Shares shares, std::size_t level) noexcept {
  for (const bool held : {true, false}) {
    for (Share& share : shares) {
      if (share.taken != level || level >= share.count || (level < share.held) != held) continue;
      take(share, caps_);
    }
  }
}

bool BitrateAllocator::take(Share& share, const Caps& caps) noexcept {
  const DataRate cost = rate_at(share, share.taken + 1) - rate_at(share, share.taken);
  const DataRate after = given_ + cost;
  const bool keeps = share.taken < share.held;
  const bool starts = share.taken == 0 && share.is_new;
  if (after > (keeps ? caps.keep : starts ? std::min(caps.keep, floor_.least()) : caps.rise)) {
    waits_ |= !keeps && after * kRiseMargin <= available_;
    return false;
  }
  // Beside what is new, others keep what fits for good, not for the moment: one switch instead of one by one.
  if (!keeps) caps_.keep = std::min(caps_.keep, floor_.least());
  given_ = after;
  ++share.taken;
  return true;
}

void BitrateAllocator::conclude(Instant now) noexcept {
  for (const Share& share : shares_) {
    AllocationResult& result = results_[share.request];
    result.rate = rate_at(share, share.taken);
    if (share.taken > 0) result.layer = steps_[share.first + share.taken - 1].layer;
    if (share.limited) result.reason = AllocationReason::limit;
    if (share.taken < share.count) result.reason = AllocationReason::bandwidth;
    if (share.taken > share.held) last_rise_ = now;
  }

  retry_.reset();
  if (given_.is_zero() && now < no_trial_until_) retry_ = no_trial_until_;
  if (!waits_) return;
  Instant retry = blocked_until_;
  if (floor_.least() < available_) retry = std::max(retry, floor_.rises_at());
  if (retry > now) retry_ = retry;
}

BitrateAllocator::Shares BitrateAllocator::same_priority(std::size_t first) noexcept {
  std::size_t end = first;
  while (end < shares_.size() && shares_[end].priority == shares_[first].priority) ++end;
  return std::span{shares_}.subspan(first, end - first);
}

DataRate BitrateAllocator::rate_at(const Share& share, std::size_t steps) const noexcept {
  return steps == 0 ? DataRate{} : steps_[share.first + steps - 1].rate;
}

}  // namespace sluice
