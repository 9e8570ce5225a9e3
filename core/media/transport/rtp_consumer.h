#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/sampled_rate.h"
#include "core/media/bwe/bitrate_allocator.h"
#include "core/media/layers/layer_selector.h"
#include "core/media/layers/packet_layers.h"
#include "core/media/ortc/mapping.h"
#include "core/media/recovery/retransmission_guard.h"
#include "core/media/rtp/rtp_stream_sender.h"
#include "core/media/transport/media_keys.h"
#include "core/media/transport/routed_packet.h"
#include "core/media/transport/rtp_output.h"
#include "core/media/transport/sent_copies.h"
#include "core/media/transport/sequence_rewriter.h"

namespace sluice {

class RtpSource;

/// One producer's media as it is sent to one client: chooses packets, rewrites them, counts them.
/// @note Worker thread only; the packet path allocates nothing.
class RtpConsumer {
 public:
  struct Spec {
    ConsumerKey key;
    MediaKind kind = MediaKind::audio;
    ortc::ConsumerMapping mapping;
    std::uint32_t clock_rate = 0;  ///< Hz
    std::string cname;
    SequenceRewriter::Numbers first;
    bool paused = false;
    std::uint8_t priority = 1;                 ///< 1 to 255, the higher the sooner it gets a share of the bandwidth
    std::optional<LayerPosition> preferred{};  ///< the client wants no more than this
    bool insists = false;                      ///< see set_insists()
  };

  RtpConsumer(Spec spec, RtpOutput& output);
  RtpConsumer(const RtpConsumer&) = delete;
  RtpConsumer& operator=(const RtpConsumer&) = delete;
  ~RtpConsumer();

  /// Begins to take packets of `source`, with a key frame where it is video; leaves the source before, if any.
  void attach(RtpSource& source, Instant now) noexcept;
  /// Falls silent. The numbering goes on with what is attached next.
  void detach() noexcept;
  /// The source dies; the consumer stays silent from now on.
  void source_gone() noexcept { source_ = nullptr; }

  void forward(const RoutedPacket& packet, Instant now) noexcept;
  /// forward() follows soon.
  void prefetch() const noexcept;
  [[nodiscard]] const RtpOutput& output() const noexcept { return output_; }
  /// The next packet does not follow the ones before: a run ends.
  void interrupt() noexcept;
  /// The same, and the receiver is to notice: a number is left out.
  void break_off() noexcept;
  void set_paused(bool paused, Instant now) noexcept;
  /// The client asks (PLI or FIR), or the application.
  void request_keyframe(Instant now) noexcept;
  /// The transport can send now; before that, packets were not taken.
  void output_ready(Instant now) noexcept;

  // What the transport's allocator goes by.
  void set_priority(std::uint8_t priority) noexcept { spec_.priority = priority; }
  [[nodiscard]] std::uint8_t priority() const noexcept { return spec_.priority; }
  void set_preferred(std::optional<LayerPosition> most) noexcept;
  [[nodiscard]] std::optional<LayerPosition> preferred() const noexcept { return spec_.preferred; }

  /// What it gets of the transport's bandwidth. Everything, until it is called.
  void set_share(const AllocationResult& share) noexcept;
  /// The last one; none where nobody counts the bandwidth.
  [[nodiscard]] const std::optional<AllocationResult>& share() const noexcept { return share_; }
  /// What is sent, at most; none: nothing.
  void set_target(std::optional<LayerPosition> target) noexcept;

  /// Sends again what went out under this number, the client misses it (NACK, RFC 4585 section 6.2.1): as RTX where
  /// that is negotiated, else as it was. @return whether it was sent; not when it is too old, never was, or is asked
  /// for too often.
  bool retransmit(RtpSequence sequence, Duration round_trip, Instant now);
  /// The client asks for packets, and has no RTX: what leaves is to be shown to keep_copy().
  [[nodiscard]] bool keeps_copies() const noexcept { return copies_ != nullptr; }
  void keep_copy(Bytes datagram, RtpSequence sequence, Instant now);
  /// Unless they were asked for lately.
  void release_copies(Instant now) noexcept;
  /// A packet without media, of about `bytes`, to fill a probe: RTX that repairs nothing, RFC 4588 section 4.
  /// @return whether it was sent; not where RTX is not negotiated, or nothing has been sent yet.
  bool send_padding(std::size_t bytes, Instant now) noexcept;
  /// Packets.
  [[nodiscard]] std::uint64_t retransmitted() const noexcept { return retransmitted_; }
  /// What was asked for and refused, too.
  [[nodiscard]] const RetransmissionGuard::Counters& retransmission_counters() const noexcept {
    return guard_.counters();
  }

