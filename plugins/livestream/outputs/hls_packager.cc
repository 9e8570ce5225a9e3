#include "outputs/hls_packager.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

namespace {

std::string codecs_of(const ProgramFormat& format) {
  std::string codecs;
  for (const auto* track : {&format.video, &format.audio}) {
    const auto name = media::codecs_parameter(*track);
    if (!name) continue;
    if (!codecs.empty()) codecs += ',';
    codecs += *name;
  }
  return codecs;
}

bool can_begin_with(const media::Packet& packet) { return packet.track == kVideoTrack && packet.key_frame; }

}  // namespace

void HlsPackager::put(const ProgramPacketPtr& packet) {
  const auto track = packet->packet.track;
  if (track >= waiting_.size() || packet->packet.dts < Time::zero()) return;
  auto& newest = newest_[track];
  if (newest && packet->packet.dts <= *newest) return;  // FFmpeg refuses what does not grow
  if (writer_ == std::nullopt || packet->format != format_) {
    if (!can_begin_with(packet->packet)) return;
    begin(packet);
  }
  newest = packet->packet.dts;
  if (track == kAudioTrack && *newest < begin_) return;  // from before the first picture
  waiting_[track].push_back(packet);
  make_parts(IsAll::no);
}

void HlsPackager::begin(const ProgramPacketPtr& packet) {
  finish();
  format_ = packet->format;
  writer_.emplace(std::vector{format_->video, format_->audio});
  begin_ = packet->packet.dts;
  sink_.initialisation(writer_->initialisation(), codecs_of(*format_));
}

void HlsPackager::finish() {
  if (!writer_) return;
  make_parts(IsAll::yes);
  end_segment();
  restart();
}

void HlsPackager::restart() {
  writer_.reset();
  format_.reset();
  for (auto& track : waiting_) track.clear();
  if (std::exchange(part_, 0) > 0) ++sequence_;
}

void HlsPackager::make_parts(IsAll is_all) {
  while (const auto cut = next_cut(is_all)) make_part(*cut);
}

std::optional<HlsPackager::Cut> HlsPackager::next_cut(IsAll is_all) const {
  const auto& [video, audio] = waiting_;
  if (video.empty() && audio.empty()) return std::nullopt;
  const auto cut = cut_at_picture(is_all);
  if (!cut || !is_there_until(cut->end, is_all)) return std::nullopt;
  return cut;
}

/// Where the part ends: nothing where that is not known yet.
std::optional<HlsPackager::Cut> HlsPackager::cut_at_picture(IsAll is_all) const {
  const auto latest = begin_ + longest_;
  std::optional<Time> picture;  // the last that begins within the part's length
  for (const auto& waiting : waiting_[kVideoTrack]) {
    const auto at = waiting->packet.dts;
    if (at > latest) return Cut{.end = picture ? *picture : cut_at_sound(latest)};
    if (at <= begin_) continue;
    if (waiting->segment_start) return Cut{.end = at, .ends_segment = true};
    picture = at;
  }
  const auto& sound = newest_[kAudioTrack];
  if (is_all == IsAll::yes) {
    const auto end = end_of_all();
    if (end <= latest) return Cut{.end = end};
  } else if (!sound || *sound < latest + kPatience) {
    return std::nullopt;
  }
  return Cut{.end = picture ? *picture : cut_at_sound(latest)};
}

/// The last sound that begins within the part's length.
HlsPackager::Time HlsPackager::cut_at_sound(Time latest) const {
  auto end = latest;
  for (const auto& waiting : waiting_[kAudioTrack]) {
    const auto at = waiting->packet.dts;
    if (at > latest) break;
    if (at > begin_) end = at;
  }
  return end;
}

/// Whether both tracks have come as far, or are not waited for any longer.
bool HlsPackager::is_there_until(Time end, IsAll is_all) const {
  if (is_all == IsAll::yes) return true;
  const auto& [video, audio] = newest_;
  return (audio && *audio >= end) || (video && *video >= end + kPatience);
}

/// Only asked for where something waits.
HlsPackager::Time HlsPackager::end_of_all() const {
  auto end = begin_;
  for (const auto& track : waiting_) {
    if (!track.empty()) end = std::max(end, track.back()->packet.dts + track.back()->packet.duration);
  }
  // Without a duration the last one is shown for a moment at least.
  return std::max(end, begin_ + std::chrono::milliseconds{1});
}

void HlsPackager::make_part(const Cut& cut) {
  const auto& video = waiting_[kVideoTrack];
  const bool independent = !video.empty() && video.front()->packet.key_frame && video.front()->packet.dts < cut.end;
  const HlsPart part{.sequence = sequence_, .part = part_, .duration = cut.end - begin_, .independent = independent};
  for (const auto track : {kVideoTrack, kAudioTrack}) write_until(track, cut.end);
  const auto bytes = writer_->cut();
  begin_ = cut.end;
  if (!bytes.empty()) {
    ++part_;
    sink_.part(part, bytes);
  }
  if (cut.ends_segment) end_segment();
}

void HlsPackager::write_until(std::size_t track, Time end) {
  auto& waiting = waiting_[track];
  while (!waiting.empty() && waiting.front()->packet.dts < end) {
    const auto packet = std::move(waiting.front());
    waiting.pop_front();
    std::optional<Time> duration;
    if (!waiting.empty()) duration = waiting.front()->packet.dts - packet->packet.dts;
    writer_->write(packet->packet, duration);
  }
}

void HlsPackager::end_segment() {
  if (std::exchange(part_, 0) == 0) return;
  sink_.segment_end(sequence_++);
}

}  // namespace sluice::livestream
