#include "core/media/bwe/sent_packets.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sluice {

namespace {

// Two years of a receiver's clock: beyond it the count starts again, before nanoseconds can overflow.
constexpr std::int64_t kMaxReference = std::int64_t{1} << 30;
constexpr std::uint32_t kReferenceMask = 0xff'ffff;

constexpr Duration kUnit = std::chrono::microseconds{16};

std::uint32_t ticks(Instant at) noexcept { return static_cast<std::uint32_t>(at.time_since_epoch() / kUnit); }

}  // namespace

void SentPackets::on_sent(TransportSequence sequence, std::size_t bytes, std::uint8_t probe, Instant now) noexcept {
  const std::int64_t position = unwrapper_.unwrap(sequence);
  if (entries_.empty()) {
    resize(kMinCapacity);
    shrink_at_ = now + kShrinkAfter;
    start_at(position);
  }
  if (position < end_) return;
  const bool leaps = position - end_ >= static_cast<std::int64_t>(kMinCapacity);
  if (leaps || now - last_sent_ > kMaxSilence) start_at(position);
  last_sent_ = now;
  while (end_ <= position) {
    if (end_ - begin_ >= static_cast<std::int64_t>(entries_.size())) make_room(now);
    entry(end_++) = Entry{};
  }
  const std::size_t counted = std::min<std::size_t>(bytes, std::numeric_limits<std::uint16_t>::max());
  entry(position) = {
      .sent = ticks(now), .bytes = static_cast<std::uint16_t>(counted), .probe = probe, .state = State::in_flight};
  bytes_in_flight_ += counted;
}

void SentPackets::start_at(std::int64_t position) noexcept {
  begin_ = end_ = reported_ = position;
  bytes_in_flight_ = 0;
}

/// Of a full ring the oldest goes, if it is not waited for; otherwise the ring grows.
void SentPackets::make_room(Instant now) noexcept {
  const Entry& oldest = entry(begin_);
  const bool awaited = oldest.state == State::in_flight && now - sent_at(oldest, now) < kMaxAge;
  if (awaited && entries_.size() < kMaxCapacity) return resize(entries_.size() * 2);
  leave_flight(oldest);
  ++begin_;
  reported_ = std::max(reported_, begin_);
}

void SentPackets::leave_flight(const Entry& entry) noexcept {
  if (entry.state == State::in_flight) bytes_in_flight_ -= entry.bytes;
}

/// Keeps the newest that fit.
void SentPackets::resize(std::size_t capacity) noexcept {
  std::vector<Entry> entries(capacity);
  while (end_ - begin_ > static_cast<std::int64_t>(capacity)) leave_flight(entry(begin_++));
  for (std::int64_t i = begin_; i < end_; ++i) entries[static_cast<std::uint64_t>(i) & (capacity - 1)] = entry(i);
  reported_ = std::max(reported_, begin_);
  entries_ = std::move(entries);
}

void SentPackets::trim(Instant now) noexcept {
  peak_ = std::max(peak_, static_cast<std::size_t>(end_ - reported_));
  if (now < shrink_at_) return;
  // A quarter, so that what was just given back is not needed at once.
  if (entries_.size() > kMinCapacity && peak_ <= entries_.size() / 4) resize(entries_.size() / 2);
  peak_ = 0;
  shrink_at_ = now + kShrinkAfter;
}

void SentPackets::forget_all() noexcept {
  start_at(end_);
  last_message_.reset();
  last_reference_.reset();
}

Result<FeedbackResults, FeedbackError> SentPackets::on_feedback(Bytes fci, std::vector<PacketResult>& scratch,
                                                                Instant now) noexcept {
  auto reader = FeedbackReader::parse(fci);
  if (!reader) return reader.error();
  scratch.clear();
  FeedbackResults results;
  const Instant reference = reference_of(*reader);
  const State uncovered = follows_last(reader->message()) ? State::lost : State::unknown;
  const std::int64_t base = unwrapper_.peek(reader->base());
  // Never sent, or forgotten.
  if (base >= end_ || base + reader->count() <= begin_ || now - last_sent_ > kMaxSilence) return results;

  trim(now);
  pass_over(std::min(base, end_), uncovered, scratch, now);
  std::int64_t position = base;
  while (const auto status = reader->next()) {
    if (status->arrived) {
      mark_arrived(position, reference + *status->arrived, results, scratch, now);
    } else {
      mark_lost(position, position + status->count, scratch, now);
    }
    position += status->count;
  }
  reported_ = std::max(reported_, std::min(position, end_));
  results.packets = scratch;
  return results;
}

/// What comes before `until` and no message has covered.
void SentPackets::pass_over(std::int64_t until, State state, std::vector<PacketResult>& out, Instant now) {
  if (state == State::lost) return mark_lost(reported_, until, out, now);
  for (std::int64_t i = reported_; i < until; ++i) {
    Entry& each = entry(i);
    leave_flight(each);
    if (each.state == State::in_flight) each.state = State::unknown;
  }
}

void SentPackets::mark_lost(std::int64_t first, std::int64_t end, std::vector<PacketResult>& out, Instant now) {
  end = std::min(end, end_);
  for (std::int64_t i = std::max(first, begin_); i < end; ++i) {
    Entry& each = entry(i);
    if (each.state != State::in_flight && each.state != State::unknown) continue;
    leave_flight(each);
    each.state = State::lost;
    out.push_back(result_of(each, now));
  }
}

void SentPackets::mark_arrived(std::int64_t position, Instant arrived, FeedbackResults& results,
                               std::vector<PacketResult>& out, Instant now) {
  if (position < begin_ || position >= end_) return;
  Entry& each = entry(position);
  if (each.state == State::unused || each.state == State::arrived) return;
  leave_flight(each);
  PacketResult result = result_of(each, now);
  result.arrived = arrived;
  result.late = each.state == State::lost;
  each.state = State::arrived;
  if (position >= reported_) results.round_trip = now - result.sent;
  out.push_back(result);
}

PacketResult SentPackets::result_of(const Entry& entry, Instant now) const noexcept {
  return {.sent = sent_at(entry, now), .bytes = entry.bytes, .probe = entry.probe, .arrived = std::nullopt};
}

Instant SentPackets::sent_at(const Entry& entry, Instant now) const noexcept {
  return now - kUnit * std::int64_t{ticks(now) - entry.sent};
}

/// Follows the 24 bits around their wrap.
Instant SentPackets::reference_of(const FeedbackReader& reader) noexcept {
  std::int64_t next = reader.reference();
  if (last_reference_) {
    const std::uint32_t ahead = (reader.reference() - *last_reference_) & kReferenceMask;
    const std::int64_t step = ahead <= kReferenceMask / 2 ? ahead : std::int64_t{ahead} - (kReferenceMask + 1);
    next = reference_ + step;
  }
  if (next < -kMaxReference || next > kMaxReference) next = reader.reference();
  last_reference_ = reader.reference();
  reference_ = next;
  return Instant{next * FeedbackReader::kReferenceUnit};
}

/// False for the first message, after a missing one, and for one that comes late.
bool SentPackets::follows_last(std::uint8_t message) noexcept {
  if (!last_message_) {
    last_message_ = message;
    return false;
  }
  const auto step = static_cast<std::int8_t>(message - *last_message_);
  if (step > 0) last_message_ = message;
  return step == 1;
}

}  // namespace sluice
