#include "core/media/transport/sequence_rewriter.h"

#include <algorithm>

namespace sluice {

void SequenceRewriter::start_run(Numbers in, std::uint32_t clock_rate, bool same_clock, Instant now) noexcept {
  in_run_ = true;
  run_start_ = in.sequence;
  sequence_offset_ = static_cast<std::uint16_t>(next_.sequence.value() - in.sequence.value());
  if (started_ && same_clock) return;

  std::uint32_t timestamp = next_.timestamp.value();
  if (started_) {
    // At least one tick, so that the new run's first frame is not taken for a part of the old run's last.
    const std::chrono::duration<double> passed = now - newest_sent_at_;
    timestamp += std::max<std::uint32_t>(1, static_cast<std::uint32_t>(passed.count() * clock_rate));
  }
  timestamp_offset_ = timestamp - in.timestamp.value();
}

std::optional<SequenceRewriter::Numbers> SequenceRewriter::rewrite(Numbers in, std::uint32_t clock_rate,
                                                                   bool same_clock, Instant now) noexcept {
  if (!in_run_) start_run(in, clock_rate, same_clock, now);
  // What was sent before the run began (reordered on its way) would reach back into numbers that are used up.
  if (is_newer(run_start_, in.sequence)) return std::nullopt;

  const Numbers out{RtpSequence{static_cast<std::uint16_t>(in.sequence.value() + sequence_offset_)},
                    RtpTimestamp{in.timestamp.value() + timestamp_offset_}};
  if (!started_ || !is_newer(next_.sequence, out.sequence)) {
    next_ = {advance(out.sequence, 1), out.timestamp};
    newest_sent_at_ = now;
    started_ = true;
    // Follows the source, so that a run longer than half the circle does not turn its own packets into old ones.
    run_start_ = distance(run_start_, in.sequence) > kMaxReorder ? advance(in.sequence, -kMaxReorder) : run_start_;
  }
  return out;
}

}  // namespace sluice
