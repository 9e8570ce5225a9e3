#include "tests/load/source_table.h"

namespace sluice::load {

void Source::note_sent(std::uint64_t number, std::int64_t sent_ns, const MeasuredWindow& window) noexcept {
  times_[number % kRemembered].store(sent_ns, std::memory_order_relaxed);
  sent_.store(number + 1, std::memory_order_release);
  if (window.contains(sent_ns)) sent_in_window_.fetch_add(1, std::memory_order_relaxed);
}

std::optional<std::int64_t> Source::sent_at(std::uint64_t number) const noexcept {
  const std::uint64_t sent = this->sent();
  if (number >= sent || sent - number > kRemembered) return std::nullopt;
  return times_[number % kRemembered].load(std::memory_order_relaxed);
}

}  // namespace sluice::load
