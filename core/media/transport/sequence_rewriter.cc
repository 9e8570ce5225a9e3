#include "core/media/transport/sequence_rewriter.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sluice {
namespace {

// What sender reports say is believed as far as it fits the time that has passed.
constexpr std::int32_t kMaxClockErrorSeconds = 1;

// The wall clock in ticks, minus the timestamp: what a stream's timestamps lack of it. Modulo 2^32.
std::uint32_t lack_of(const SenderClock& clock, std::uint32_t clock_rate) noexcept {
  const std::uint64_t seconds = clock.ntp.value() >> 32;
  const std::uint64_t fraction = clock.ntp.value() & 0xffff'ffff;
  return static_cast<std::uint32_t>(seconds * clock_rate + (fraction * clock_rate >> 32)) - clock.rtp.value();
}

// How far `id` is ahead of `seen`, of 7 or 15 bits; 0: it is not.
std::uint16_t ahead_of(const PictureNumbers& pictures, std::uint16_t seen) noexcept {
  const std::uint16_t mask = pictures.long_id ? 0x7fff : 0x7f;
  const auto ahead = static_cast<std::uint16_t>((pictures.id - seen) & mask);
  return ahead <= mask / 2 ? ahead : std::uint16_t{0};
}

}  // namespace

std::uint32_t ticks_ahead(const SenderClock& from, const SenderClock& to, std::uint32_t clock_rate) noexcept {
  return lack_of(to, clock_rate) - lack_of(from, clock_rate);
}

void SequenceRewriter::begin_run(Clock clock) noexcept {
  in_run_ = false;
  if (clock == Clock::continues) return;
  clock_ = Clock::another;
  ahead_.reset();
}

void SequenceRewriter::change_encoding(std::optional<std::uint32_t> ahead) noexcept {
  begin_run(Clock::another);
  ahead_ = ahead;
}

void SequenceRewriter::forget() noexcept {
  run_count_ = 0;
  run_.first = advance(newest_, 1);
}

void SequenceRewriter::forget(std::uint8_t encoding) noexcept {
  if (run_.encoding == encoding) run_.first = advance(newest_, 1);
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(run_count_, kRuns); ++i) {
    if ((*runs_)[i].encoding == encoding) (*runs_)[i].length = 0;
  }
}

// By sender reports, so that the sound, whose clock goes on, stays with the picture; else by the time that has passed.
// At least one tick, so that the new run's first frame is not taken for a part of the old run's last.
std::uint32_t SequenceRewriter::offset_of_new_clock(const Incoming& in, Instant now) noexcept {
  const std::chrono::duration<double> passed = now - newest_sent_at_;
  const auto ticks = static_cast<std::uint32_t>(std::clamp(passed.count(), 0.0, 3600.0) * in.clock_rate);
  const RtpTimestamp by_time{next_.timestamp.value() + std::max<std::uint32_t>(1, ticks)};
  if (!ahead_) return by_time.value() - in.numbers.timestamp.value();

  const std::uint32_t natural = run_.timestamp_offset + *ahead_;
  const RtpTimestamp by_reports{in.numbers.timestamp.value() + natural};
  const std::int64_t error = distance(by_time, by_reports);
  const std::int64_t tolerated = std::int64_t{kMaxClockErrorSeconds} * in.clock_rate;
  if (error > tolerated || error < -tolerated) return by_time.value() - in.numbers.timestamp.value();
  if (is_newer(by_reports, next_.timestamp)) return natural;
  natural_offset_ = natural;  // of a moment that was sent already: the picture after this one is later
  return next_.timestamp.value() + 1 - in.numbers.timestamp.value();
}

void SequenceRewriter::start_run(const Incoming& in, Instant now) noexcept {
  if (started_) keep(distance(run_.first, newest_) + 1);
  natural_offset_.reset();
  if (!started_) {
    run_.timestamp_offset = next_.timestamp.value() - in.numbers.timestamp.value();
  } else if (clock_ == Clock::another) {
    run_.timestamp_offset = offset_of_new_clock(in, now);
  }
  run_.first = in.numbers.sequence;
  run_.sequence_offset = static_cast<std::uint16_t>(next_.sequence.value() - in.numbers.sequence.value());
  run_.encoding = in.encoding;
  run_.position = in.position;
  if (has_picture_ && in.pictures.id_at != 0) {
    run_.picture_offset = static_cast<std::uint16_t>(picture_sent_ + 1 - in.pictures.id);
    run_.tl0_offset = static_cast<std::uint8_t>(tl0_sent_ + 1 - in.pictures.tl0_index);
  }
  picture_seen_ = in.pictures.id;
  in_run_ = started_ = true;
  clock_ = Clock::continues;
  ahead_.reset();
}

