#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "core/base/clock.h"
#include "core/media/rtcp/rtcp_feedback.h"
#include "sluice/ortc.h"
#include "tests/simulation/rtc_peer.h"
#include "tests/simulation/simulated_peer.h"

namespace sluice {
class Transport;
}

namespace sluice::test {

/// A WebRTC client of a transport of ICE-lite that remembers what it hears; how it reaches the gateway is up to who
/// derives from it. One thread.
class MediaClient : public simulation::RtcPeerPort {
 public:
  MediaClient(Transport& transport, const Clock& clock);

  void on_rtp(const RtpPacketView& packet, Instant now) override;
  void on_rtcp(const RtcpCompound& compound, Instant now) override;

  [[nodiscard]] simulation::RtcPeer& peer() noexcept { return peer_; }
  [[nodiscard]] const simulation::RtcPeer& peer() const noexcept { return peer_; }
  [[nodiscard]] std::vector<simulation::ReceivedRtp> rtp_of(Ssrc ssrc) const;
  [[nodiscard]] std::size_t count_of(Ssrc ssrc) const;
  [[nodiscard]] std::size_t feedback(FeedbackKind kind) const;
  void forget_received();

 protected:
  /// Tells the transport the client's fingerprint, and sends the first check.
  void connect(Transport& transport);
  [[nodiscard]] Instant now() const { return clock_.now(); }

  /// Where the transport's first candidate of this protocol is.
  [[nodiscard]] static SocketAddress candidate_of(const Transport& transport, IceProtocol protocol);

 private:
  const Clock& clock_;
  std::vector<simulation::ReceivedRtp> rtp_;
  std::map<FeedbackKind, std::size_t> feedback_;
  simulation::RtcPeer peer_;
};

}  // namespace sluice::test
