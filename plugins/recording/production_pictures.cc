#include "production_pictures.h"

#include <utility>

namespace sluice::recording {

void PictureTrack::advance(MediaTime until) {
  if (undecodable_) return;
  while (auto frame = stream_.next(until)) {
    if (frame->packet.key_frame) {
      backlog_.clear();
      backlog_bytes_ = 0;
    }
    if (timeline_.is_recorded(frame->at)) last_ = frame->at;
    backlog_bytes_ += frame->packet.data.size();
    backlog_.push_back(std::move(frame->packet));
  }
  if (backlog_bytes_ > kMaxBacklogBytes) decode_backlog();
  if (stream_.ended() && backlog_.empty()) decoder_.reset();
}

void PictureTrack::forget() {
  last_.reset();
  picture_.reset();
}

bool PictureTrack::has_picture(MediaTime now) const {
  if (!last_ || undecodable_) return false;
  return stream_.track().is_screen() || timeline_.product_time(now) - timeline_.product_time(*last_) <= kStalled;
}

std::optional<media::VideoFrame> PictureTrack::take_picture() {
  decode_backlog();
  const auto picture = std::exchange(picture_, std::nullopt);
  if (!picture) return std::nullopt;
  return media::turned(*picture, stream_.track().turn_at(picture->pts));
}

void PictureTrack::decode_backlog() {
  for (const media::Packet& packet : backlog_) decode(packet);
  backlog_.clear();
  backlog_bytes_ = 0;
}

void PictureTrack::decode(const media::Packet& packet) {
  try {
    if (!decoder_) decoder_.emplace(stream_.format());
  } catch (const media::MediaError&) {
    undecodable_ = true;
    return;
  }
  for (media::VideoFrame& picture : decoder_->decode(packet)) {
    // What is sent in a pause is needed to decode what follows, and not to be seen.
    if (timeline_.is_recorded(stream_.time_of(picture.pts))) picture_ = std::move(picture);
  }
}

}  // namespace sluice::recording
