#include "program/passthrough.h"

#include <algorithm>

namespace sluice::livestream {

namespace {

constexpr MediaTime kLeastStep = std::chrono::milliseconds{1};

}  // namespace

bool Passthrough::is_fit(const PictureSource& source, MediaTime now) {
  if (source.track().plan().codec != media::Codec::h264 || source.is_turned()) return false;
  return source.last() && now - *source.last() <= kStalled;
}

bool Passthrough::choose(PictureSource* only, MediaTime last) {
  passed_.clear();
  const auto number = only == nullptr ? std::nullopt : std::optional{only->track().plan().number};
  if (number != source_) {
    source_ = number;
    passing_ = false;
    asked_.reset();
  }
  if (only == nullptr) return false;
  for (const TimedFrame& timed : only->due()) pass(timed, last);
  return passing_;
}

void Passthrough::pass(const TimedFrame& timed, MediaTime last) {
  PassedFrame frame{.data = {}, .pts = timed.at + delay_, .key_frame = timed.frame.key_frame};
  if (frame.key_frame) frame.format = media::format_of(media::Codec::h264, timed.frame.data);
  if (!passing_ && !frame.format) return;
  passing_ = true;
  frame.data = timed.frame.data;
  // A frame that came late goes out all the same: those after it need it.
  frame.pts = std::max(frame.pts, (passed_.empty() ? last : passed_.back().pts) + kLeastStep);
  if (frame.key_frame) {
    grid_.begin(frame.pts);
    asked_.reset();
    requested_ = false;
  }
  passed_.push_back(std::move(frame));
}

bool Passthrough::take_key_frame_wish(MediaTime now) {
  if (!source_) return false;
  // What is sent now is shown that much later.
  if (passing_ && !requested_ && !grid_.is_due(now + delay_)) return false;
  if (asked_ && now - *asked_ < delay_ + kAskAgain) return false;
  asked_ = now;
  return true;
}

}  // namespace sluice::livestream
