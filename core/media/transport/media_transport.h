#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/media/bwe/transport_feedback.h"
#include "core/media/dtls/dtls_endpoint.h"
#include "core/media/recovery/round_trip_meter.h"
#include "core/media/rtcp/rtcp_reports.h"
#include "core/media/rtp/demux.h"
#include "core/media/srtp/srtp_receiver.h"
#include "core/media/srtp/srtp_sender.h"
#include "core/media/transport/connection_watch.h"
#include "core/media/transport/fan_out.h"
#include "core/media/transport/media_keys.h"
#include "core/media/transport/packet_path.h"
#include "core/media/transport/rtp_consumer.h"
#include "core/media/transport/rtp_producer.h"
#include "core/media/transport/send_control.h"
#include "sluice/media.h"

namespace sluice {

/// What a transport tells the worker it lives on. Called inside the transport's functions: do not call back.
class TransportObserver {
 public:
  virtual ~TransportObserver() = default;
  virtual void on_transport_state(TransportKey transport, TransportState state, std::string_view reason) = 0;
  virtual void on_producer_ended(ProducerKey producer) = 0;
  /// next_timeout() may be earlier than before.
  virtual void on_deadline_changed(TransportKey transport) noexcept = 0;
};

/// Packets of a transport by what became of them.
struct TransportCounters {
  std::uint64_t packets_received = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t dropped_before_dtls = 0;  ///< RTP and RTCP before the peer's certificate was verified, or after the end
  std::uint64_t dropped_unauthenticated = 0;  ///< SRTP: the tag, the size, one SSRC too many
  std::uint64_t dropped_replayed = 0;         ///< SRTP: seen before, or too old to tell
  std::uint64_t dropped_malformed = 0;
  std::uint64_t dropped_unknown_stream = 0;
  std::uint64_t dropped_dtls = 0;      ///< malformed, too early or too late, or data where none is spoken
  std::uint64_t dropped_oversize = 0;  ///< of what was to be sent: with our extensions it fits no datagram
  std::uint64_t feedback_ignored = 0;  ///< of a kind that is not known, or about what is not sent

  TransportCounters& operator+=(const TransportCounters& other) noexcept;
};

/// One client's path behind ICE: DTLS, SRTP, and the producers and consumers that use it.
///
/// Sans I/O: it is fed datagrams that ICE vouches for and the time, and writes into its PacketPath.
/// @note Worker thread only.
class MediaTransport final : public RtpOutput, public ProducerOwner {
 public:
  struct Spec {
    TransportKey key;
    Ssrc rtcp_ssrc;  ///< names us where we send no media: receiver reports, PLI
  };

  MediaTransport(const Spec& spec, const DtlsContext& dtls, PacketPath& path, FanOut& fan_out, RemoteWorkers& workers,
                 TransportObserver& observer, SendControl::Shared& send_shared, ConnectionCounters& connections,
                 Instant now);
  ~MediaTransport() override;
  MediaTransport(const MediaTransport&) = delete;
  MediaTransport& operator=(const MediaTransport&) = delete;

  // From the control thread, by way of the worker.
  void connect(DtlsRole role, std::span<const Fingerprint> remote, Instant now);
  RtpProducer& add_producer(RtpProducer::Spec spec);
  void remove_producer(ProducerKey key) noexcept;
  RtpConsumer& add_consumer(RtpConsumer::Spec spec, Instant now);
  void remove_consumer(ConsumerKey key) noexcept;
  /// A consumer was paused, resumed, or has another source: the bandwidth is shared out anew.
  void share_again(Instant now);
  /// Says goodbye to the peer: DTLS close_notify.
  void close(Instant now) noexcept;

  // From the network, or about it.
  void set_path_state(PathState state, Instant now);
  void handle_dtls(Bytes datagram, Instant now);
  void handle_rtp(MutableBytes datagram, Instant now) noexcept;
  void handle_rtcp(MutableBytes datagram, Instant now) noexcept;

  void handle_timeout(Instant now, WallTime wall);
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  // RtpOutput
  [[nodiscard]] MutableBytes begin_rtp() noexcept override;
  bool end_rtp(std::size_t size, PacePriority priority, Instant now) noexcept override;
  bool resend(Bytes datagram, Instant now) noexcept override;
  void cancel_rtp() noexcept override { path_.commit(0); }
  [[nodiscard]] std::uint16_t number_rtp() noexcept override;
  void prefetch_near() const noexcept override;
  void prefetch_far() const noexcept override;

