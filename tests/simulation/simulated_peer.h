#pragma once

#include <optional>
#include <vector>

#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtcp/rtcp_reports.h"
#include "tests/simulation/receiver_model.h"
#include "tests/simulation/retransmitter.h"
#include "tests/simulation/rtc_peer.h"
#include "tests/simulation/simulated_network.h"

namespace sluice::simulation {

/// The simulated network's addresses as a worker sees them: 10.x.y.z, one port.
[[nodiscard]] SocketAddress to_socket_address(Address address) noexcept;
[[nodiscard]] Address to_simulated_address(const SocketAddress& address) noexcept;

/// A decrypted packet with what tests ask about; owns its bytes.
struct ReceivedRtp {
  std::vector<std::uint8_t> bytes;
  Instant at;

  [[nodiscard]] RtpPacketView view() const { return RtpPacketView::parse(bytes).value(); }
  [[nodiscard]] RtpSequence sequence() const { return view().sequence(); }
  [[nodiscard]] RtpTimestamp timestamp() const { return view().timestamp(); }
  [[nodiscard]] bool starts_keyframe() const;
};

/// An RtcPeer that lives on a SimulatedNetwork and writes down what it hears.
class SimulatedPeer final : private RtcPeerPort {
 public:
  SimulatedPeer(SimulatedNetwork& network, Address own, Address gateway, const DtlsContext& context,
                RtcPeer::Config config);
  ~SimulatedPeer() override;
  SimulatedPeer(const SimulatedPeer&) = delete;
  SimulatedPeer& operator=(const SimulatedPeer&) = delete;

  void start() { peer.start(network_.now()); }
  /// As when a phone leaves the Wi-Fi: from now on it sends and listens elsewhere. Does not check by itself.
  void move_to(Address address);
  /// From now on it talks to another address of the gateway. Does not check by itself.
  void use(Address gateway) noexcept { gateway_ = gateway; }
  /// Any bytes, to the gateway.
  void send_raw(Bytes datagram) { send_datagram(datagram); }

  [[nodiscard]] std::vector<ReceivedRtp> rtp_of(Ssrc ssrc) const;
  /// When requests for key frames of `ssrc` arrived: PLI or FIR.
  [[nodiscard]] std::vector<Instant> keyframe_requests(Ssrc ssrc) const;
  /// When packets of `ssrc` were asked for again, by NACK.
  struct AskedAgain {
    Ssrc ssrc;
    RtpSequence sequence;
    Instant at;
  };
  [[nodiscard]] const std::vector<AskedAgain>& asked_again() const noexcept { return asked_again_; }
  [[nodiscard]] const std::vector<ReportBlock>& reports() const noexcept { return reports_; }
  [[nodiscard]] std::optional<SenderInfo> last_sender_report(Ssrc ssrc) const;
  /// Answers the latest sender report about `ssrc` as a receiver would.
  void send_receiver_report(Ssrc ssrc, std::uint8_t fraction_lost = 0);
  void forget_received();

  /// From now on does with these streams what a browser does: NACK, RTX, PLI, transport-cc, reports.
  ReceiverModel& receive(const ReceiverModel::Config& config);
  /// Throws std::bad_optional_access before receive().
  [[nodiscard]] const ReceiverModel& receiver() const { return receiver_.value(); }
  /// From now on keeps what it sends of this stream, and answers NACKs.
  void answer_nacks(const Retransmitter::StreamSpec& stream) { retransmitter_.add(stream); }
  [[nodiscard]] const Retransmitter& retransmitter() const noexcept { return retransmitter_; }

  RtcPeer peer;
  std::vector<ReceivedRtp> rtp;
  std::vector<std::vector<std::uint8_t>> datagrams_sent;  ///< when `keep_sent`
  std::size_t datagrams_received = 0;
  bool keep_sent = false;
  bool keep_received = true;  ///< in `rtp`

 private:
  struct KeyframeRequest {
    Ssrc ssrc;
    Instant at;
  };
  struct HeardSenderReport {
    Ssrc ssrc;
    SenderInfo info;
    Instant at;
  };

  void send_datagram(Bytes datagram) override;
  void on_rtp(const RtpPacketView& packet, Instant now) override;
  void on_rtcp(const RtcpCompound& compound, Instant now) override;
  void on_sending_rtp(Bytes packet) override { retransmitter_.on_sent(packet); }
  void note_feedback(const RtcpBlock& block, Instant now);
  void answer_reference_time(const RtcpBlock& block);
  void attach();
  void handle_timeout(Instant now);
  [[nodiscard]] std::optional<Instant> next_timeout() const;

  SimulatedNetwork& network_;
  Address own_;
  Address gateway_;
  std::vector<KeyframeRequest> keyframe_requests_;
  std::vector<AskedAgain> asked_again_;
  std::vector<HeardSenderReport> sender_reports_;
  std::vector<ReportBlock> reports_;
  std::optional<ReceiverModel> receiver_;
  Retransmitter retransmitter_;
};

}  // namespace sluice::simulation
