#include "tests/integration/media/udp_client.h"

#include <algorithm>

#include "sluice/media.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

simulation::RtcPeer::Config config_for(const Transport& transport, std::uint64_t seed) {
  const IceParameters& ice = transport.ice_parameters();
  return {.local = {.ufrag = "client" + std::to_string(seed), .pwd = "clientpassword0123456789"},
          .remote = {.ufrag = ice.username_fragment, .pwd = ice.password},
          .role = DtlsRole::client,
          .remote_fingerprints = {gateway_context().certificate().fingerprint()},
          .seed = seed};
}

}  // namespace

UdpClient::UdpClient(Transport& transport, const Clock& clock)
    : clock_{clock},
      gateway_{
          SocketAddress::parse(transport.ice_candidates().front().ip, transport.ice_candidates().front().port).value()},
      peer_{client_context(), config_for(transport, socket_.address().port()), *this} {
  transport.connect(connect_options(dtls_parameters(client_context())));
  peer_.start(clock_.now());
}

void UdpClient::pump() {
  std::array<std::uint8_t, 2048> buffer;
  while (const auto received = socket_.receive(buffer, std::chrono::milliseconds{0})) {
    peer_.handle_datagram(received->packet, clock_.now());
  }
  peer_.handle_timeout(clock_.now());
}

void UdpClient::on_rtp(const RtpPacketView& packet, Instant now) {
  const Bytes bytes = packet.bytes();
  rtp_.push_back({.bytes = {bytes.begin(), bytes.end()}, .at = now});
}

void UdpClient::on_rtcp(const RtcpCompound& compound, Instant) {
  for (const RtcpBlock& block : compound) {
    if (const auto feedback = Feedback::parse(block)) ++feedback_[feedback->kind];
  }
}

std::vector<simulation::ReceivedRtp> UdpClient::rtp_of(Ssrc ssrc) const {
  std::vector<simulation::ReceivedRtp> found;
  std::ranges::copy_if(rtp_, std::back_inserter(found),
                       [ssrc](const auto& packet) { return packet.view().ssrc() == ssrc; });
  return found;
}

std::size_t UdpClient::count_of(Ssrc ssrc) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(rtp_, [ssrc](const auto& packet) { return packet.view().ssrc() == ssrc; }));
}

std::size_t UdpClient::feedback(FeedbackKind kind) const {
  const auto found = feedback_.find(kind);
  return found == feedback_.end() ? 0 : found->second;
}

void UdpClient::forget_received() {
  rtp_.clear();
  feedback_.clear();
}

}  // namespace sluice::test
