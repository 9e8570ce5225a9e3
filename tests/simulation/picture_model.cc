#include "tests/simulation/picture_model.h"

#include <algorithm>

#include "core/media/layers/vp8_layers.h"

namespace sluice::simulation {

void PictureModel::on_packet(std::int64_t position, const RtpPacketView& packet, Instant now) {
  if (next_ && position < *next_) return;
  packets_[position] = {.timestamp = packet.timestamp(),
                        .ends_frame = packet.marker(),
                        .begins_keyframe = Vp8Layers{}.read(packet.payload(), packet.marker()).keyframe,
                        .is_padding = packet.payload().empty(),
                        .stamp = read_stamp(packet.payload())};
  while (show_next(now) || skip_to_keyframe()) {
  }
  if (packets_.empty()) {
    stuck_since_.reset();
  } else if (!stuck_since_) {
    stuck_since_ = now;
  }
}

std::optional<std::int64_t> PictureModel::end_of_frame(std::int64_t first) const {
  auto at = packets_.find(first);
  for (std::int64_t position = first; at != packets_.end() && at->first == position; ++at, ++position) {
    if (at->second.is_padding || at->second.ends_frame) return position + 1;
  }
  return std::nullopt;
}

bool PictureModel::show_next(Instant now) {
  if (!next_) return false;
  const auto end = end_of_frame(*next_);
  if (!end) return false;
  const Packet& first = packets_.at(*next_);
  if (!first.is_padding) {
    frames_.push_back(
        {.at = now, .timestamp = first.timestamp, .keyframe = first.begins_keyframe, .stamp = first.stamp});
  }
  packets_.erase(packets_.begin(), packets_.lower_bound(*end));
  next_ = *end;
  stuck_since_.reset();
  return true;
}

bool PictureModel::skip_to_keyframe() {
  for (const auto& [position, packet] : packets_) {
    if (!packet.begins_keyframe || position == next_ || !end_of_frame(position)) continue;
    next_ = position;
    packets_.erase(packets_.begin(), packets_.find(position));
    return true;
  }
  return false;
}

Duration PictureModel::longest_freeze(Instant from, Instant to) const noexcept {
  Duration longest{};
  Instant before = from;
  for (const ShownFrame& frame : frames_) {
    if (frame.at < from || frame.at > to) continue;
    longest = std::max(longest, frame.at - before);
    before = frame.at;
  }
  return std::max(longest, to - before);
}

std::size_t PictureModel::shown_between(Instant from, Instant to) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(frames_, [&](const ShownFrame& frame) { return frame.at >= from && frame.at < to; }));
}

std::size_t PictureModel::switches_between(Instant from, Instant to) const noexcept {
  std::size_t switches = 0;
  std::optional<std::uint8_t> layer;
  for (const ShownFrame& frame : frames_) {
    if (!frame.stamp || frame.at >= to) continue;
    if (layer && *layer != frame.stamp->layer && frame.at >= from) ++switches;
    layer = frame.stamp->layer;
  }
  return switches;
}

}  // namespace sluice::simulation
