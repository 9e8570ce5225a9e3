#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/media/layers/layer_reader.h"
#include "core/media/ortc/mapping.h"
#include "core/media/recovery/nack_generator.h"
#include "core/media/recovery/round_trip_meter.h"
#include "core/media/recovery/score_meter.h"
#include "core/media/rtcp/keyframe_requester.h"
#include "core/media/rtcp/rtcp_builder.h"
#include "core/media/rtp/demux.h"
#include "core/media/rtp/rtp_stream_receiver.h"
#include "core/media/speakers/speaker_watch.h"
#include "core/media/transport/remote_workers.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {

/// Where a producer lives.
class ProducerOwner {
 public:
  virtual ~ProducerOwner() = default;
  /// It has something to send earlier than next_timeout() said.
  virtual void producer_wants_to_send() noexcept = 0;
  /// The client has changed over to another SSRC; this one may come back.
  virtual void producer_left(Ssrc ssrc) noexcept = 0;
};

/// Media that one client sends: receives the packets of its encodings, keeps their statistics, fans them out to the
/// consumers here and on other workers, and asks the client for what was lost and for key frames.
/// @note Worker thread only; the packet path allocates nothing but on the first packet, and the first loss, of an SSRC.
class RtpProducer final : public RtpSource {
 public:
  struct Spec {
    ProducerKey key;
    MediaKind kind = MediaKind::audio;
    ortc::ProducerMapping mapping;
    KeyframeRequesterConfig keyframes;
    bool paused = false;
  };

  /// After a BYE the producer ends if nothing more of it arrives for this long: BYE may overtake packets, and a sender
  /// that only replaced its track goes on.
  static constexpr Duration kByeGrace = std::chrono::seconds{5};

  static constexpr std::size_t kFirBytes = 20;  // the longer of the two, RFC 5104 section 4.3.1
  static constexpr std::size_t kMaxKeyframeRequests = ortc::kMaxEncodings * kFirBytes;
  /// Packets that one NACK asks for, and its bytes at the worst: RFC 4585 sections 6.1 and 6.2.1.
  static constexpr std::size_t kMaxNacked = 64;
  static constexpr std::size_t kMaxNackBytes = 12 + 4 * kMaxNacked;

  struct Stream {
    std::optional<RtpStreamReceiver> receiver;   ///< from the first packet on
    std::optional<KeyframeRequester> keyframes;  ///< of video, from the first packet on
    std::optional<NackGenerator> nacks;          ///< where NACK was negotiated, from the first packet on
    std::unique_ptr<LayerReader> layers;         ///< of video, from the first packet on
    std::optional<Ssrc> rtx_ssrc{};              ///< from the first packet of RTX on
    VideoCodec codec{};                          ///< that `layers` reads
    ScoreMeter score;                            ///< as of the last report
    std::uint64_t retransmitted = 0;             ///< packets that came by RTX, also those that were here
    bool keyframe_wanted = false;                ///< asked for before the first packet told the SSRC
    bool said_bye = false;
    std::uint8_t fir_sequence = 0;
  };

  RtpProducer(Spec spec, ProducerOwner& owner, FanOut& fan_out, RemoteWorkers& workers);

  [[nodiscard]] const ortc::ProducerMapping& mapping() const noexcept override { return spec_.mapping; }
  [[nodiscard]] MediaKind kind() const noexcept { return spec_.kind; }
  [[nodiscard]] const std::vector<Stream>& streams() const noexcept { return streams_; }

  /// From now on its audio levels are read, where they were negotiated; nothing for video. The watch outlives it.
  void tell_levels_to(SpeakerWatch& watch);

  /// A packet of one of the encodings. @return whether it was forwarded (or would have been, but for a pause).
  bool handle(const RtpPacketView& packet, std::uint8_t encoding, Instant now) noexcept;
  /// A packet of the RTX stream of one of the encodings, RFC 4588; restored where it lies, its bytes are borrowed like
  /// any packet's. @return as handle().
  bool handle_rtx(MutableBytes datagram, std::uint8_t encoding, Instant now) noexcept;
  void handle_sender_report(Ssrc ssrc, const SenderInfo& info, Instant now) noexcept;
  void handle_bye(Ssrc ssrc, Instant now) noexcept;

  void set_paused(bool paused, Instant now) noexcept;
  void add_remote(WorkerIndex worker);
  void remove_remote(WorkerIndex worker) noexcept;
  void request_keyframe(std::uint8_t encoding, Instant now) noexcept override;

  /// To the client; until it is told, RoundTripMeter::kDefault.
  void set_round_trip(Duration round_trip) noexcept { round_trip_ = round_trip; }
  /// Appends the report blocks of the streams that have received something; about once a second.
  void append_report_blocks(std::vector<ReportBlock>& out, Instant now) noexcept;
  /// Writes a NACK that is due, at most kMaxNackBytes. @return whether there was one: then ask again.
  bool write_nack(RtcpBuilder& out, Ssrc sender, Instant now) noexcept;
  /// Writes the PLI or FIR requests that are due, at most kMaxKeyframeRequests bytes.
  void write_keyframe_requests(RtcpBuilder& out, Ssrc sender, Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;
  /// Every stream said BYE and the grace has passed. True once.
  [[nodiscard]] bool take_ended(Instant now) noexcept;

 private:
  void prepare(std::uint8_t encoding, const RtpPacketView& packet, std::uint32_t clock_rate, Instant now) noexcept;
  void read_level(const RtpPacketView& packet, Instant now) noexcept;
  void note_order(Stream& stream, std::uint8_t encoding, RtpSequence sequence, PacketOrder order, Instant now) noexcept;
  void forward(const RtpPacketView& packet, const ortc::ProducerMapping::Codec& codec, std::uint8_t encoding,
               Instant now) noexcept;
  [[nodiscard]] PacketLayers read_layers(Stream& stream, const RtpPacketView& packet, VideoCodec codec) noexcept;
  void update_score(Stream& stream) noexcept;
  void begin_run(std::uint8_t encoding) noexcept { set_run(encoding, static_cast<std::uint8_t>(run_of(encoding) + 1)); }
  [[nodiscard]] bool has_audience() const noexcept { return !spec_.paused && (has_takers() || !remotes_.empty()); }
  void write_request(RtcpBuilder& out, Ssrc sender, Stream& stream, SendPli request) noexcept;

  Spec spec_;
  ProducerOwner& owner_;
  RemoteWorkers& workers_;
  std::vector<Stream> streams_;  // by encoding
  std::vector<WorkerIndex> remotes_;
  std::optional<SpeakerWatch::Microphone> microphone_;  // of audio that tells its levels
  std::optional<Instant> ends_at_;
  Duration round_trip_ = RoundTripMeter::kDefault;
};

}  // namespace sluice
