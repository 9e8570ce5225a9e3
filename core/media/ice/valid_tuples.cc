#include "core/media/ice/valid_tuples.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sluice {

const ValidTuple* ValidTuples::find(const IceTuple& tuple) const noexcept {
  const auto found = std::ranges::find(all(), tuple, &ValidTuple::tuple);
  return found == all().end() ? nullptr : &*found;
}

ValidTuple* ValidTuples::find(const IceTuple& tuple) noexcept {
  return const_cast<ValidTuple*>(std::as_const(*this).find(tuple));
}

const ValidTuple* ValidTuples::selected() const noexcept { return selected_ == kNone ? nullptr : &tuples_[selected_]; }

std::optional<IceTuple> ValidTuples::add(const ValidTuple& tuple) noexcept {
  std::optional<IceTuple> evicted;
  if (count_ == kMaxValidTuples) {
    std::size_t oldest = selected_ == 0 ? 1 : 0;
    for (std::size_t i = oldest + 1; i < count_; ++i) {
      if (i != selected_ && tuples_[i].last_check < tuples_[oldest].last_check) oldest = i;
    }
    evicted = tuples_[oldest].tuple;
    remove(oldest);
  }
  tuples_[count_++] = tuple;
  return evicted;
}

std::optional<IceTuple> ValidTuples::remove_silent_since(Instant deadline) noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (tuples_[i].last_check > deadline) continue;
    const IceTuple silent = tuples_[i].tuple;
    remove(i);
    return silent;
  }
  return std::nullopt;
}

void ValidTuples::remove(const IceTuple& tuple) noexcept {
  if (const ValidTuple* found = find(tuple)) remove(static_cast<std::size_t>(found - tuples_.data()));
}

void ValidTuples::select(const IceTuple& tuple) noexcept {
  const ValidTuple* found = find(tuple);
  assert(found != nullptr);
  selected_ = static_cast<std::size_t>(found - tuples_.data());
}

void ValidTuples::select_highest_priority() noexcept {
  const auto best = std::ranges::max_element(all(), {}, &ValidTuple::priority);
  selected_ = empty() ? kNone : static_cast<std::size_t>(best - all().begin());
}

void ValidTuples::forget_nominations() noexcept {
  for (ValidTuple& tuple : tuples_) tuple.nominated.reset();
}

std::optional<Instant> ValidTuples::oldest_check() const noexcept {
  if (empty()) return std::nullopt;
  return std::ranges::min_element(all(), {}, &ValidTuple::last_check)->last_check;
}

void ValidTuples::remove(std::size_t index) noexcept {
  --count_;
  tuples_[index] = tuples_[count_];  // the last one takes the free place
  if (selected_ == index) {
    selected_ = kNone;
  } else if (selected_ == count_) {
    selected_ = index;
  }
}

}  // namespace sluice
