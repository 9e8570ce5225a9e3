#include "core/media/recovery/nack_generator.h"

#include <algorithm>
#include <utility>

#include "core/media/rtp/sequence_number.h"

namespace sluice {

namespace {

// The answer takes a round trip and the time that the sender's pacing adds.
Duration retry_interval(Duration round_trip) noexcept {
  constexpr Duration kLeastMargin = std::chrono::milliseconds{5};
  return std::clamp(round_trip + std::max(round_trip / 8, kLeastMargin), NackGenerator::kMinRetry,
                    NackGenerator::kMaxRetry);
}

}  // namespace

void NackGenerator::on_packet(RtpSequence sequence, PacketOrder order, Instant now) {
  switch (order) {
    case PacketOrder::late:
      return take_off(sequence);
    case PacketOrder::duplicate:
    case PacketOrder::jumped:
      return;
    case PacketOrder::restarted:
      reset();
      break;
    case PacketOrder::after_gap:
      add_gap(sequence, now);
      break;
    case PacketOrder::in_order:
      break;
  }
  newest_position_ = newest_ ? position_of(sequence) : 0;
  newest_ = sequence;
}

std::int64_t NackGenerator::position_of(RtpSequence sequence) const noexcept {
  return newest_position_ + distance(*newest_, sequence);
}

void NackGenerator::add_gap(RtpSequence until, Instant now) {
  if (!newest_) return;  // what came before the first packet was never ours to have
  const auto count = static_cast<std::size_t>(std::max(distance(*newest_, until) - 1, 0));
  if (missing_.size() + count > kMaxMissing) {
    counters_.given_up += missing_.size() + count;
    ++counters_.overflows;
    missing_.clear();
    deadline_.reset();
    broken_ = true;
    return;
  }
  const Instant due = now + config_.reorder_allowance;
  for (std::size_t i = 1; i <= count; ++i) {
    missing_.push_back({.sequence = advance(*newest_, static_cast<std::int64_t>(i)), .since = now, .due = due});
  }
  if (count > 0) deadline_ = std::min(deadline_.value_or(due), due);
}

void NackGenerator::take_off(RtpSequence sequence) noexcept {
  const auto found = std::ranges::find(missing_, sequence, &Missing::sequence);
  if (found == missing_.end()) return;
  if (found->attempts > 0) ++counters_.recovered;
  missing_.erase(found);
  if (missing_.empty()) deadline_.reset();
}

void NackGenerator::on_keyframe(RtpSequence sequence) noexcept {
  if (!newest_) return;
  const std::int64_t position = position_of(sequence);
  keyframe_position_ = std::max(keyframe_position_.value_or(position), position);
  broken_ = false;
}

void NackGenerator::reset() noexcept {
  missing_.clear();
  newest_.reset();
  keyframe_position_.reset();
  deadline_.reset();
  broken_ = false;
}

bool NackGenerator::is_over(const Missing& missing, Instant now) const noexcept {
  if (now - missing.since >= config_.max_age) return true;
  return missing.attempts >= config_.max_attempts && now >= missing.due;
}

void NackGenerator::give_up(const Missing& missing) noexcept {
  ++counters_.given_up;
  if (!keyframe_position_ || position_of(missing.sequence) > *keyframe_position_) broken_ = true;
}

std::size_t NackGenerator::poll(Instant now, Duration round_trip, std::span<RtpSequence> out) noexcept {
  if (!deadline_ || now < *deadline_) return 0;
  std::size_t count = 0;
  std::size_t kept = 0;
  deadline_.reset();
  for (Missing& missing : missing_) {
    if (is_over(missing, now)) {
      give_up(missing);
      continue;
    }
    if (now >= missing.due && count < out.size()) {
      out[count++] = missing.sequence;
      ++counters_.requests;
      if (missing.attempts++ == 0) ++counters_.packets;
      missing.due = now + retry_interval(round_trip);
    }
    const Instant next = std::min(missing.due, missing.since + config_.max_age);
    deadline_ = std::min(deadline_.value_or(next), next);
    missing_[kept++] = missing;
  }
  missing_.erase(missing_.begin() + static_cast<std::ptrdiff_t>(kept), missing_.end());
  return count;
}

bool NackGenerator::take_break() noexcept { return std::exchange(broken_, false); }

}  // namespace sluice
