#include "program/live_track.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace sluice::livestream {

namespace {

/// RFC 3550 section 5.1: |V=2|P|X| CC |M| PT |  sequence number  |  timestamp, 32 bits  |  SSRC, 32 bits  |
constexpr std::size_t kRtpHeaderBytes = 12;
constexpr std::uint8_t kVersion = 2 << 6;

/// Two seconds of 4 Mbit/s, and of sound; a frame of video of 1 MB is none of a camera.
media::FrameAssembler::Options assembler_options(const TrackPlan& plan, Duration patience) {
  const bool video = media::is_video(plan.codec);
  return {.codec = plan.codec,
          .clock_rate = plan.clock_rate,
          .patience = patience,
          .max_packets = video ? std::size_t{1'024} : std::size_t{128},
          .max_frame_bytes = video ? std::size_t{1} << 20 : std::size_t{64} << 10,
          .orientation_id = plan.orientation_id};
}

template <class T>
std::optional<T> in_range(std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value < least || value > most) return std::nullopt;
  return static_cast<T>(value);
}

std::uint32_t timestamp_of(std::span<const std::uint8_t> rtp) noexcept {
  return std::uint32_t{rtp[4]} << 24 | std::uint32_t{rtp[5]} << 16 | std::uint32_t{rtp[6]} << 8 | std::uint32_t{rtp[7]};
}

}  // namespace

std::optional<TrackPlan> plan_track(const FeedTrack& track) {
  const auto codec = media::codec_of(track.mime_type);
  const auto number = in_range<TrackNumber>(track.track, 0, std::numeric_limits<TrackNumber>::max());
  const auto clock_rate = in_range<std::uint32_t>(track.clock_rate, 8'000, 192'000);
  const auto payload_type = in_range<std::uint8_t>(track.payload_type, 0, 127);
  if (!codec || !number || !clock_rate || !payload_type || media::is_video(*codec) != track.video) return std::nullopt;
  if (!track.video && *codec != media::Codec::opus) return std::nullopt;
  TrackPlan plan{.number = *number,
                 .codec = *codec,
                 .clock_rate = *clock_rate,
                 .payload_type = *payload_type,
                 .screen = track.source == TrackSource::screen};
  if (track.orientation_id) plan.orientation_id = in_range<std::uint8_t>(*track.orientation_id, 1, 255);
  return plan;
}

LiveTrack::LiveTrack(const TrackPlan& plan, std::shared_ptr<SenderClock> sender, Duration patience)
    : plan_{plan}, sender_{std::move(sender)}, assembler_{assembler_options(plan, patience)} {
  sender_->add(plan_.number, plan_.clock_rate);
}

LiveTrack::~LiveTrack() {
  if (sender_) sender_->remove(plan_.number);
}

void LiveTrack::insert(const FeedPacket& packet, const ProgramClock& clock) {
  const auto rtp = packet.rtp;
  if (rtp.size() < kRtpHeaderBytes || (rtp[0] & 0xc0) != kVersion) return;
  if ((rtp[1] & 0x7f) != plan_.payload_type) {
    // Comfort noise, another codec: its number is not missing, its content is not wanted.
    std::array<std::uint8_t, kRtpHeaderBytes> number_only{};
    std::copy_n(rtp.begin(), kRtpHeaderBytes, number_only.begin());
    number_only[0] = kVersion;
    return assembler_.insert(number_only, packet.arrival);
  }
  assembler_.insert(rtp, packet.arrival);
  std::optional<media::ClockWatch::Report> report;
  if (packet.clock) {
    report = {.timestamp = assembler_.unwrap(packet.clock->rtp.value()), .ntp = packet.clock->ntp};
  }
  sender_->see(plan_.number, assembler_.unwrap(timestamp_of(rtp)), clock.time_of(packet.arrival), report);
}

std::optional<TimedFrame> LiveTrack::next(Instant now, const ProgramClock& clock) {
  auto frame = assembler_.next(now);
  if (!frame) return std::nullopt;
  const MediaTime at = sender_->place(plan_.number, frame->timestamp, clock.time_of(frame->arrival));
  return TimedFrame{std::move(*frame), at};
}

}  // namespace sluice::livestream
