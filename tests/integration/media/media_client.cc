#include "tests/integration/media/media_client.h"

#include <algorithm>
#include <string>

#include "sluice/media.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

// Clients are numbered, so that their transactions differ.
simulation::RtcPeer::Config config_for(const Transport& transport) {
  static std::uint64_t last_seed = 1000;
  const std::uint64_t seed = ++last_seed;
  const IceParameters& ice = transport.ice_parameters();
  return {.local = {.ufrag = "client" + std::to_string(seed), .pwd = "clientpassword0123456789"},
          .remote = {.ufrag = ice.username_fragment, .pwd = ice.password},
          .role = DtlsRole::client,
          .remote_fingerprints = {gateway_context().certificate().fingerprint()},
          .seed = seed};
}

}  // namespace

MediaClient::MediaClient(Transport& transport, const Clock& clock)
    : clock_{clock}, peer_{client_context(), config_for(transport), *this} {}

void MediaClient::connect(Transport& transport) {
  transport.connect(connect_options(dtls_parameters(client_context())));
  peer_.start(now());
}

SocketAddress MediaClient::candidate_of(const Transport& transport, IceProtocol protocol) {
  const auto found = std::ranges::find(transport.ice_candidates(), protocol, &IceCandidate::protocol);
  REQUIRE(found != transport.ice_candidates().end());
  return SocketAddress::parse(found->ip, found->port).value();
}

void MediaClient::on_rtp(const RtpPacketView& packet, Instant now) {
  const Bytes bytes = packet.bytes();
  rtp_.push_back({.bytes = {bytes.begin(), bytes.end()}, .at = now});
}

void MediaClient::on_rtcp(const RtcpCompound& compound, Instant) {
  for (const RtcpBlock& block : compound) {
    if (const auto feedback = Feedback::parse(block)) ++feedback_[feedback->kind];
  }
}

std::vector<simulation::ReceivedRtp> MediaClient::rtp_of(Ssrc ssrc) const {
  std::vector<simulation::ReceivedRtp> found;
  std::ranges::copy_if(rtp_, std::back_inserter(found),
                       [ssrc](const auto& packet) { return packet.view().ssrc() == ssrc; });
  return found;
}

std::size_t MediaClient::count_of(Ssrc ssrc) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(rtp_, [ssrc](const auto& packet) { return packet.view().ssrc() == ssrc; }));
}

std::size_t MediaClient::feedback(FeedbackKind kind) const {
  const auto found = feedback_.find(kind);
  return found == feedback_.end() ? 0 : found->second;
}

void MediaClient::forget_received() {
  rtp_.clear();
  feedback_.clear();
}

}  // namespace sluice::test
