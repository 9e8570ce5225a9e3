#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/media/rtp/rtp_packet.h"
#include "sluice/media_types.h"
#include "sluice/time.h"
#include "tests/simulation/frame_stamp.h"

namespace sluice::simulation {

/// A frame that was shown.
struct ShownFrame {
  Instant at;
  RtpTimestamp timestamp;
  bool keyframe = false;
  std::optional<FrameStamp> stamp{};  ///< what its sender wrote into it
};

/// What a decoder can show of the packets of a VP8 stream: whole frames, none missing before them since a key frame.
/// A frame is shown when the last packet that it needs has come; what cannot be completed is left behind when a
/// complete key frame stands after it.
class PictureModel {
 public:
  /// @param position  The sequence number, not wrapped. Each once.
  void on_packet(std::int64_t position, const RtpPacketView& packet, Instant now);

  [[nodiscard]] const std::vector<ShownFrame>& frames() const noexcept { return frames_; }
  /// Everything before this has been shown or left behind.
  [[nodiscard]] std::int64_t next_position() const noexcept { return next_.value_or(0); }
  /// Since when packets have been here that cannot be shown.
  [[nodiscard]] std::optional<Instant> stuck_since() const noexcept { return stuck_since_; }
  /// The longest time without a new frame between `from` and `to`.
  [[nodiscard]] Duration longest_freeze(Instant from, Instant to) const noexcept;
  [[nodiscard]] std::size_t shown_between(Instant from, Instant to) const noexcept;
  /// How often the layer that senders stamped changed.
  [[nodiscard]] std::size_t switches_between(Instant from, Instant to) const noexcept;

 private:
  struct Packet {
    RtpTimestamp timestamp;
    bool ends_frame = false;
    bool begins_keyframe = false;
    bool is_padding = false;
    std::optional<FrameStamp> stamp{};
  };

  bool show_next(Instant now);
  bool skip_to_keyframe();
  /// The position after the frame that begins at `first`, if all of it is here.
  [[nodiscard]] std::optional<std::int64_t> end_of_frame(std::int64_t first) const;

  std::map<std::int64_t, Packet> packets_;  // not shown yet
  std::optional<std::int64_t> next_;        // none before the first key frame
  std::vector<ShownFrame> frames_;
  std::optional<Instant> stuck_since_;
};

}  // namespace sluice::simulation
