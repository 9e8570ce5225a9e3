#pragma once

#include <cstdint>

#include "core/media/rtp/ntp_time.h"
#include "sluice/media_types.h"

namespace sluice {

/// What a receiver says of one source, RFC 3550 section 6.4.1.
struct ReportBlock {
  Ssrc ssrc{};                       ///< the source reported on
  std::uint8_t fraction_lost = 0;    ///< of the last interval, in 1/256
  std::int32_t cumulative_lost = 0;  ///< 24 bits on the wire; negative where duplicates outnumber losses
  std::uint32_t extended_highest_sequence = 0;
  std::uint32_t jitter = 0;                     ///< in ticks of the source's RTP clock
  CompactNtp last_sender_report{};              ///< LSR; 0: none received
  CompactNtp delay_since_last_sender_report{};  ///< DLSR
  friend constexpr bool operator==(const ReportBlock&, const ReportBlock&) noexcept = default;
};

/// What a sender says of itself, RFC 3550 section 6.4.1.
struct SenderInfo {
  NtpTime ntp{};
  RtpTimestamp rtp_timestamp{};  ///< the instant of `ntp` on the source's RTP clock
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;  ///< payload alone: no headers, no padding
  friend constexpr bool operator==(const SenderInfo&, const SenderInfo&) noexcept = default;
};

}  // namespace sluice
