#include "tests/load/received_stream.h"

#include <algorithm>

namespace sluice::load {

ReceivedStream::Packet ReceivedStream::note(RtpSequence sequence) noexcept {
  const std::int64_t position = unwrapper_.unwrap(sequence);
  if (received_ == 0) {
    first_ = position;
    newest_ = position - 1;
  }
  first_ = std::min(first_, position);
  const Packet packet{seen_before(position) ? Arrival::duplicate : Arrival::fresh, position};
  ++(packet.arrival == Arrival::fresh ? received_ : duplicates_);
  return packet;
}

// What is further behind than the window is taken for a late packet, not for a second copy.
bool ReceivedStream::seen_before(std::int64_t position) noexcept {
  if (position > newest_) {
    const std::int64_t ahead = position - newest_;
    recent_ = ahead >= kWindow ? 0 : recent_ << ahead;
    recent_ |= 1;
    newest_ = position;
    return false;
  }
  const std::int64_t behind = newest_ - position;
  if (behind >= kWindow) return false;
  const std::uint64_t bit = std::uint64_t{1} << behind;
  const bool seen = (recent_ & bit) != 0;
  recent_ |= bit;
  return seen;
}

ReceivedStream::Lesson ReceivedStream::learn(const PacketStamp& stamp, std::int64_t position) noexcept {
  const std::int64_t offset = static_cast<std::int64_t>(stamp.number) - position;
  const bool first = !source_;
  const bool same = source_ == stamp.source && offset_ == offset;
  source_ = stamp.source;
  offset_ = offset;
  if (first) return Lesson::first;
  return same ? Lesson::confirmed : Lesson::contradicts;
}

std::optional<std::uint64_t> ReceivedStream::source_number(std::int64_t position) const noexcept {
  const std::int64_t number = position + offset_;
  if (!source_ || number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

std::uint64_t ReceivedStream::span() const noexcept {
  return received_ == 0 ? 0 : static_cast<std::uint64_t>(newest_ - first_ + 1);
}

}  // namespace sluice::load
