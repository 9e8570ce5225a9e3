#include "core/media/bwe/feedback_reader.h"

#include <algorithm>

#include "core/media/rtp/sequence_number.h"

namespace sluice {

namespace {

constexpr std::uint8_t kNotReceived = 0;
constexpr std::uint8_t kSmallDelta = 1;
constexpr std::uint8_t kLargeDelta = 2;
constexpr std::uint8_t kReserved = 3;
constexpr Duration kDeltaUnit = std::chrono::microseconds{250};

}  // namespace

// Section 3.1.3, run length chunk:    |0| S |        run length (13)        |
// Section 3.1.4, status vector chunk: |1|0|     14 symbols of one bit       |
//                                     |1|1|      7 symbols of two bits      |
// A symbol of one bit says: received with a small delta, or not received.
FeedbackReader::Run FeedbackReader::Chunks::next() noexcept {
  while (left_ > 0 && symbols_ == 0) {
    const std::uint16_t chunk = in_.u16();
    if (in_.failed()) return {};
    if ((chunk & 0x8000) == 0) {
      // The last run may be longer than what is left.
      const Run run{static_cast<std::uint8_t>(chunk >> 13 & 3), std::min<std::size_t>(chunk & 0x1fff, left_)};
      left_ -= run.length;
      if (run.length > 0) return run;
      continue;
    }
    bits_ = (chunk & 0x4000) != 0 ? 2 : 1;
    symbols_ = static_cast<std::uint8_t>(14 / bits_);
    vector_ = static_cast<std::uint16_t>(chunk << 2);
  }
  if (left_ == 0) return {};
  const auto symbol = static_cast<std::uint8_t>(vector_ >> (16 - bits_));
  vector_ = static_cast<std::uint16_t>(vector_ << bits_);
  --left_;
  symbols_ = left_ == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(symbols_ - 1);
  return {symbol, 1};
}

// Section 3.1:
//  |      base sequence number     |      packet status count      |
//  |                 reference time (24)           | fb pkt. count |
//  |          packet chunk         |  ...          |  recv deltas ...
Result<FeedbackReader, FeedbackError> FeedbackReader::parse(Bytes fci) noexcept {
  ByteReader in{fci};
  FeedbackReader reader;
  reader.base_ = TransportSequence{in.u16()};
  reader.count_ = in.u16();
  reader.reference_ = in.u24();
  reader.message_ = in.u8();
  if (in.failed()) return FeedbackError::truncated;
  if (reader.count_ == 0) return FeedbackError::empty;
  if (reader.count_ > kMaxPackets) return FeedbackError::too_many;

  reader.chunks_ = Chunks{in.rest(), reader.count_};
  Chunks walk = reader.chunks_;
  std::size_t delta_bytes = 0;
  for (Run run = walk.next(); run.length > 0; run = walk.next()) {
    if (run.symbol == kReserved) return FeedbackError::bad_status;
    delta_bytes += run.symbol * run.length;  // a small delta has one byte, a large one two
  }
  if (walk.left() > 0 || walk.rest().size() < delta_bytes) return FeedbackError::truncated;
  reader.deltas_ = ByteReader{walk.rest()};
  return reader;
}

std::optional<PacketStatus> FeedbackReader::next() noexcept {
  if (run_.length == 0) run_ = chunks_.next();
  if (run_.length == 0) return std::nullopt;
  PacketStatus status{.first = advance(base_, offset_), .count = 1, .arrived = std::nullopt};
  if (run_.symbol == kNotReceived) {
    status.count = static_cast<std::uint16_t>(run_.length);
  } else {
    // Section 3.1.5: small deltas have no sign.
    const std::int64_t delta = run_.symbol == kSmallDelta ? deltas_.u8() : static_cast<std::int16_t>(deltas_.u16());
    arrival_ += delta * kDeltaUnit;
    status.arrived = arrival_;
  }
  static_assert(kLargeDelta == 2);
  run_.length -= status.count;
  offset_ = static_cast<std::uint16_t>(offset_ + status.count);
  return status;
}

}  // namespace sluice
