#include "core/media/transport/rtp_tap.h"

#include <optional>
#include <utility>

namespace sluice {

RtpTap::RtpTap(RtpConsumer::Spec spec, std::shared_ptr<TapQueue> queue)
    : queue_{std::move(queue)}, consumer_{std::move(spec), *this} {}

// The packet that finds room again is dropped, too: it may be in the middle of a picture. The next one of video asks
// for the key frame.
MutableBytes RtpTap::begin_rtp() noexcept {
  if (overflowed_ && queue_->half_empty()) {
    overflowed_ = false;
    consumer_.break_off();
  } else if (!overflowed_) {
    const MutableBytes room = queue_->begin();
    if (!room.empty()) return room;
    overflowed_ = true;
  }
  queue_->count_dropped();
  return {};
}

bool RtpTap::end_rtp(std::size_t size, PacePriority /*priority*/, Instant now) noexcept {
  if (size == 0) {
    queue_->count_dropped();
    return false;
  }
  std::optional<TappedClock> clock;
  if (const auto told = consumer_.sender_clock()) clock = TappedClock{.ntp = told->ntp.value(), .rtp = told->rtp};
  queue_->end(size, now, clock);
  return true;
}

}  // namespace sluice
