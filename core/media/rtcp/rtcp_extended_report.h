#pragma once

#include <cstdint>
#include <optional>

#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtp/ntp_time.h"
#include "core/media/rtp/wire_array.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// Answers a receiver reference time, as LSR and DLSR answer a sender report: RFC 3611 section 4.5.
struct DelaySinceLastRr {
  Ssrc ssrc;                 ///< whose reference time is answered
  CompactNtp last_rr{};      ///< of that reference time; 0: none was received
  CompactNtp delay_since{};  ///< from its arrival to this answer
  friend constexpr bool operator==(const DelaySinceLastRr&, const DelaySinceLastRr&) noexcept = default;
};
inline constexpr std::size_t kDelaySinceLastRrSize = 12;
[[nodiscard]] DelaySinceLastRr decode_delay_since_last_rr(Bytes record) noexcept;
using DelaySinceLastRrList = WireArray<DelaySinceLastRr, kDelaySinceLastRrSize, decode_delay_since_last_rr>;

/// XR, RFC 3611 section 2. Of its blocks the last of each kind that is named here is read, others are skipped.
struct ExtendedReport {
  Ssrc sender;
  std::optional<NtpTime> reference_time{};  ///< section 4.4: the sender's clock, to be answered
  DelaySinceLastRrList delays{};            ///< empty when there is none

  static Result<ExtendedReport, RtcpError> parse(const RtcpBlock& block) noexcept;
};

}  // namespace sluice
