#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "feed/feed_records.h"
#include "program/program_clock.h"
#include "program/sender_clock.h"
#include "sluice/media/frame_assembler.h"

namespace sluice::livestream {

/// What is believed of a FeedTrack.
struct TrackPlan {
  TrackNumber number = 0;
  media::Codec codec = media::Codec::vp8;
  std::uint32_t clock_rate = 90'000;
  std::uint8_t payload_type = 0;
  std::optional<std::uint8_t> orientation_id{};
  bool screen = false;
};
/// Nothing: its media are none that can be read.
[[nodiscard]] std::optional<TrackPlan> plan_track(const FeedTrack& track);

/// A frame, and when it belongs to the program.
struct TimedFrame {
  media::RtpFrame frame;
  MediaTime at{};  ///< on the program's time line, without the program's delay
};

/// One track on its way into the program: packets to frames, frames to their times.
class LiveTrack {
 public:
  /// @param sender    Shared by the tracks of one participant, and the room that adds more.
  /// @param patience  How long a missing packet is waited for.
  LiveTrack(const TrackPlan& plan, std::shared_ptr<SenderClock> sender, Duration patience);
  LiveTrack(LiveTrack&&) noexcept = default;
  LiveTrack& operator=(LiveTrack&&) = delete;
  ~LiveTrack();

  void insert(const FeedPacket& packet, const ProgramClock& clock);
  /// The next frame that is whole.
  [[nodiscard]] std::optional<TimedFrame> next(Instant now, const ProgramClock& clock);
  [[nodiscard]] bool take_key_frame_wish(Instant now) { return assembler_.take_key_frame_wish(now); }
  [[nodiscard]] const TrackPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] std::uint64_t lost_packets() const noexcept { return assembler_.counters().lost; }

 private:
  TrackPlan plan_;
  std::shared_ptr<SenderClock> sender_;
  media::FrameAssembler assembler_;
};

}  // namespace sluice::livestream
