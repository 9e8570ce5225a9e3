#include "tests/simulation/simulated_peer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/byte_writer.h"
#include "core/media/ice/packet_kind.h"
#include "core/media/layers/vp8_layers.h"
#include "core/media/rtcp/rtcp_extended_report.h"

namespace sluice::simulation {
namespace {

constexpr std::uint16_t kPort = 5000;
constexpr Ssrc kReceiverSsrc{0x0eceeee};

}  // namespace

SocketAddress to_socket_address(Address address) noexcept {
  const std::uint32_t value = address.value();
  return SocketAddress::ipv4({10, static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
                              static_cast<std::uint8_t>(value)},
                             kPort);
}

Address to_simulated_address(const SocketAddress& address) noexcept {
  const Bytes ip = address.ip_bytes();
  return ip.size() == 4 ? Address{ByteReader{ip.subspan(1)}.u24()} : Address{};
}

bool ReceivedRtp::starts_keyframe() const { return Vp8Layers{}.read(view().payload(), false).keyframe; }

SimulatedPeer::SimulatedPeer(SimulatedNetwork& network, Address own, Address gateway, const DtlsContext& context,
                             RtcPeer::Config config)
    : peer{context, std::move(config), *this}, network_{network}, own_{own}, gateway_{gateway} {
  attach();
}

SimulatedPeer::~SimulatedPeer() { network_.detach(own_); }

void SimulatedPeer::attach() {
  network_.attach(own_, {.handle_datagram =
                             [this](Address, Bytes datagram, Instant now) {
                               ++datagrams_received;
                               peer.handle_datagram(datagram, now);
                             },
                         .next_timeout = [this] { return next_timeout(); },
                         .handle_timeout = [this](Instant now) { handle_timeout(now); }});
}

std::optional<Instant> SimulatedPeer::next_timeout() const {
  const auto own = peer.next_timeout();
  const auto of_receiver = receiver_ && peer.can_send() ? receiver_->next_timeout() : std::nullopt;
  if (!own || !of_receiver) return own ? own : of_receiver;
  return std::min(*own, *of_receiver);
}

void SimulatedPeer::handle_timeout(Instant now) {
  const auto due = peer.next_timeout();
  if (due && now >= *due) peer.handle_timeout(now);
  for (bool more = receiver_ && peer.can_send(); more;) {
    std::array<std::uint8_t, 1200> buffer;
    RtcpBuilder compound{buffer};
    more = receiver_->poll_rtcp(compound, now) && peer.send_rtcp(compound.bytes());
  }
}

ReceiverModel& SimulatedPeer::receive(const ReceiverModel::Config& config) { return receiver_.emplace(config); }

void SimulatedPeer::move_to(Address address) {
  network_.detach(own_);
  own_ = address;
  attach();
}

void SimulatedPeer::send_datagram(Bytes datagram) {
  if (keep_sent) datagrams_sent.emplace_back(datagram.begin(), datagram.end());
  if (classify(datagram) == PacketKind::rtp) retransmitter_.on_protected(datagram);
  network_.send(own_, gateway_, datagram);
}

void SimulatedPeer::on_rtp(const RtpPacketView& packet, Instant now) {
  if (receiver_) receiver_->on_rtp(packet, now);
  if (!keep_received) return;
  const Bytes bytes = packet.bytes();
  rtp.push_back({.bytes = {bytes.begin(), bytes.end()}, .at = now});
}

void SimulatedPeer::on_rtcp(const RtcpCompound& compound, Instant now) {
  for (const RtcpBlock& block : compound) {
    if (const auto report = ReceiverReport::parse(block)) {
      for (const ReportBlock& entry : report->reports) reports_.push_back(entry);
    } else if (const auto sender = SenderReport::parse(block)) {
      sender_reports_.push_back({.ssrc = sender->sender, .info = sender->info, .at = now});
      if (receiver_) receiver_->on_sender_report(sender->sender, sender->info, now);
    } else if (block.type == RtcpType::extended_report) {
      answer_reference_time(block);
    } else {
      note_feedback(block, now);
    }
  }
}

// RFC 3611 section 4.5, at once, as libwebrtc's senders do with their next report.
void SimulatedPeer::answer_reference_time(const RtcpBlock& block) {
  const auto report = ExtendedReport::parse(block);
  if (!report || !report->reference_time) return;
  std::array<std::uint8_t, 24> buffer;
  ByteWriter out{buffer};
  out.u8(kRtpVersion << 6);
  out.u8(static_cast<std::uint8_t>(RtcpType::extended_report));
  out.u16(5);
  out.u32(kReceiverSsrc.value());
  out.u8(5);  // DLRR
  out.u8(0);
  out.u16(3);
  out.u32(report->sender.value());
  out.u32(compact(*report->reference_time).value());
  out.u32(0);
  static_cast<void>(peer.send_rtcp(out.written()));
}

void SimulatedPeer::note_feedback(const RtcpBlock& block, Instant now) {
  const auto feedback = Feedback::parse(block);
  if (!feedback) return;
  if (feedback->kind == FeedbackKind::nack) {
    for (const NackItem& item : nack_items(*feedback)) {
      for_each_lost(item, [&](RtpSequence lost) {
        asked_again_.push_back({.ssrc = feedback->media, .sequence = lost, .at = now});
      });
    }
    retransmitter_.on_nack(
        *feedback, [this](Bytes packet) { static_cast<void>(peer.send_rtp(packet)); },
        [this](Bytes datagram) { network_.send(own_, gateway_, datagram); });
  }
  if (feedback->kind == FeedbackKind::pli) keyframe_requests_.push_back({.ssrc = feedback->media, .at = now});
  if (feedback->kind != FeedbackKind::fir) return;
  for (const FirEntry& entry : fir_entries(*feedback)) keyframe_requests_.push_back({.ssrc = entry.ssrc, .at = now});
}

std::vector<ReceivedRtp> SimulatedPeer::rtp_of(Ssrc ssrc) const {
  std::vector<ReceivedRtp> found;
  std::ranges::copy_if(rtp, std::back_inserter(found),
                       [ssrc](const ReceivedRtp& packet) { return packet.view().ssrc() == ssrc; });
  return found;
}

std::vector<Instant> SimulatedPeer::keyframe_requests(Ssrc ssrc) const {
  std::vector<Instant> times;
  for (const KeyframeRequest& request : keyframe_requests_) {
    if (request.ssrc == ssrc) times.push_back(request.at);
  }
  return times;
}

std::optional<SenderInfo> SimulatedPeer::last_sender_report(Ssrc ssrc) const {
  const auto found = std::find_if(sender_reports_.rbegin(), sender_reports_.rend(),
                                  [ssrc](const HeardSenderReport& report) { return report.ssrc == ssrc; });
  return found == sender_reports_.rend() ? std::nullopt : std::optional{found->info};
}

void SimulatedPeer::send_receiver_report(Ssrc ssrc, std::uint8_t fraction_lost) {
  ReportBlock block{.ssrc = ssrc, .fraction_lost = fraction_lost};
  const auto heard = std::find_if(sender_reports_.rbegin(), sender_reports_.rend(),
                                  [ssrc](const HeardSenderReport& report) { return report.ssrc == ssrc; });
  if (heard != sender_reports_.rend()) {
    block.last_sender_report = compact(heard->info.ntp);
    block.delay_since_last_sender_report = to_compact_ntp(network_.now() - heard->at);
  }
  peer.send_rtcp_of([&](RtcpBuilder& out) {
    static_cast<void>(out.add_receiver_report(kReceiverSsrc, std::span{&block, 1}));
  });
}

void SimulatedPeer::forget_received() {
  rtp.clear();
  keyframe_requests_.clear();
  asked_again_.clear();
  sender_reports_.clear();
  reports_.clear();
}

}  // namespace sluice::simulation
