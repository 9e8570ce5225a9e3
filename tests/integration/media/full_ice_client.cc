#include "tests/integration/media/full_ice_client.h"

#include <array>
#include <utility>

#include "core/media/ice/packet_kind.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/rtp_writer.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

constexpr std::uint8_t kOpus = 111;  // of audio_parameters()

FullIceOptions controlling(FullIceOptions options) {
  options.role = IceRole::controlling;
  return options;
}

}  // namespace

FullIceClient::FullIceClient(GlibThread& thread, FullIceOptions options)
    : dtls_{client_context()}, agent_{thread, controlling(std::move(options)), *this} {
  agent_.gather();
}

void FullIceClient::on_gathered(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates) noexcept {
  const std::lock_guard lock{mutex_};
  news_.local = local;
  news_.candidates = candidates;
}

void FullIceClient::on_packet(Bytes packet) noexcept {
  const std::lock_guard lock{mutex_};
  news_.packets.emplace_back(packet.begin(), packet.end());
}

void FullIceClient::on_state(FullIceState state) noexcept {
  const std::lock_guard lock{mutex_};
  news_.connected = state == FullIceState::connected;
}

void FullIceClient::pump(Instant now) {
  std::vector<std::vector<std::uint8_t>> packets;
  {
    const std::lock_guard lock{mutex_};
    if (news_.local) local_ = news_.local;
    candidates_ = news_.candidates;
    connected_ = news_.connected;
    packets.swap(news_.packets);
  }
  if (connected_ && dtls_.state() == DtlsState::created) {
    const std::array gateway{gateway_context().certificate().fingerprint()};
    static_cast<void>(dtls_.start(DtlsRole::client, gateway, now));
  }
  for (auto& packet : packets) handle_packet(packet, now);
  if (const auto due = dtls_.next_timeout(); due && now >= *due) dtls_.handle_timeout(now);
  drain_dtls();
}

void FullIceClient::handle_packet(MutableBytes packet, Instant now) {
  const PacketKind kind = classify(packet);
  if (kind == PacketKind::dtls) return dtls_.handle_datagram(packet, now);
  if (kind != PacketKind::rtp || !receiver_) return;
  const auto size = receiver_->unprotect_rtp(packet);
  const auto rtp = size ? RtpPacketView::parse(packet.first(*size)) : RtpError::truncated;
  if (rtp) ++received_[rtp->ssrc()];
}

void FullIceClient::drain_dtls() {
  while (const auto datagram = dtls_.poll_datagram()) agent_.send(*datagram);
  if (dtls_.state() != DtlsState::connected || sender_) return;
  const auto keys = dtls_.take_srtp_keys();
  if (!keys) return;
  sender_.emplace(SrtpSender::create(keys->profile, keys->local).value());
  receiver_.emplace(SrtpReceiver::create(keys->profile, keys->remote).value());
}

ConnectOptions FullIceClient::connect_options() const {
  ConnectOptions options{
      .dtls_parameters = dtls_parameters(client_context()),
      .ice_parameters = IceParameters{.username_fragment = local_->ufrag, .password = local_->pwd, .ice_lite = false},
      .ice_candidates = {}};
  for (const IceCandidateInfo& info : candidates_) {
    options.ice_candidates.push_back({.foundation = info.foundation,
                                      .priority = info.priority,
                                      .ip = info.ip,
                                      .address = info.ip,
                                      .protocol = info.protocol,
                                      .port = info.port,
                                      .type = info.type,
                                      .tcp_type = info.tcp_type});
  }
  return options;
}

void FullIceClient::set_remote(const Transport& transport) {
  std::vector<IceCandidateInfo> candidates;
  for (const IceCandidate& candidate : transport.ice_candidates()) {
    candidates.push_back({.foundation = candidate.foundation,
                          .priority = candidate.priority,
                          .ip = candidate.ip,
                          .port = candidate.port,
                          .type = candidate.type});
  }
  agent_.set_remote({transport.ice_parameters().username_fragment, transport.ice_parameters().password},
                    std::move(candidates));
}

bool FullIceClient::send_audio(Ssrc ssrc) {
  if (!sender_) return false;
  std::array<std::uint8_t, 256> buffer{};
  const std::array<std::uint8_t, 40> payload{0x78};
  ++sequence_;
  const RtpHeader header{.marker = false,
                         .payload_type = PayloadType{kOpus},
                         .sequence = RtpSequence{sequence_},
                         .timestamp = RtpTimestamp{sequence_ * 960U},
                         .ssrc = ssrc};
  const auto size = write_rtp(buffer, header, {}, payload);
  const auto protected_size = size ? sender_->protect_rtp(buffer, *size) : SrtpError::too_large;
  return protected_size && agent_.send(Bytes{buffer}.first(*protected_size));
}

std::size_t FullIceClient::count_of(Ssrc ssrc) const {
  const auto found = received_.find(ssrc);
  return found == received_.end() ? 0 : found->second;
}

void FullIceClient::close() {
  dtls_.close();
  drain_dtls();
}

}  // namespace sluice::test
