#include "core/media/recovery/round_trip_meter.h"

#include <algorithm>

namespace sluice {

void RoundTripMeter::on_sent(NtpTime time, Instant now) noexcept {
  sent_[count_++ % kRemembered] = {.time = compact(time), .at = now};
}

// On the monotonic clock, as RtpStreamSender does it: the wall clock may step, and an invented time is not found.
void RoundTripMeter::on_answer(CompactNtp last, CompactNtp delay, Instant now) noexcept {
  const auto end = sent_.begin() + static_cast<std::ptrdiff_t>(std::min(count_, kRemembered));
  const auto sent = std::find_if(sent_.begin(), end, [last](const Sent& each) { return each.time == last; });
  if (sent == end) return;
  on_sample(now - sent->at - to_duration(delay));
}

void RoundTripMeter::on_sample(Duration round_trip) noexcept {
  if (round_trip < Duration::zero() || round_trip > kLongest) return;
  smoothed_ = smoothed_ ? *smoothed_ + (round_trip - *smoothed_) / 4 : round_trip;
}

}  // namespace sluice
