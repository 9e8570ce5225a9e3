#pragma once

#include "core/media/rtp/ntp_time.h"
#include "sluice/media_types.h"

namespace sluice {

/// One moment by both clocks of a sender, as its last sender report told (RFC 3550 section 6.4.1). The wall clock is
/// common to all streams of the sender: through it the timestamps of one stream are told in those of another.
struct SenderClock {
  NtpTime ntp;
  RtpTimestamp rtp;
  friend constexpr bool operator==(const SenderClock&, const SenderClock&) noexcept = default;
};

}  // namespace sluice