  /// It gets the packets of a source that is held back, too.
  void set_insists(bool insists, Instant now);
  [[nodiscard]] bool insists() const noexcept { return spec_.insists; }
  /// Nothing comes to it: its source is held back, and it does not insist.
  [[nodiscard]] bool held_back() const noexcept;

  [[nodiscard]] ConsumerKey key() const noexcept { return spec_.key; }
  /// The client may ask for packets again, and gets them as RTX: its source keeps them.
  [[nodiscard]] bool may_ask_again() const noexcept {
    return spec_.mapping.feedback.nack && spec_.mapping.streams.front().rtx_ssrc.has_value();
  }
  [[nodiscard]] MediaKind kind() const noexcept { return spec_.kind; }
  /// None: it waits for one, or has lost it.
  [[nodiscard]] RtpSource* source() const noexcept { return source_; }
  [[nodiscard]] bool paused() const noexcept { return spec_.paused; }
  [[nodiscard]] Ssrc ssrc() const noexcept { return spec_.mapping.streams.front().ssrc; }
  [[nodiscard]] std::optional<Ssrc> rtx_ssrc() const noexcept { return spec_.mapping.streams.front().rtx_ssrc; }
  /// Hz; of the source that was sent last.
  [[nodiscard]] std::uint32_t clock_rate() const noexcept { return sender_.clock_rate(); }
  /// Of the encoding that was sent last, in the outgoing numbering; none while it is not known.
  [[nodiscard]] std::optional<SenderClock> sender_clock() const noexcept;
  [[nodiscard]] const std::string& cname() const noexcept { return spec_.cname; }
  [[nodiscard]] RtpStreamSender& sender() noexcept { return sender_; }
  [[nodiscard]] const RtpStreamSender& sender() const noexcept { return sender_; }
  /// What is sent of video; none while nothing is.
  [[nodiscard]] std::optional<LayerPosition> current_layer() const noexcept { return selector_.current(); }
  [[nodiscard]] std::uint64_t keyframe_requests() const noexcept { return keyframe_requests_; }

 private:
  [[nodiscard]] bool chooses(const RoutedPacket& packet, Instant now) noexcept;
  void change_encoding(std::uint8_t before, const RoutedPacket& packet) noexcept;
  void follow_run(const RoutedPacket& packet) noexcept;
  bool send_next(const RoutedPacket& packet, Instant now) noexcept;
  void forward_late(const RoutedPacket& packet, Instant now) noexcept;
  void count(const RoutedPacket& packet, const SequenceRewriter::Run& run, Instant now) noexcept;
  void ask_source(Instant now) noexcept;
  [[nodiscard]] DataRate media_rate(Instant now) noexcept;
  bool retransmit_as_rtx(RtpSequence sequence, Duration round_trip, Instant now);
  bool resend(RtpSequence sequence, Duration round_trip, Instant now);

  Spec spec_;
  RtpOutput& output_;
  RtpSource* source_ = nullptr;
  LayerSelector selector_;  // of video; stays as it was made of audio
  SequenceRewriter rewriter_;
  RtpStreamSender sender_;
  std::array<std::uint8_t, LayerSelector::kMaxEncodings> runs_{};  // RoutedPacket::run, by encoding
  RtpSequence rtx_sequence_{};                                     // of the next packet
  RetransmissionGuard guard_;
  std::unique_ptr<SentCopies> copies_;  // from the first NACK of a client without RTX on
  SampledRate media_rate_;              // looked at when something is asked for
  std::optional<AllocationResult> share_;
  std::uint64_t retransmitted_ = 0;
  std::uint64_t keyframe_requests_ = 0;
};

}  // namespace sluice
