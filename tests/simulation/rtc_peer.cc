#include "tests/simulation/rtc_peer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/media/ice/packet_kind.h"
#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtp/rtp_packet.h"

namespace sluice::simulation {
namespace {

// RFC 8445 section 5.1.2.1: a host candidate of the only component.
constexpr std::uint32_t kHostPriority = 126U << 24 | 65'535U << 8 | 255U;

}  // namespace

RtcPeer::RtcPeer(const DtlsContext& context, Config config, RtcPeerPort& port)
    : config_{std::move(config)}, port_{port}, dtls_{context} {}

void RtcPeer::start(Instant now) { check(now); }

void RtcPeer::check(Instant now) {
  send_check();
  next_check_ = now + (path_is_checked() ? config_.consent_interval : config_.check_interval);
}

void RtcPeer::restart_ice(IceCredentials local, IceCredentials remote, Instant now) {
  config_.local = std::move(local);
  config_.remote = std::move(remote);
  check(now);
}

StunTransactionId RtcPeer::next_transaction() noexcept {
  StunTransactionId id{};
  std::uint64_t number = config_.seed << 32 | counters_.checks_sent;
  for (std::uint8_t& byte : id) {
    number = number * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<std::uint8_t>(number >> 56);
  }
  return id;
}

void RtcPeer::send_check() {
  const std::string username = config_.remote.ufrag + ":" + config_.local.ufrag;
  const StunTransactionId id = next_transaction();
  checks_[counters_.checks_sent % kRememberedChecks] = id;
  ++counters_.checks_sent;
  port_.send_datagram(write_binding_request({.transaction_id = id,
                                             .username = username,
                                             .password = config_.remote.pwd,
                                             .priority = kHostPriority,
                                             .ice_controlling = config_.seed,
                                             .use_candidate = true},
                                            out_));
}

bool RtcPeer::is_ours(const StunTransactionId& id) const noexcept {
  return std::ranges::find(checks_, id) != checks_.end();
}

void RtcPeer::handle_stun(Bytes datagram, Instant now) {
  const auto message = StunMessage::parse(datagram);
  if (!message) return;
  if (message->message_class() == StunClass::request) return answer_check(*message, now);
  if (!is_ours(message->transaction_id())) return;
  if (message->message_class() == StunClass::error) ++counters_.check_errors;
  if (message->message_class() != StunClass::success) return;
  if (message->check_integrity(config_.remote.pwd) != StunIntegrity::valid) return;

  ++counters_.checks_answered;
  mapped_ = message->xor_mapped_address();
  if (next_check_) next_check_ = now + config_.consent_interval;
  start_dtls(now);
}

void RtcPeer::start_dtls(Instant now) {
  if (dtls_.state() != DtlsState::created || !path_is_checked()) return;
  if (config_.await_check && counters_.remote_checks == 0) return;
  static_cast<void>(dtls_.start(config_.role, config_.remote_fingerprints, now));
  drain_dtls();
}

void RtcPeer::answer_check(const StunMessage& check, Instant now) {
  if (!config_.answer_checks_of || check.check_integrity(config_.local.pwd) != StunIntegrity::valid) return;
  port_.send_datagram(write_binding_success(check, *config_.answer_checks_of, config_.local.pwd, out_));
  ++counters_.remote_checks;
  start_dtls(now);
}

void RtcPeer::handle_datagram(Bytes datagram, Instant now) {
  switch (classify(datagram)) {
    case PacketKind::stun:
      return handle_stun(datagram, now);
    case PacketKind::dtls:
      dtls_.handle_datagram(datagram, now);
      return drain_dtls();
    case PacketKind::rtp:
    case PacketKind::rtcp:
      return handle_media(datagram, now);
    case PacketKind::turn_channel:
    case PacketKind::zrtp:
    case PacketKind::unknown:
      ++counters_.malformed;
  }
}

void RtcPeer::handle_media(Bytes datagram, Instant now) {
  if (!receiver_ || datagram.size() > in_.size()) {
    ++counters_.rejected;
    return;
  }
  std::ranges::copy(datagram, in_.begin());
  const MutableBytes packet = MutableBytes{in_}.first(datagram.size());
  const bool rtcp = is_rtcp(datagram);
  const auto size = rtcp ? receiver_->unprotect_rtcp(packet) : receiver_->unprotect_rtp(packet);
  if (!size) {
    ++counters_.rejected;
    return;
  }
  if (rtcp) {
    const auto compound = RtcpCompound::parse(packet.first(*size));
    compound ? port_.on_rtcp(*compound, now) : static_cast<void>(++counters_.malformed);
  } else {
    const auto view = RtpPacketView::parse(packet.first(*size));
    view ? port_.on_rtp(*view, now) : static_cast<void>(++counters_.malformed);
  }
}

void RtcPeer::drain_dtls() {
  while (const auto datagram = dtls_.poll_datagram()) port_.send_datagram(*datagram);
  if (dtls_.state() != DtlsState::connected || sender_) return;
  const auto keys = dtls_.take_srtp_keys();
  if (!keys) return;
  sender_.emplace(SrtpSender::create(keys->profile, keys->local).value());
  receiver_.emplace(SrtpReceiver::create(keys->profile, keys->remote).value());
}

void RtcPeer::handle_timeout(Instant now) {
  if (next_check_ && now >= *next_check_) check(now);
  const auto dtls = dtls_.next_timeout();
  if (!dtls || now < *dtls) return;
  dtls_.handle_timeout(now);
  drain_dtls();
}

std::optional<Instant> RtcPeer::next_timeout() const noexcept {
  const auto dtls = dtls_.next_timeout();
  if (!dtls || !next_check_) return dtls ? dtls : next_check_;
  return std::min(*dtls, *next_check_);
}

void RtcPeer::close() {
  dtls_.close();
  drain_dtls();
}

bool RtcPeer::send_rtp(const RtpHeader& header, std::span<const ExtensionElement> extensions, Bytes payload) {
  if (!sender_) return false;
  const auto size = write_rtp(out_, header, extensions, payload);
  if (size) port_.on_sending_rtp(Bytes{out_}.first(*size));
  const auto protected_size = size ? sender_->protect_rtp(out_, *size) : SrtpError::too_large;
  if (protected_size) port_.send_datagram(Bytes{out_}.first(*protected_size));
  return protected_size.has_value();
}

bool RtcPeer::send_rtp(Bytes packet) {
  if (!sender_ || packet.size() > out_.size()) return false;
  std::ranges::copy(packet, out_.begin());
  const auto size = sender_->protect_rtp(out_, packet.size());
  if (size) port_.send_datagram(Bytes{out_}.first(*size));
  return size.has_value();
}

bool RtcPeer::send_rtcp(Bytes compound) {
  if (!sender_ || compound.size() > out_.size()) return false;
  std::ranges::copy(compound, out_.begin());
  const auto size = sender_->protect_rtcp(out_, compound.size());
  if (size) port_.send_datagram(Bytes{out_}.first(*size));
  return size.has_value();
}

}  // namespace sluice::simulation
