#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "sluice/media_types.h"

namespace sluice {

/// A number that wraps: RTP sequence (16 bits), RTP timestamp (32 bits), transport-wide sequence (16 bits).
template <class Number>
concept WrappingNumber = std::unsigned_integral<typename Number::rep> &&
                         (sizeof(typename Number::rep) == 2 || sizeof(typename Number::rep) == 4);

/// How far `to` lies after `from` on the circle, the shorter way: -2^(n-1) to 2^(n-1)-1; negative when it lies before.
template <WrappingNumber Number>
[[nodiscard]] constexpr std::int32_t distance(Number from, Number to) noexcept {
  using Rep = typename Number::rep;
  return static_cast<std::make_signed_t<Rep>>(static_cast<Rep>(to.value() - from.value()));
}

/// `number` moved by `steps`, forwards or backwards, around the wrap.
template <WrappingNumber Number>
[[nodiscard]] constexpr Number advance(Number number, std::int64_t steps) noexcept {
  return Number{static_cast<typename Number::rep>(number.value() + static_cast<std::uint64_t>(steps))};
}

/// True when `number` comes after `other`. Of two numbers exactly half a circle apart the larger one counts as newer,
/// so that never both of is_newer(a, b) and is_newer(b, a) hold.
template <WrappingNumber Number>
[[nodiscard]] constexpr bool is_newer(Number number, Number other) noexcept {
  using Rep = typename Number::rep;
  constexpr auto kHalf = static_cast<Rep>(Rep{1} << (sizeof(Rep) * 8 - 1));
  const auto ahead = static_cast<Rep>(number.value() - other.value());
  if (ahead == kHalf) return number.value() > other.value();
  return ahead != 0 && ahead < kHalf;
}

/// Follows a wrapping number and says where each value stands on a line that does not wrap (RFC 3550 appendix A.1 calls
/// it the extended sequence number). The line starts at the first value; what came before that wraps below zero.
///
/// Every value is taken to be the one nearest to the newest seen, so up to half a circle of reordering is understood.
template <WrappingNumber Number>
class Unwrapper {
 public:
  constexpr std::int64_t unwrap(Number number) noexcept {
    const std::int64_t position = peek(number);
    if (!newest_ || position > position_) {
      newest_ = number;
      position_ = position;
    }
    return position;
  }
  /// As unwrap(), but without moving.
  [[nodiscard]] constexpr std::int64_t peek(Number number) const noexcept {
    if (!newest_) return number.value();
    return position_ + distance(*newest_, number);
  }
  [[nodiscard]] constexpr std::optional<Number> newest() const noexcept { return newest_; }
  constexpr void reset() noexcept { *this = Unwrapper{}; }

 private:
  std::optional<Number> newest_;
  std::int64_t position_ = 0;
};

using SequenceUnwrapper = Unwrapper<RtpSequence>;
using TimestampUnwrapper = Unwrapper<RtpTimestamp>;

}  // namespace sluice
