#include "core/media/recovery/retransmission_guard.h"

#include <algorithm>

namespace sluice {

void RetransmissionGuard::refill(DataRate media, Instant now) noexcept {
  const DataRate rate = std::max(media * kShare, kMinRate);
  const auto most = static_cast<double>(rate.bytes_in(kBurst));
  const Duration passed = std::clamp(now - refilled_at_, Duration::zero(), kBurst);
  budget_ = std::min(most, budget_ + static_cast<double>(rate.bytes_in(passed)));
  refilled_at_ = now;
}

bool RetransmissionGuard::allow(const Request& request, const Path& path, Instant now) {
  if (sent_ == nullptr) {
    sent_ = std::make_unique<std::array<Sent, kRemembered>>();
    refilled_at_ = now - kBurst;  // nothing was used so far
  }
  Sent& sent = (*sent_)[request.sequence.value() % kRemembered];
  const bool remembered = sent.at != Instant{} && sent.sequence == request.sequence;
  if (remembered && now - sent.at < std::max(path.round_trip, kMinInterval)) {
    ++counters_.too_soon;
    return false;
  }
  refill(path.media, now);
  if (static_cast<double>(request.bytes) > budget_) {
    ++counters_.too_much;
    return false;
  }
  budget_ -= static_cast<double>(request.bytes);
  sent = {.sequence = request.sequence, .at = now};
  ++counters_.allowed;
  return true;
}

}  // namespace sluice
