#include "program/picture_source.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

void PictureSource::advance(Instant now, MediaTime until, const ProgramClock& clock) {
  due_.clear();
  while (auto frame = track_.next(now, clock)) waiting_.push_back(std::move(*frame));
  while (!waiting_.empty() && (waiting_.front().at < until || waiting_.size() > kMaxWaiting)) {
    if (keep_due_) due_.push_back(waiting_.front());
    take(std::move(waiting_.front()));
    waiting_.pop_front();
  }
}

void PictureSource::take(TimedFrame&& timed) {
  last_ = std::max(timed.at, last_.value_or(timed.at));
  turn_ = timed.frame.turn.value_or(media::Turn::none);
  if (timed.frame.key_frame) {
    drop_backlog();
    lacks_key_frame_ = false;
  }
  if (lacks_key_frame_) return;
  backlog_bytes_ += timed.frame.data.size();
  backlog_.push_back({.packet = {.data = std::move(timed.frame.data),
                                 .pts = timed.at,
                                 .dts = timed.at,
                                 .key_frame = timed.frame.key_frame},
                      .turn = turn_});
  if (backlog_bytes_ <= kMaxBacklogBytes && backlog_.size() <= kMaxBacklogFrames) return;
  drop_backlog();
  lacks_key_frame_ = true;
}

void PictureSource::drop_backlog() {
  backlog_.clear();
  backlog_bytes_ = 0;
}

void PictureSource::forget() {
  last_.reset();
  picture_.reset();
}

bool PictureSource::has_picture(MediaTime now) const {
  return last_ && (track_.plan().screen || now - *last_ <= kStalled);
}

bool PictureSource::wants_key_frame(Instant now) {
  const bool wished = track_.take_key_frame_wish(now);
  return std::exchange(wanted_now_, false) || wished;
}

std::optional<media::VideoFrame> PictureSource::take_picture() {
  wanted_now_ = wanted_now_ || lacks_key_frame_;
  decode_backlog();
  return std::exchange(picture_, std::nullopt);
}

void PictureSource::decode_backlog() {
  for (const Coded& coded : std::exchange(backlog_, {})) decode(coded);
  backlog_bytes_ = 0;
}

/// What a decoder does not like costs pictures up to the next key frame at most, never the program.
void PictureSource::decode(const Coded& coded) {
  try {
    if (!decoder_) {
      decoder_.emplace(media::TrackFormat{.codec = track_.plan().codec});
      decoder_errors_ = 0;
    }
    for (const media::VideoFrame& picture : decoder_->decode(coded.packet)) {
      picture_ = media::turned(picture, coded.turn);
    }
    wanted_now_ = wanted_now_ || decoder_->errors() != decoder_errors_;
    decoder_errors_ = decoder_->errors();
  } catch (const media::MediaError&) {
    decoder_.reset();
    drop_backlog();
    lacks_key_frame_ = wanted_now_ = true;
  }
}

}  // namespace sluice::livestream
