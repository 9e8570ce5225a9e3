#pragma once

#include <cstdint>
#include <optional>

#include "core/media/rtp/ntp_time.h"
#include "core/media/rtp/report_block.h"
#include "core/media/rtp/sequence_history.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// What a stream's receiver needs to know of a packet.
struct ReceivedPacket {
  RtpSequence sequence{};
  RtpTimestamp timestamp{};
  std::size_t payload_size = 0;  ///< without padding
};

/// Where a packet stands among those received before it.
enum class PacketOrder : std::uint8_t {
  in_order,   ///< the first, or the next after the newest
  after_gap,  ///< newer than the newest, with numbers missing in between
  late,       ///< older than the newest, and one of the missing
  duplicate,  ///< received before, or repaired
  jumped,     ///< far from the newest: not counted unless the next one follows it
  restarted   ///< the second after a jump: the sender began a new numbering, all counters began afresh
};

struct ReceiverStats {
  std::uint64_t packets = 0;  ///< including late ones and duplicates
  std::uint64_t octets = 0;   ///< of payload
  std::uint64_t late = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t repaired = 0;  ///< by retransmissions of a stream of their own; not among `packets`
  std::uint64_t jumped = 0;
  std::uint32_t restarts = 0;
  std::int64_t lost = 0;     ///< expected minus received since the last restart; negative with duplicates
  std::uint32_t jitter = 0;  ///< in ticks of the RTP clock
};

/// Reception of one SSRC: loss, order and jitter, and the report blocks made of them (RFC 3550 section 6.4, appendix
/// A).
///
/// Reports tell the sender about the path: what RTX repaired counts as lost there, and only keeps the original from
/// being taken for something new. A packet counts from the first one on, without the probation of appendix A.1 (SRTP
/// has authenticated the source); the rule of two packets in sequence is kept for restarts after a big jump.
class RtpStreamReceiver {
 public:
  RtpStreamReceiver(Ssrc ssrc, std::uint32_t clock_rate) noexcept : ssrc_{ssrc}, clock_rate_{clock_rate} {}

  PacketOrder on_packet(const ReceivedPacket& packet, Instant now) noexcept;
  /// RTX brought a packet. @return `late`: it was missing; `duplicate`; `jumped`: older than is remembered, or newer
  /// than anything received.
  PacketOrder on_repaired(RtpSequence sequence) noexcept;
  void on_sender_report(const SenderInfo& info, Instant now) noexcept;

  /// The block for the next receiver report, and the end of its interval. None: no packet came since the last one, so
  /// that this source is not reported on (RFC 3550 section 6.4.2).
  [[nodiscard]] std::optional<ReportBlock> make_report_block(Instant now) noexcept;

  struct SenderReportArrival {
    SenderInfo info;
    Instant at;
  };
  /// Maps the stream's RTP clock to the sender's wall clock.
  [[nodiscard]] const std::optional<SenderReportArrival>& last_sender_report() const noexcept { return sender_report_; }

  [[nodiscard]] Ssrc ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint32_t clock_rate() const noexcept { return clock_rate_; }
  [[nodiscard]] ReceiverStats stats() const noexcept;

  /// Numbers that may be missing before a packet counts as a jump: MAX_DROPOUT of appendix A.1.
  static constexpr std::uint16_t kMaxDropout = 3000;
  /// Numbers that a packet may be late: MAX_MISORDER. Wider than the 100 of appendix A.1, which is 2 s of audio but
  /// only a moment of video: retransmissions take a round trip or more. As wide as SRTP's replay window.
  static constexpr std::uint16_t kMaxMisorder = 1024;

 private:
  PacketOrder classify(RtpSequence sequence) noexcept;
  PacketOrder move_forward(RtpSequence sequence, std::uint16_t ahead) noexcept;
  PacketOrder handle_jump(RtpSequence sequence) noexcept;
  void start(RtpSequence sequence) noexcept;
  void update_jitter(RtpTimestamp timestamp, Instant now) noexcept;
  [[nodiscard]] std::uint32_t extended_highest() const noexcept { return cycles_ + highest_.value(); }
  [[nodiscard]] std::uint32_t expected() const noexcept;

  Ssrc ssrc_;
  std::uint32_t clock_rate_;

  bool started_ = false;
  RtpSequence highest_;
  std::uint32_t cycles_ = 0;               ///< wraps so far, times 65536
  std::uint32_t base_ = 0;                 ///< the first number
  std::optional<RtpSequence> after_jump_;  ///< the number that would confirm a restart
  SequenceHistory<kMaxMisorder> history_;
  SequenceHistory<kMaxMisorder> repaired_;

  std::uint32_t received_ = 0;  ///< since the last restart
  std::uint32_t expected_at_report_ = 0;
  std::uint32_t received_at_report_ = 0;

  std::optional<Instant> jitter_epoch_;
  std::uint32_t transit_ = 0;
  std::uint64_t jitter_x16_ = 0;

  std::optional<SenderReportArrival> sender_report_;
  ReceiverStats totals_;
};

}  // namespace sluice
