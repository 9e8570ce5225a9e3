#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sluice/media/codec.h"
#include "sluice/media/turn.h"
#include "sluice/time.h"

namespace sluice::media {

/// One frame of video or packet of audio, whole.
struct RtpFrame {
  /// H264: Annex B, parameter sets included where the sender sent them. VP8, VP9: the frame; of SVC all spatial layers
  /// that came, as a superframe. AV1: the temporal unit's OBUs with sizes, without temporal delimiters. Opus: the
  /// packet.
  std::vector<std::uint8_t> data;
  std::int64_t timestamp = 0;  ///< RTP, unwrapped: in ticks of the clock, never jumps back by a wrap
  Instant arrival;             ///< of its last packet
  bool key_frame = false;      ///< always so of audio
  bool after_loss = false;     ///< something between it and the frame before is missing
  std::optional<Size> size{};  ///< of key frames
  /// By the sender's last word: it comes with key frames and with each change. Nothing: it has said none.
  std::optional<Turn> turn{};
};

/// Jitter buffer and depacketizer of one stream: takes RTP packets in any order, gives whole frames in decoding order.
///
/// What is missing is waited for (a retransmission may bring it), then given up. Of video nothing follows a loss until
/// a key frame: a decoder would show garbage. RFC 6184 (H264, packetization modes 0 and 1), RFC 7741 (VP8), RFC 9628
/// (VP9), the AV1 RTP payload specification, RFC 7587 (Opus).
///
/// Sans I/O. Packets are hostile: what cannot be read is counted and dropped; what is kept is bounded.
class FrameAssembler {
 public:
  struct Options {
    Codec codec = Codec::vp8;
    std::uint32_t clock_rate = 90'000;                   ///< Hz
    Duration patience = std::chrono::milliseconds{800};  ///< how long a missing packet is waited for
    std::size_t max_packets = 2'048;                     ///< that wait; more: what is missing is given up at once
    std::size_t max_frame_bytes = std::size_t{4} << 20;  ///< a longer frame is dropped
    /// Of the header extension `urn:3gpp:video-orientation` (3GPP TS 26.114 section 7.4.5), as the tap's parameters
    /// name it; none: turns are not told.
    std::optional<std::uint8_t> orientation_id{};
  };
  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t malformed = 0;       ///< packets
    std::uint64_t lost = 0;            ///< packets that did not come in time
    std::uint64_t late = 0;            ///< packets after their time, or that came twice
    std::uint64_t frames = 0;          ///< that were given out
    std::uint64_t frames_dropped = 0;  ///< incomplete, or between a loss and the key frame
  };

  explicit FrameAssembler(const Options& options);
  FrameAssembler(FrameAssembler&&) noexcept;
  FrameAssembler& operator=(FrameAssembler&&) noexcept;
  ~FrameAssembler();

  /// A whole RTP packet. One without payload only tells that its number is not missing.
  void insert(std::span<const std::uint8_t> rtp, Instant arrival);
  /// The next frame, if it is whole and its turn.
  [[nodiscard]] std::optional<RtpFrame> next(Instant now);
  /// The stream begins anew: its numbers and its clock mean nothing any more. What waits is dropped.
  void reset();
  /// True once after each loss that only a key frame mends, and again each second until it comes.
  [[nodiscard]] bool take_key_frame_wish(Instant now);
  /// The unwrapped form of a timestamp near the newest packet's. Before the first packet: as it stands.
  [[nodiscard]] std::int64_t unwrap(std::uint32_t timestamp) const noexcept;
  [[nodiscard]] const Counters& counters() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::media
