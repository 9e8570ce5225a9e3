#include "core/media/bwe/transport_feedback.h"

#include <algorithm>

#include "core/base/byte_writer.h"

namespace sluice {

namespace {

using Microseconds = std::chrono::microseconds;

constexpr std::int64_t kDeltaUnitUs = 250;
constexpr std::int64_t kReferenceUnitUs = 64'000;

enum Symbol : std::uint8_t { kNotReceived = 0, kSmallDelta = 1, kLargeDelta = 2 };

std::int64_t to_us(Instant at) { return std::chrono::duration_cast<Microseconds>(at.time_since_epoch()).count(); }

// The statuses and deltas of one message while it is put together.
struct Report {
  std::array<Symbol, TransportFeedback::kMaxPerMessage> symbols{};
  std::array<std::int16_t, TransportFeedback::kMaxPerMessage> deltas{};
  std::size_t count = 0;
  std::int64_t reference = 0;  // units of 64 ms
  std::int64_t last_us = 0;
  bool has_reference = false;

  // False: the arrival cannot be told in this message.
  bool add(Instant arrival) noexcept {
    if (arrival == TransportFeedback::kNotArrived) {
      symbols[count++] = kNotReceived;
      return true;
    }
    const std::int64_t at_us = to_us(arrival);
    if (!has_reference) {
      has_reference = true;
      reference = at_us / kReferenceUnitUs;
      last_us = reference * kReferenceUnitUs;
    }
    const std::int64_t delta = (at_us - last_us) / kDeltaUnitUs;
    if (delta < INT16_MIN || delta > INT16_MAX) return false;
    last_us += delta * kDeltaUnitUs;  // what was rounded off goes into the next delta
    deltas[count] = static_cast<std::int16_t>(delta);
    symbols[count++] = delta >= 0 && delta <= 0xff ? kSmallDelta : kLargeDelta;
    return true;
  }
};

std::size_t run_from(const Report& report, std::size_t first) {
  std::size_t end = first;
  while (end < report.count && report.symbols[end] == report.symbols[first]) ++end;
  return end - first;
}

// Run length chunk: |0| S |      run length (13)      |
// Status vector of 2 bit symbols: |1|1| 7 symbols of 2 bits |
void write_chunks(ByteWriter& out, const Report& report) {
  constexpr std::size_t kVector = 7;
  for (std::size_t i = 0; i < report.count;) {
    const std::size_t run = run_from(report, i);
    if (run >= kVector || i + run == report.count) {
      out.u16(static_cast<std::uint16_t>(report.symbols[i] << 13 | static_cast<std::uint16_t>(run)));
      i += run;
      continue;
    }
    std::uint16_t chunk = 0xc000;
    for (std::size_t bit = 0; bit < kVector && i < report.count; ++bit, ++i) {
      chunk = static_cast<std::uint16_t>(chunk | report.symbols[i] << (12 - 2 * bit));
    }
    out.u16(chunk);
  }
}

void write_deltas(ByteWriter& out, const Report& report) {
  for (std::size_t i = 0; i < report.count; ++i) {
    if (report.symbols[i] == kSmallDelta) out.u8(static_cast<std::uint8_t>(report.deltas[i]));
    if (report.symbols[i] == kLargeDelta) out.u16(static_cast<std::uint16_t>(report.deltas[i]));
  }
}

}  // namespace

void TransportFeedback::forget_until(std::int64_t position) noexcept {
  const std::int64_t first = std::max(end_, position - static_cast<std::int64_t>(kWindow));
  for (std::int64_t i = first; i < position; ++i) arrival(i) = kNotArrived;
}

void TransportFeedback::on_packet(TransportSequence sequence, Instant now) noexcept {
  const std::int64_t position = unwrapper_.unwrap(sequence);
  if (!started_) {
    started_ = true;
    begin_ = end_ = position;
  }
  const auto window = static_cast<std::int64_t>(kWindow);
  if (position < end_ - window) return;
  if (position >= end_) {
    forget_until(position);
    arrival(position) = now;
    end_ = position + 1;
    begin_ = std::max(begin_, end_ - window);
  } else {
    if (arrival(position) != kNotArrived) return;  // the first copy counts
    arrival(position) = now;
    begin_ = std::min(begin_, position);  // it was reported lost: say better
  }
  if (!deadline_) deadline_ = now + kInterval;
}

//  |    base sequence number     |     packet status count     |
//  |              reference time (24)          | fb pkt. count |
//  |        packet chunks ...    |   receive deltas ...        |
bool TransportFeedback::write(RtcpBuilder& out, Ssrc sender, Ssrc media) noexcept {
  if (begin_ == end_) {
    deadline_.reset();
    return false;
  }
  Report report;
  std::int64_t position = begin_;
  while (position < end_ && report.count < kMaxPerMessage && report.add(arrival(position))) ++position;

  std::array<std::uint8_t, 1000> buffer;
  ByteWriter fci{buffer};
  fci.u16(static_cast<std::uint16_t>(begin_));
  fci.u16(static_cast<std::uint16_t>(report.count));
  fci.u24(static_cast<std::uint32_t>(report.reference) & 0xffffff);
  fci.u8(count_);
  write_chunks(fci, report);
  write_deltas(fci, report);
  fci.zeros((4 - fci.size() % 4) % 4);
  if (fci.failed() || !out.add_feedback(RtcpType::transport_feedback, kFmtTransportCc, sender, media, fci.written())) {
    return false;
  }
  ++count_;
  begin_ = position;
  if (begin_ == end_) deadline_.reset();
  return true;
}

}  // namespace sluice
