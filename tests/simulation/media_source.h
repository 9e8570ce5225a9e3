#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/media/ortc/mapping.h"
#include "core/media/rtp/header_extension_values.h"
#include "tests/simulation/frame_stamp.h"
#include "tests/simulation/rtc_peer.h"

/// Streams shaped like those of a browser, and the negotiation results that fit them: the producer's numbers, the
/// router's and the consumer's all differ, so that a number that is not translated shows.
namespace sluice::simulation {

inline constexpr std::uint8_t kProducerVp8 = 96;
inline constexpr std::uint8_t kProducerOpus = 111;
inline constexpr std::uint8_t kRouterVp8 = 101;
inline constexpr std::uint8_t kRouterOpus = 100;
inline constexpr std::uint8_t kConsumerVp8 = 107;
inline constexpr std::uint8_t kConsumerOpus = 109;
inline constexpr std::uint8_t kProducerRtx = 97;
inline constexpr std::uint8_t kRouterRtx = 102;
inline constexpr std::uint8_t kConsumerRtx = 108;
inline constexpr std::uint32_t kVideoClock = 90'000;
inline constexpr std::uint32_t kAudioClock = 48'000;

/// Header extension ids, by who uses them.
struct ExtensionIds {
  std::uint8_t mid, rid, repaired_rid, abs_send_time, transport_sequence, audio_level, orientation;
};
inline constexpr ExtensionIds kProducerIds{4, 10, 11, 2, 3, 1, 13};
inline constexpr ExtensionIds kRouterIds{1, 2, 3, 4, 5, 10, 11};
inline constexpr ExtensionIds kConsumerIds{9, 0, 0, 8, 7, 6, 5};

/// A browser's track as its gateway has negotiated it: without rids a single SSRC, else one learnt stream for each.
[[nodiscard]] ortc::ProducerMapping video_producer(Mid mid, std::optional<Ssrc> ssrc,
                                                   const std::vector<Rid>& rids = {});
[[nodiscard]] ortc::ProducerMapping audio_producer(Mid mid, Ssrc ssrc);
[[nodiscard]] ortc::ConsumerMapping video_consumer(Mid mid, Ssrc ssrc);
[[nodiscard]] ortc::ConsumerMapping audio_consumer(Mid mid, Ssrc ssrc);

/// The SSRC by which these peers repair a stream.
[[nodiscard]] constexpr Ssrc rtx_of(Ssrc ssrc) noexcept { return Ssrc{ssrc.value() ^ 0x8000'0000U}; }

/// What a browser negotiates besides, as it does in real calls: RTX of the video, and transport-cc.
void add_rtx(ortc::ProducerMapping& mapping);
void add_rtx(ortc::ConsumerMapping& mapping, Ssrc rtx_ssrc);
void add_transport_cc(ortc::FeedbackSet& feedback);

enum class FrameKind : std::uint8_t { key, delta };

/// RFC 7741 section 4.2: TID, Y and TL0PICIDX.
struct TemporalIndex {
  std::uint8_t layer = 0;
  bool synchronised = false;
  std::uint8_t base_picture = 0;
};

/// A frame to send.
struct FrameShape {
  FrameKind kind = FrameKind::delta;
  std::size_t bytes = 2000;  ///< of payload, in packets as large as they may be
  std::optional<FrameStamp> stamp{};
  std::optional<TemporalIndex> temporal{};
};

/// One stream that a peer sends: numbers its packets and writes payloads of the right shape.
class MediaSource {
 public:
  struct Spec {
    MediaKind kind = MediaKind::video;
    Ssrc ssrc;
    Mid mid;
    std::optional<Rid> rid{};
    RtpSequence first_sequence{};
    RtpTimestamp first_timestamp{};
    std::size_t payload_size = 200;
  };

  explicit MediaSource(const Spec& spec)
      : spec_{spec}, sequence_{spec.first_sequence}, timestamp_{spec.first_timestamp} {}

  /// A frame of 33 ms in `packets` packets of VP8. @return whether all could be sent.
  bool send_frame(RtcPeer& peer, FrameKind kind, int packets = 2);
  /// A frame of 33 ms of any size, in packets of nearly equal size.
  bool send_frame(RtcPeer& peer, const FrameShape& shape);
  /// 20 ms of Opus.
  bool send_audio(RtcPeer& peer);
  /// Of the audio that is sent from now on; at first nearly the loudest, without V.
  void set_audio_level(AudioLevel level) noexcept { own_ = write_audio_level(level)[0]; }
  /// As though these had been sent and lost.
  void skip(int packets) noexcept;
  /// The clock goes on while nothing is sent.
  void pass(Duration time) noexcept;

  [[nodiscard]] RtpSequence next_sequence() const noexcept { return sequence_; }
  [[nodiscard]] RtpTimestamp next_timestamp() const noexcept { return timestamp_; }
  [[nodiscard]] Ssrc ssrc() const noexcept { return spec_.ssrc; }

 private:
  static constexpr std::size_t kPacketPayload = 1100;

  bool send(RtcPeer& peer, std::uint8_t payload_type, bool marker, Bytes payload);
  [[nodiscard]] std::size_t describe(MutableBytes payload, bool first, const FrameShape& shape) const noexcept;

  Spec spec_;
  RtpSequence sequence_;
  RtpTimestamp timestamp_;
  std::uint16_t picture_ = 0;
  std::uint8_t own_ = 0x01;  // an orientation or a level: must reach everybody
};

}  // namespace sluice::simulation
