#pragma once

#include <chrono>
#include <cstdint>

#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// Wall clock as RTCP carries it: seconds since 1900 in the upper 32 bits, fraction in the lower (RFC 3550 section 4).
using NtpTime = StrongNumber<struct NtpTimeTag, std::uint64_t>;
/// The middle 32 bits of an NtpTime, in units of 1/65536 s: LSR, DLSR and round trips. It wraps every 18 hours.
using CompactNtp = StrongNumber<struct CompactNtpTag, std::uint32_t>;

/// Seconds from the NTP epoch (1900) to the epoch of the wall clock (1970), 70 years with 17 leap days.
inline constexpr std::uint64_t kNtpEpochOffset = 2'208'988'800;

[[nodiscard]] constexpr NtpTime to_ntp(WallTime wall) noexcept {
  const auto since_epoch = wall.time_since_epoch();
  const auto whole = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - whole).count();
  const auto seconds = static_cast<std::uint64_t>(whole.count()) + kNtpEpochOffset;
  const auto fraction = (static_cast<std::uint64_t>(nanoseconds) << 32) / 1'000'000'000;
  return NtpTime{seconds << 32 | fraction};  // the era (2036) drops off the top, as it must
}

[[nodiscard]] constexpr CompactNtp compact(NtpTime time) noexcept {
  return CompactNtp{static_cast<std::uint32_t>(time.value() >> 16)};
}

/// A span of time in units of 1/65536 s; what is negative or too long for 32 bits becomes the nearest end.
[[nodiscard]] constexpr CompactNtp to_compact_ntp(Duration span) noexcept {
  constexpr Duration kLongest = std::chrono::seconds{65'535};
  if (span <= Duration::zero()) return CompactNtp{0};
  if (span >= kLongest) return CompactNtp{0xffff'ffff};
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(span).count();
  return CompactNtp{static_cast<std::uint32_t>((static_cast<std::uint64_t>(nanoseconds) << 16) / 1'000'000'000)};
}

[[nodiscard]] constexpr Duration to_duration(CompactNtp span) noexcept {
  const std::uint64_t nanoseconds = (std::uint64_t{span.value()} * 1'000'000'000) >> 16;
  return std::chrono::duration_cast<Duration>(std::chrono::nanoseconds{static_cast<std::int64_t>(nanoseconds)});
}

/// A span of time in ticks of an RTP clock. Whole seconds and the rest are scaled apart: at 90 kHz one product of
/// nanoseconds and rate would overflow 63 bits after 28 hours.
[[nodiscard]] constexpr std::int64_t to_rtp_ticks(Duration span, std::uint32_t clock_rate) noexcept {
  const auto whole = std::chrono::floor<std::chrono::seconds>(span);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(span - whole).count();
  return whole.count() * std::int64_t{clock_rate} + nanoseconds * std::int64_t{clock_rate} / 1'000'000'000;
}

}  // namespace sluice
