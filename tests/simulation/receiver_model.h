#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/media/bwe/transport_feedback.h"
#include "core/media/rtcp/rtcp_builder.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/rtp_stream_receiver.h"
#include "tests/simulation/missing_packets.h"
#include "tests/simulation/picture_model.h"

namespace sluice::simulation {

/// What a browser does with what it receives: asks for lost packets (NACK), takes them back out of RTX, asks for a key
/// frame when the picture stands, tells when packets arrived (transport-cc), reports once a second, and shows frames.
///
/// Sans I/O: packets and time come in, RTCP is polled.
class ReceiverModel {
 public:
  struct StreamSpec {
    Ssrc ssrc;
    PayloadType payload_type{};
    MediaKind kind = MediaKind::video;
    std::optional<Ssrc> rtx_ssrc{};
    bool nack = true;
  };
  struct Config {
    std::vector<StreamSpec> streams;
    std::uint8_t transport_sequence_id = 0;  ///< of the extension; 0: no transport-cc
    Ssrc own_ssrc{0x0ece'1fe5};
    MissingPackets::Config nack{};
    Duration picture_timeout = std::chrono::milliseconds{500};  ///< of a picture that stands, to the PLI
  };

  /// One stream as it was received.
  struct Stream {
    explicit Stream(const StreamSpec& of, const MissingPackets::Config& nack, std::uint32_t clock_rate)
        : spec{of}, missing{nack}, reception{of.ssrc, clock_rate} {}

    /// Of the numbers between the first and the newest one, those that came in the end; 0 to 1.
    [[nodiscard]] double completeness() const noexcept;

    StreamSpec spec;
    std::map<std::int64_t, Instant> arrivals{};  ///< by position: sequence numbers that do not wrap
    std::map<std::int64_t, Instant> sent{};      ///< as their senders stamped them, where they did
    std::uint64_t repaired = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t plis = 0;
    PictureModel picture{};
    MissingPackets missing;
    RtpStreamReceiver reception;
    SequenceUnwrapper unwrapper{};
    std::optional<Instant> next_pli{};
  };

  explicit ReceiverModel(const Config& config);

  void on_rtp(const RtpPacketView& packet, Instant now);
  void on_sender_report(Ssrc ssrc, const SenderInfo& info, Instant now);

  /// Writes what is due into an empty compound. False: nothing. Call until then.
  bool poll_rtcp(RtcpBuilder& out, Instant now);
  [[nodiscard]] std::optional<Instant> next_timeout() const;

  /// Throws std::out_of_range where none is configured.
  [[nodiscard]] const Stream& stream(Ssrc ssrc) const { return streams_.at(ssrc); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }  ///< of all packets
  [[nodiscard]] std::uint64_t padding_packets() const noexcept { return padding_packets_; }

 private:
  static constexpr Duration kReportInterval = std::chrono::seconds{1};

  void take(Stream& stream, const RtpPacketView& packet, Instant now);
  void take_rtx(Stream& stream, const RtpPacketView& packet, Instant now);
  [[nodiscard]] Stream* repaired_by(Ssrc rtx_ssrc) noexcept;
  void add_nacks(Stream& stream, RtcpBuilder& out, Instant now) const;
  void add_pli(Stream& stream, RtcpBuilder& out, Instant now) const;
  void add_report(RtcpBuilder& out, Instant now);
  [[nodiscard]] std::optional<Instant> pli_due(const Stream& stream) const noexcept;

  Config config_;
  std::map<Ssrc, Stream> streams_;
  TransportFeedback feedback_;
  std::optional<Instant> next_report_;
  std::uint64_t bytes_ = 0;
  std::uint64_t padding_packets_ = 0;
};

}  // namespace sluice::simulation
