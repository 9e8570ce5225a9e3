#include "program/program_meter.h"

#include <utility>

namespace sluice::livestream {

void ProgramMeter::on_packet(const ProgramPacket& packet) noexcept {
  const auto bytes = static_cast<std::int64_t>(packet.packet.data.size());
  if (packet.packet.track == kVideoTrack) {
    ++counts_.frames;
    counts_.video_bytes += bytes;
  } else {
    counts_.audio_bytes += bytes;
  }
}

void ProgramMeter::on_moment(MediaTime at, const ProgramState& state) noexcept {
  if (state.dropped_frames > state_.dropped_frames) last_drop_ = at;
  state_ = state;
}

std::optional<ProgramFigures> ProgramMeter::take(MediaTime at) {
  const MediaTime elapsed = at - told_at_;
  if (elapsed < kEach) return std::nullopt;
  const Counts before = std::exchange(told_, counts_);
  told_at_ = at;
  const double seconds = std::chrono::duration<double>{elapsed}.count();
  const auto rate = [seconds](std::int64_t bytes) {
    return static_cast<std::int64_t>(static_cast<double>(bytes) * 8 / seconds);
  };
  return ProgramFigures{.frames_per_second = static_cast<double>(counts_.frames - before.frames) / seconds,
                        .frames = counts_.frames,
                        .dropped_frames = state_.dropped_frames,
                        .overloaded = last_drop_ && at - *last_drop_ <= kOverloadedFor,
                        .passthrough = state_.passthrough,
                        .video_bits_per_second = rate(counts_.video_bytes - before.video_bytes),
                        .audio_bits_per_second = rate(counts_.audio_bytes - before.audio_bytes),
                        .sources = state_.sources,
                        .lost_packets = state_.lost_packets,
                        .recorded_bytes = 0,
                        .recording_problem = {},
                        .hls_problem = {},
                        .targets = {}};
}

}  // namespace sluice::livestream