// Remembers the run under way, so many numbers of it.
void SequenceRewriter::keep(std::int32_t length) noexcept {
  if (length <= 0) return;
  if (runs_ == nullptr) runs_ = std::make_unique<Runs>();
  Run& kept = (*runs_)[run_count_++ % kRuns];
  kept = run_;
  kept.length = static_cast<std::uint16_t>(std::min(length, kMaxReorder * 2));
}

void SequenceRewriter::split(std::int32_t length, RtpSequence next_first) noexcept {
  keep(length);
  run_.first = next_first;
}

// After a change of encoding that took a moment twice: back to the clock that sender reports tell.
void SequenceRewriter::follow_natural_clock(RtpTimestamp timestamp) noexcept {
  const RtpTimestamp natural{timestamp.value() + *natural_offset_};
  if (!is_newer(natural, next_.timestamp)) return;
  split(distance(run_.first, newest_) + 1, advance(newest_, 1));
  run_.timestamp_offset = *natural_offset_;
  natural_offset_.reset();
}

const SequenceRewriter::Run& SequenceRewriter::next(const Incoming& in, Instant now) noexcept {
  if (!in_run_) {
    start_run(in, now);
  } else {
    if (natural_offset_) follow_natural_clock(in.numbers.timestamp);
    if (in.position != run_.position) {
      split(distance(run_.first, newest_) + 1, advance(newest_, 1));
      run_.position = in.position;
    }
  }
  newest_ = in.numbers.sequence;
  // Follows the source, so that a run longer than half the circle does not turn its own packets into old ones.
  if (distance(run_.first, newest_) > kMaxReorder) run_.first = advance(newest_, -kMaxReorder);
  const Numbers out = run_.apply(in.numbers);
  next_ = {advance(out.sequence, 1), out.timestamp};
  newest_sent_at_ = now;
  if (in.pictures.id_at != 0) note_picture(in.pictures);
  return run_;
}

void SequenceRewriter::note_picture(const PictureNumbers& pictures) noexcept {
  has_picture_ = true;
  if (ahead_of(pictures, picture_seen_) != 0) picture_seen_ = pictures.id;
  picture_sent_ = static_cast<std::uint16_t>(pictures.id + run_.picture_offset);
  tl0_sent_ = static_cast<std::uint8_t>(pictures.tl0_index + run_.tl0_offset);
}

// Numbers missing before the packet stay missing: they belong to the run before it.
void SequenceRewriter::drop(std::uint8_t encoding, RtpSequence sequence, const PictureNumbers& pictures) noexcept {
  if (!in_run_ || encoding != run_.encoding || !is_newer(sequence, newest_)) return;
  next_.sequence = run_.apply({sequence, {}}).sequence;
  split(distance(run_.first, sequence), advance(sequence, 1));
  --run_.sequence_offset;
  newest_ = sequence;
  if (!pictures.consecutive || pictures.id_at == 0 || ahead_of(pictures, picture_seen_) == 0) return;
  --run_.picture_offset;
  picture_seen_ = pictures.id;
}

bool SequenceRewriter::recent(RtpSequence outgoing) const noexcept {
  const std::int32_t age = distance(outgoing, next_.sequence);
  return age > 0 && age <= kMaxReorder + 1;
}

const SequenceRewriter::Run* SequenceRewriter::find(std::uint8_t encoding, RtpSequence sequence) const noexcept {
  if (encoding == run_.encoding && distance(run_.first, sequence) >= 0 && !is_newer(sequence, newest_)) return &run_;
  const std::uint32_t known = std::min<std::uint32_t>(run_count_, kRuns);
  for (std::uint32_t i = 1; i <= known; ++i) {
    const Run& run = (*runs_)[(run_count_ - i) % kRuns];
    const std::int32_t at = distance(run.first, sequence);
    if (run.encoding != encoding || at < 0 || at >= run.length) continue;
    return recent(run.apply({sequence, {}}).sequence) ? &run : nullptr;
  }
  return nullptr;
}

std::optional<SequenceRewriter::Origin> SequenceRewriter::origin_of(RtpSequence outgoing) const noexcept {
  if (!started_ || !recent(outgoing)) return std::nullopt;
  const auto source_of = [outgoing](const Run& run) {
    return RtpSequence{static_cast<std::uint16_t>(outgoing.value() - run.sequence_offset)};
  };
  const RtpSequence latest = source_of(run_);
  if (distance(run_.first, latest) >= 0 && !is_newer(latest, newest_)) return Origin{latest, run_};
  const std::uint32_t known = std::min<std::uint32_t>(run_count_, kRuns);
  for (std::uint32_t i = 1; i <= known; ++i) {
    const Run& run = (*runs_)[(run_count_ - i) % kRuns];
    const RtpSequence source = source_of(run);
    const std::int32_t at = distance(run.first, source);
    if (at >= 0 && at < run.length) return Origin{source, run};
  }
  return std::nullopt;
}

}  // namespace sluice
