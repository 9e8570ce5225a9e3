#include "core/media/rtcp/keyframe_requester.h"

#include <algorithm>

namespace sluice {

void KeyframeRequester::handle_request(Instant now) noexcept {
  if (deadline_) return;  // merged with the request under way
  attempts_ = 0;
  deadline_ = last_sent_ ? std::max(now, *last_sent_ + config_.min_interval) : now;
}

void KeyframeRequester::handle_keyframe() noexcept { deadline_.reset(); }

std::optional<SendPli> KeyframeRequester::poll(Instant now) noexcept {
  if (!deadline_ || now < *deadline_) return std::nullopt;
  if (attempts_ >= config_.max_attempts) {
    deadline_.reset();  // give up; the next request starts afresh
    return std::nullopt;
  }
  ++attempts_;
  ++plis_sent_;
  last_sent_ = now;
  deadline_ = now + std::max(config_.retry_interval, config_.min_interval);
  return SendPli{ssrc_};
}

}  // namespace sluice
