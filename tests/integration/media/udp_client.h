#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/base/clock.h"
#include "core/media/rtcp/rtcp_feedback.h"
#include "tests/integration/ice/udp_socket.h"
#include "tests/simulation/rtc_peer.h"
#include "tests/simulation/simulated_peer.h"

namespace sluice {
class Transport;
}

namespace sluice::test {

/// A WebRTC client of a transport of ICE-lite, on a UDP socket of its own; remembers what it hears. One thread: whoever
/// calls pump() every millisecond or so.
class UdpClient final : public simulation::RtcPeerPort {
 public:
  /// Tells the transport the client's fingerprint, and sends the first check.
  UdpClient(Transport& transport, const Clock& clock);

  /// Reads what has arrived, and does what is due.
  void pump();

  void send_datagram(Bytes datagram) override { socket_.send(datagram, gateway_); }
  void on_rtp(const RtpPacketView& packet, Instant now) override;
  void on_rtcp(const RtcpCompound& compound, Instant now) override;

  [[nodiscard]] simulation::RtcPeer& peer() noexcept { return peer_; }
  [[nodiscard]] const simulation::RtcPeer& peer() const noexcept { return peer_; }
  [[nodiscard]] SocketAddress address() const { return socket_.address(); }
  [[nodiscard]] std::vector<simulation::ReceivedRtp> rtp_of(Ssrc ssrc) const;
  [[nodiscard]] std::size_t count_of(Ssrc ssrc) const;
  [[nodiscard]] std::size_t feedback(FeedbackKind kind) const;
  void forget_received();

 private:
  const Clock& clock_;
  UdpSocket socket_;
  SocketAddress gateway_;
  std::vector<simulation::ReceivedRtp> rtp_;
  std::map<FeedbackKind, std::size_t> feedback_;
  simulation::RtcPeer peer_;
};

}  // namespace sluice::test