  [[nodiscard]] TransportKey key() const noexcept { return spec_.key; }
  [[nodiscard]] TransportState state() const noexcept { return state_; }
  [[nodiscard]] TransportCounters counters() const noexcept;
  [[nodiscard]] const DtlsEndpoint& dtls() const noexcept { return dtls_; }
  /// To the client, as reports tell; none before one has.
  [[nodiscard]] std::optional<Duration> round_trip() const noexcept { return round_trip_.measured(); }
  /// None where the client tells nothing of what arrives.
  [[nodiscard]] std::optional<SendControl::Stats> send_stats() const noexcept;
  [[nodiscard]] std::optional<SrtpProfile> srtp_profile() const noexcept { return srtp_profile_; }
  /// In the order in which they were made.
  [[nodiscard]] std::span<const std::unique_ptr<RtpProducer>> producers() const noexcept { return producers_; }
  [[nodiscard]] std::span<const std::unique_ptr<RtpConsumer>> consumers() const noexcept { return consumers_; }
  [[nodiscard]] RtpProducer* find_producer(ProducerKey key) noexcept;
  [[nodiscard]] RtpConsumer* find_consumer(ConsumerKey key) noexcept;

 private:
  struct StreamSlot {
    RtpProducer* producer = nullptr;
    std::uint8_t encoding = 0;
  };

  void producer_wants_to_send() noexcept override { observer_.on_deadline_changed(spec_.key); }
  void producer_left(Ssrc ssrc) noexcept override;
  void drain_dtls(Instant now);
  void start_media(Instant now);
  void stop_media() noexcept;
  void update_extensions() noexcept;
  void update_state(std::string_view failure = {});
  void send_rtcp(std::span<const std::uint8_t> compound) noexcept;
  void count_refused(SrtpError reason) noexcept;
  void learn_transport_sequence(const ortc::ProducerMapping& mapping) noexcept;
  void note_arrival(const RtpPacketView& packet, Instant now) noexcept;
  void send_transport_feedback(Instant now) noexcept;
  void send_requests(Instant now) noexcept;
  void send_receiver_report(Instant now, WallTime wall) noexcept;
  void flush_report_blocks() noexcept;
  void send_sender_reports(Instant now, WallTime wall) noexcept;
  void handle_block(const RtcpBlock& block, Instant now) noexcept;
  void handle_feedback(const RtcpBlock& block, Instant now) noexcept;
  void handle_extended_report(const RtcpBlock& block, Instant now) noexcept;
  void tell_round_trip() noexcept;
  void handle_report_blocks(const ReportBlockList& reports, Instant now) noexcept;
  void request_keyframe(Ssrc consumer_ssrc, Instant now) noexcept;
  void retransmit(const Feedback& nack, Instant now);
  void handle_bandwidth(const Feedback& feedback, Instant now);
  void learn_send_control(const ortc::ConsumerMapping& mapping, Instant now);
  bool send_now(std::size_t size, PacePriority priority, Instant now) noexcept;
  bool hold_back(Bytes packet, PacePriority priority, Instant now) noexcept;
  void release_held(Instant now) noexcept;
  std::optional<TransportSequence> renumber(MutableBytes packet, Instant now) noexcept;
  void fill_probe(Instant now) noexcept;
  void share_bandwidth(Instant now);
  void update_sending(Instant now);
  void count_sent(std::size_t bytes) noexcept;
  void keep_copy(Bytes datagram, Instant now);
  void release_copies(Instant now) noexcept;
  /// By the SSRC of its media.
  [[nodiscard]] RtpConsumer* consumer_of(Ssrc ssrc) noexcept;
  void forget_sender(Ssrc ssrc) noexcept;
  [[nodiscard]] StreamId free_slot();

  Spec spec_;
  PacketPath& path_;
  FanOut& fan_out_;
  RemoteWorkers& workers_;
  TransportObserver& observer_;
  SendControl::Shared& send_shared_;
  DtlsEndpoint dtls_;
  ConnectionWatch connection_;
  PathState path_state_ = PathState::none;
  TransportState state_ = TransportState::created;
  std::optional<SrtpSender> srtp_sender_;
  std::optional<SrtpReceiver> srtp_receiver_;
  std::optional<SrtpProfile> srtp_profile_;
  RtpDemuxer demuxer_;
  std::vector<StreamSlot> slots_;  // by StreamId
  std::vector<std::unique_ptr<RtpProducer>> producers_;
  std::vector<std::unique_ptr<RtpConsumer>> consumers_;
  std::unordered_map<Ssrc, RtpConsumer*> senders_;  // consumers by the SSRCs of their media and their retransmissions
  std::vector<ReportBlock> report_blocks_;          // scratch, reserved with the first producer
  MutableBytes pending_;                            // between begin_rtp and end_rtp
  bool pending_is_numbered_ = false;
  std::size_t asked_for_ = 0;  // packets, by the NACKs of the datagram that is read
  bool keeps_copies_ = false;  // some consumer wants to see what leaves
  std::uint16_t transport_sequence_ = 0;
  std::unique_ptr<SendControl> control_;  // null until a consumer negotiates feedback
  std::uint8_t sent_sequence_id_ = ortc::kNoExtension;
  std::uint8_t sent_time_id_ = ortc::kNoExtension;
  std::unique_ptr<TransportFeedback> arrivals_;              // its window is large: null until a producer negotiates it
  std::uint8_t transport_sequence_id_ = ortc::kNoExtension;  // of what the client sends
  Instant next_report_;
  RoundTripMeter round_trip_;  // to the client
  TransportCounters counters_;
};

}  // namespace sluice
